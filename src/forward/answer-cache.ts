import { type DomainName, isAtOrBelow } from "../name/domain-name.ts";
import { aliasTarget } from "../record/rdata-wire.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { AskTerms, UpstreamQuestion } from "../resolve/upstream.ts";
import type { CacheRules } from "./cache-rules.ts";
import { aged, type GoodReply, lifetimeOf, octetsOf, stale } from "./reply-age.ts";

/** What the cache has for a question. */
export type Cached =
  | { readonly kind: "fresh"; readonly reply: GoodReply /** Most of its time is over. */; readonly isEnding: boolean }
  /** Past its time, and may be given where nothing better can be had in time. */
  | { readonly kind: "stale"; readonly reply: GoodReply }
  | { readonly kind: "none" };

/** One answer that is kept, for people. */
export interface CacheLine {
  /** The resolver that asked, and whom. */
  readonly asker: string;
  readonly servers: string;
  readonly name: DomainName;
  readonly type: number;
  readonly terms: AskTerms;
  /** For which client it is, where it is not for all. */
  readonly client: string;
  readonly outcome: GoodReply["outcome"]["kind"];
  /** Seconds that are left; below 0 for one past its time. */
  readonly secondsLeft: number;
  readonly octets: number;
}

/** Who asked, and whom: no answer is given to anybody else, nor for anybody else's. */
export interface CacheView {
  readonly asker: string;
  readonly servers: string;
}

/** Of a life an answer has so much left when it is ending. */
const ENDING = 1 / 10;
/** What an answer costs beside itself: its key, its place. */
const ENTRY_OCTETS = 350;

interface Entry {
  readonly view: CacheView;
  readonly wanted: Pick<UpstreamQuestion, "question" | "terms">;
  readonly client: string;
  readonly reply: GoodReply;
  readonly rules: CacheRules;
  /** Milliseconds. */
  readonly keptAt: number;
  readonly lifeMs: number;
  readonly octets: number;
  /** The reply as it is in the second `agedAt` after `keptAt`: the same for all who ask in it. */
  current: GoodReply;
  agedAt: number;
  /** Asked for since it was last in the way. */
  isUsed: boolean;
}

/**
 * Answers of real servers, each for one view alone: who asked whom, for which name and type, with DO and CD. Bounded by
 * octets: what has not been asked for since the last time round goes first. A pure structure; the clock is handed in, in
 * milliseconds.
 */
export class AnswerCache {
  private limit: number;
  /** In the order in which they come to be looked at when room is needed. */
  private readonly entries = new Map<string, Entry>();
  private readonly views = new Map<string, CacheView & { readonly prefix: string }>();
  private used = 0;
  private viewsEver = 0;
  /** Entries that deny a whole name. */
  private denials = 0;

  constructor(maxOctets: number) {
    this.limit = maxOctets;
  }

  get maxOctets(): number {
    return this.limit;
  }

  /** Has room for more octets from now on, or for fewer: then what has not been asked for goes. */
  resize(maxOctets: number): void {
    this.limit = maxOctets;
    this.makeRoom();
  }

  get octets(): number {
    return this.used;
  }

  get size(): number {
    return this.entries.size;
  }

  /**
   * The key of a question in a view: one text, the type last. `client` is whom the answer is for where it is not for all:
   * a text without `|`.
   */
  keyOf(
    asker: string,
    servers: string,
    { question, terms }: Pick<UpstreamQuestion, "question" | "terms">,
    client = "",
  ): string {
    const { name, type } = question;
    const flags = (terms.dnssecOk ? 1 : 0) | (terms.checkingDisabled ? 2 : 0);
    return `${this.viewOf(asker, servers).prefix}${flags} ${client}|${name.key} ${type}`;
  }

  /** What is kept for a question, or else of its name: one that does not exist has no data of any type (RFC 2308 §5). */
  find(key: string, now: number): Cached {
    const own = this.at(key, now);
    if (own.kind === "fresh" || this.denials === 0 || key.endsWith(DS_ENDING)) return own;
    const denied = this.at(withoutType(key), now);
    return denied.kind === "fresh" || own.kind === "none" ? denied : own;
  }

  private at(key: string, now: number): Cached {
    const entry = this.entries.get(key);
    if (entry === undefined) return NONE;
    entry.isUsed = true;
    const age = now - entry.keptAt;
    if (age < entry.lifeMs) {
      const seconds = Math.floor(age / 1000);
      if (seconds !== entry.agedAt) {
        entry.current = currentOf(entry, seconds);
        entry.agedAt = seconds;
      }
      return { kind: "fresh", reply: entry.current, isEnding: age >= endingAt(entry) };
    }
    if (age < entry.lifeMs + entry.rules.stale * 1000) return { kind: "stale", reply: stale(entry.reply) };
    this.remove(key, entry);
    return NONE;
  }

  /** Keeps a reply in place of the one that was there, unless it does not hold at all. */
  keep(
    key: string,
    wanted: UpstreamQuestion,
    servers: string,
    reply: GoodReply,
    rules: CacheRules,
    now: number,
    client = "",
  ): void {
    if (!rules.keep) return;
    const { asker, question, terms } = wanted;
    const isWhole = deniesWholeName(question, reply);
    // What came last says whether the name exists; what is kept of its types holds to its own end.
    if (this.denials > 0 && (isWhole || saysItExists(question, reply))) this.removeAt(withoutType(key));
    const lifeMs = lifetimeOf(reply, rules) * 1000;
    const octets = ENTRY_OCTETS + key.length * 2 + octetsOf(reply);
    if (lifeMs <= 0 || octets > this.limit) return;
    const view = this.viewOf(asker, servers);
    const place = { keptAt: now, lifeMs, octets, agedAt: NOT_YET, isUsed: false };
    const kept = {
      question: isWhole ? { name: question.name, type: EVERY_TYPE } : question,
      terms: { dnssecOk: terms.dnssecOk, checkingDisabled: terms.checkingDisabled },
    };
    this.removeAt(key);
    this.entries.set(isWhole ? withoutType(key) : key, {
      view,
      wanted: kept,
      client,
      reply,
      rules,
      current: reply,
      ...place,
    });
    this.used += octets;
    if (isWhole) this.denials += 1;
    this.makeRoom();
  }

  /** What is kept, in no order that means anything; of one name and the names below where one is given. */
  *list(now: number, below?: DomainName): Generator<CacheLine> {
    for (const { view, wanted, client, reply, keptAt, lifeMs, octets } of this.entries.values()) {
      const { name, type } = wanted.question;
      if (below !== undefined && !isAtOrBelow(name, below)) continue;
      const secondsLeft = Math.ceil((keptAt + lifeMs - now) / 1000);
      const { asker, servers } = view;
      const outcome = reply.outcome.kind;
      yield { asker, servers, name, type, terms: wanted.terms, client, outcome, secondsLeft, octets };
    }
  }

  /** Forgets every answer that speaks of the name or of one below: also as an alias or its target. Says how many. */
  flush(name: DomainName): number {
    return this.forget(({ wanted, reply }) => {
      const { aliases } = reply;
      const targets = aliases.filter(({ type }) => type === RecordTypes.CNAME).map(({ rdatas }) => rdatas[0]);
      const passed = targets.map((rdata) => (rdata === undefined ? wanted.question.name : aliasTarget(rdata)));
      return [wanted.question.name, ...passed].some((one) => isAtOrBelow(one, name));
    });
  }

  /** Forgets the answers of views that are not there any more. */
  retain(isThere: (view: CacheView) => boolean): number {
    for (const [key, view] of this.views) if (!isThere(view)) this.views.delete(key);
    return this.forget(({ view }) => !isThere(view));
  }

  private forget(isGone: (entry: Entry) => boolean): number {
    let count = 0;
    for (const [key, entry] of this.entries) {
      if (!isGone(entry)) continue;
      this.remove(key, entry);
      count += 1;
    }
    return count;
  }

  private viewOf(asker: string, servers: string): CacheView & { readonly prefix: string } {
    const key = `${asker}\n${servers}`;
    const known = this.views.get(key);
    if (known !== undefined) return known;
    this.viewsEver += 1;
    const view = { asker, servers, prefix: `${this.viewsEver} ` };
    this.views.set(key, view);
    return view;
  }

  private makeRoom(): void {
    for (const [key, entry] of this.entries) {
      if (this.used <= this.limit) return;
      if (!entry.isUsed) this.remove(key, entry);
      else {
        entry.isUsed = false; // A second chance, at the end of the line.
        this.entries.delete(key);
        this.entries.set(key, entry);
      }
    }
  }

  private removeAt(key: string): void {
    const entry = this.entries.get(key);
    if (entry !== undefined) this.remove(key, entry);
  }

  private remove(key: string, entry: Entry): void {
    this.entries.delete(key);
    this.used -= entry.octets;
    if (entry.wanted.question.type === EVERY_TYPE) this.denials -= 1;
  }
}

/** The type of a denial that holds for all of them: ANY, which is never asked (SEMANTICS 28). */
const EVERY_TYPE = RecordTypes.ANY;
/** DS is asked of the zone above, which may deny a name that the zone below has (RFC 4035 §3.1.4.1). */
const DS_ENDING = ` ${RecordTypes.DS}`;

/** Types whose denial speaks of the name: resolvers that redirect what is missing do so for these, and deny the others. */
const NAME_TYPES: ReadonlySet<number> = new Set([RecordTypes.A, RecordTypes.AAAA, RecordTypes.CNAME]);

/**
 * Whether a reply says of the name asked that it does not exist. Not where an alias leads to the name that does not: the
 * alias itself is there. What lies below is asked all the same (Differs from RFC 8020 §2: as BIND, Unbound and dnsmasq do
 * for zones that are not signed, since servers deny empty non-terminals).
 */
function deniesWholeName({ type }: UpstreamQuestion["question"], { aliases, outcome }: GoodReply): boolean {
  return outcome.kind === "nxdomain" && aliases.length === 0 && NAME_TYPES.has(type);
}

/** Whether a reply says of the name asked that it exists. DS says it of the zone above alone. */
function saysItExists({ type }: UpstreamQuestion["question"], { aliases, outcome }: GoodReply): boolean {
  return (outcome.kind !== "nxdomain" || aliases.length > 0) && type !== RecordTypes.DS;
}

/** The key of all types of a name, out of one of them. */
function withoutType(key: string): string {
  return key.slice(0, key.lastIndexOf(" ") + 1);
}

/** An entry's reply has not been asked for yet. */
const NOT_YET = -1;

/** The age, in milliseconds, from which on an answer is ending. */
function endingAt({ lifeMs }: Entry): number {
  return lifeMs * (1 - ENDING);
}

/** The reply as it is in one second of its life, and how long it goes on so. */
function currentOf(entry: Entry, seconds: number): GoodReply {
  const { reply, rules, keptAt, lifeMs } = entry;
  // Somebody has to come by when it is ending, so that it is fetched anew.
  const until = keptAt + (rules.prefetch ? endingAt(entry) : lifeMs);
  const older = aged(reply, seconds, rules);
  if (entry.client !== "") return older; // Who asks decides what it is: nothing is made ready of it.
  return { ...older, marks: { ...older.marks, remembered: { since: keptAt, until } } };
}

const NONE: Cached = { kind: "none" };
