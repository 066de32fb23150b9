import type { AskUpstream, UpstreamQuestion, UpstreamReply } from "../resolve/upstream.ts";
import type { RealServers } from "../snapshot/snapshot.ts";
import { Alarms } from "./alarms.ts";
import { AnswerCache, type Cached } from "./answer-cache.ts";
import type { CacheRules } from "./cache-rules.ts";
import { chooseOrder } from "./choose-order.ts";
import { FailureMemory } from "./failure-memory.ts";
import { Flight } from "./flight.ts";
import type { InquiryParts } from "./inquiry.ts";
import { withStale } from "./serve-stale.ts";
import { ServerBook, type ServerGroup } from "./server-book.ts";
import type { Errand } from "./server-try.ts";
import { keptLength, keptText, keptTexts, textOfTold, toldClient } from "./told-client.ts";

/** What asking real servers may cost. */
export interface ForwarderLimits {
  /** Octets of answers that are kept. */
  readonly cacheOctets: number;
  /** Different questions that wait for real servers; one more fails at once. */
  readonly outstanding: number;
  /** Clients that wait for them; one more gets SERVFAIL at once. */
  readonly waiting: number;
  /** How long a question may take where nobody says. */
  readonly patienceMs: number;
}

/** dig, glibc and Windows wait 5 s for a first reply: what comes later, nobody reads. */
export const FORWARDER_LIMITS: ForwarderLimits = {
  cacheOctets: 32 * 1024 * 1024,
  outstanding: 10_000,
  waiting: 20_000,
  patienceMs: 4500,
};

/** What a forwarder needs of the world around it. */
export interface ForwarderParts extends Omit<InquiryParts, "settings" | "alarms"> {
  /** How a resolver keeps answers, asked for each question: a reload may change it. */
  readonly rulesOf: (asker: string) => CacheRules;
  readonly limits?: Partial<ForwarderLimits>;
  /** PEM certificates to trust instead of the system's. */
  readonly authorities?: string;
}

/**
 * The port to real servers: what is known is answered at once; of the rest each question is under way once, however many
 * clients ask it. Every number of it is bounded. Close it when nobody asks any more.
 */
export class Forwarder {
  readonly cache: AnswerCache;
  private readonly parts: ForwarderParts & InquiryParts;
  private readonly limits: ForwarderLimits;
  private readonly book: ServerBook;
  private readonly failures: FailureMemory;
  private readonly flights = new Map<string, Flight>();
  private waiting = 0;

  constructor(parts: ForwarderParts) {
    this.parts = { ...parts, alarms: new Alarms() };
    this.limits = { ...FORWARDER_LIMITS, ...parts.limits };
    this.cache = new AnswerCache(this.limits.cacheOctets);
    this.book = new ServerBook(parts);
    this.failures = new FailureMemory();
  }

  /** Questions that are under way. */
  get outstanding(): number {
    return this.flights.size;
  }

  readonly ask: AskUpstream = (asked) => {
    const now = this.parts.now();
    const group = this.book.groupOf(asked.servers);
    const rules = this.parts.rulesOf(asked.asker);
    const { told } = asked.servers;
    const wanted = told === undefined ? asked : { ...asked, told: toldClient(told, asked.terms) };
    const key = this.keyOf(wanted, group);
    if (!rules.keep) return this.join(key, wanted, group, rules);
    const cached = this.known(key, wanted, group, now);
    if (cached.kind === "fresh") {
      if (cached.isEnding && rules.prefetch) this.fly(key, wanted, group, rules);
      return cached.reply;
    }
    const failed = this.failures.find(key, now);
    if (failed !== undefined) return cached.kind === "stale" ? cached.reply : failed;
    const reply = this.join(key, wanted, group, rules);
    return cached.kind === "stale" ? withStale(reply, cached.reply) : reply;
  };

  /** Keeps only what is of askers and servers that are still there. */
  retain(askers: ReadonlySet<string>, servers: Iterable<RealServers>): void {
    const texts = this.book.retain(servers);
    this.cache.retain((view) => askers.has(view.asker) && texts.has(view.servers));
  }

  /** Forgets what is known of a name and of those below, failures of all names included. Says how many answers. */
  flush(name: UpstreamQuestion["question"]["name"]): number {
    this.failures.clear();
    return this.cache.flush(name);
  }

  /** Ends what is under way as failed, and closes every socket. */
  close(): void {
    for (const flight of this.flights.values()) flight.end();
    this.book.close();
  }

  /** The reply of a flight, one that is under way already where there is one. */
  private join(key: string, wanted: Errand, group: ServerGroup, rules: CacheRules): ReturnType<AskUpstream> {
    const { waiting } = this.limits;
    if (this.waiting >= waiting) return tooMany(group, `${waiting} clients wait for real servers already`);
    const flight = this.fly(key, wanted, group, rules);
    if (!(flight instanceof Flight)) return flight;
    this.waiting += 1;
    flight.waiting += 1;
    return flight.reply;
  }

  /** The flight of a question: one that is under way, else a new one. */
  private fly(key: string, wanted: Errand, group: ServerGroup, rules: CacheRules): Flight | UpstreamReply {
    const known = this.flights.get(key);
    if (known !== undefined) return known;
    const { outstanding } = this.limits;
    if (this.flights.size >= outstanding) return tooMany(group, `${outstanding} questions are under way already`);
    const flight = new Flight();
    this.flights.set(key, flight);
    const servers = chooseOrder(group.servers, wanted.servers.order, this.parts.random);
    flight.start(wanted, servers, this.until(wanted), this.parts, (reply) => {
      this.flights.delete(key);
      this.waiting -= flight.waiting;
      this.keep(key, wanted, group, rules, reply);
    });
    return flight;
  }

  private keep(key: string, wanted: Errand, group: ServerGroup, rules: CacheRules, reply: UpstreamReply): void {
    if (!rules.keep) return;
    const now = this.parts.now();
    if (reply.kind === "failed") {
      const hasStale = this.known(key, wanted, group, now).kind === "stale";
      return this.failures.keep(key, reply.targets, now, hasStale);
    }
    const { told } = wanted;
    if (told === undefined) return this.cache.keep(key, wanted, group.text, reply, rules, now);
    const length = keptLength(told, reply.marks?.scopeLength ?? 0);
    if (length !== undefined && !group.scopeLengths.includes(length)) group.scopeLengths.push(length);
    const client = keptText(told, length);
    const place = this.cache.keyOf(wanted.asker, group.text, wanted, client);
    this.cache.keep(place, wanted, group.text, reply, rules, now, client);
  }

  /** The key of a question: another one for each client of which the servers are told something else. */
  private keyOf(wanted: Errand, group: ServerGroup): string {
    const client = wanted.told === undefined ? "" : textOfTold(wanted.told);
    return this.cache.keyOf(wanted.asker, group.text, wanted, client);
  }

  /** What is kept for a question: where servers are told of the client, what is good for it, and fresh rather than not. */
  private known(key: string, wanted: Errand, group: ServerGroup, now: number): Cached {
    const { told } = wanted;
    if (told === undefined) return this.cache.find(key, now);
    let best: Cached = { kind: "none" };
    for (const client of keptTexts(told, group.scopeLengths)) {
      const found = this.cache.find(this.cache.keyOf(wanted.asker, group.text, wanted, client), now);
      if (found.kind === "fresh") return found;
      if (best.kind === "none") best = found;
    }
    return best;
  }

  /** What is left of the client's patience, shared with the servers that are asked if these fail. */
  private until({ terms, alternatives }: UpstreamQuestion): number {
    const now = this.parts.now();
    const left = (terms.until ?? now + this.limits.patienceMs) - now;
    return now + left / (alternatives + 1);
  }
}

function tooMany({ servers }: ServerGroup, why: string): UpstreamReply {
  return { kind: "failed", targets: servers.map(({ text }) => ({ target: text, why })) };
}
