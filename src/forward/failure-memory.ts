import type { FailedTarget } from "../resolve/resolution.ts";
import type { UpstreamReply } from "../resolve/upstream.ts";

/** RFC 9520 §3.2: at least a second; longer would hide a server that was started again from whoever waits for it. */
const FAILURE_MS = 1000;
/** With a stale answer to give, servers are left alone for longer (RFC 8767 §5). */
const STALE_RECHECK_MS = 30_000;
const MAX_FAILURES = 10_000;

interface Kept {
  readonly until: number;
  readonly reply: UpstreamReply;
}

/** Questions that failed a moment ago: whoever asks again at once gets the same, and the servers are left alone. */
export class FailureMemory {
  private readonly kept = new Map<string, Kept>();

  find(key: string, now: number): UpstreamReply | undefined {
    const found = this.kept.get(key);
    if (found === undefined) return undefined;
    if (now < found.until) return found.reply;
    this.kept.delete(key);
    return undefined;
  }

  keep(key: string, targets: readonly FailedTarget[], now: number, hasStale: boolean): void {
    const remembered = targets.map((target) => ({ ...target, isRemembered: true as const }));
    const until = now + (hasStale ? STALE_RECHECK_MS : FAILURE_MS);
    this.kept.delete(key);
    this.kept.set(key, { until, reply: { kind: "failed", targets: remembered } });
    if (this.kept.size <= MAX_FAILURES) return;
    for (const [oldest] of this.kept) {
      this.kept.delete(oldest);
      return;
    }
  }

  clear(): void {
    this.kept.clear();
  }
}
