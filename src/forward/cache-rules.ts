/** How answers of real servers are kept by one resolver. Times in seconds. */
export interface CacheRules {
  /** Whether any are. */
  readonly keep: boolean;
  /** The longest that one is, whatever its TTL. */
  readonly maxTtl: number;
  /** The longest that a denial is. */
  readonly maxNegativeTtl: number;
  /** How long after its time an answer is given where no server replies (RFC 8767); 0 = never. */
  readonly stale: number;
  /** Whether an answer that is asked for near its end is fetched anew before it ends. */
  readonly prefetch: boolean;
}

/** RFC 8767 §4 and RFC 2308 §5: a week and some hours at most; less, so that a wrong answer does not outlive its day. */
export const CACHE_RULES: CacheRules = {
  keep: true,
  maxTtl: 86_400,
  maxNegativeTtl: 3600,
  stale: 0,
  prefetch: false,
};
