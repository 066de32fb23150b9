import type { Random } from "../client/ask.ts";
import { type AskFailure, type AskFailureKind, timedOut } from "../client/exchange.ts";
import type { FailedTarget } from "../resolve/resolution.ts";
import type { UpstreamReply } from "../resolve/upstream.ts";
import type { Alarm, Alarms } from "./alarms.ts";
import { readReply } from "./read-reply.ts";
import type { RealServer } from "./real-server.ts";
import type { GoodReply } from "./reply-age.ts";
import { type Errand, ServerTry, type TryEnd } from "./server-try.ts";

/** Of one question: how long each server has before the next one is asked, too. */
export interface InquirySettings {
  /** For a server whose round trip is not known. */
  readonly firstMs: number;
  /** At least and at most, for one whose round trip is. */
  readonly leastMs: number;
  readonly mostMs: number;
  /** How often each server is asked. */
  readonly rounds: number;
}

/** The first wait is shorter than that of clients, which ask again after some 2 to 5 s. */
const INQUIRY: InquirySettings = { firstMs: 800, leastMs: 200, mostMs: 1500, rounds: 2 };

/** A server that is taken for down from now on, and why; or that is back; or one that cannot prove its name, each time. */
export type ServerChange =
  | { readonly server: RealServer; readonly change: "untrusted"; readonly why: string }
  | { readonly server: RealServer; readonly change: "down"; readonly why: string }
  | { readonly server: RealServer; readonly change: "up" };

/** What an inquiry needs of the world. */
export interface InquiryParts {
  readonly random: Random;
  /** Milliseconds that only rise. */
  readonly now: () => number;
  /** Told when a server goes down and when it comes back. */
  readonly onChange?: (change: ServerChange) => void;
  readonly settings?: InquirySettings;
  readonly alarms: Alarms;
}

/** A server with what the model calls it. */
export interface NamedServer {
  readonly server: RealServer;
  readonly text: string;
}

/**
 * Puts one question to servers in their order: the first reply that says something of the name ends it. A server that does
 * not reply in its time is not given up, only joined by the next one: a late reply still counts. What is known to be down
 * is left out while there is another. Ends at `until` at the latest.
 */
export class Inquiry {
  private readonly wanted: Errand;
  private readonly until: number;
  private readonly parts: InquiryParts;
  private readonly done: (reply: UpstreamReply) => void;
  private readonly open = new Set<OpenTry>();
  private readonly servers: readonly NamedServer[];
  /** Why servers failed so far; nearly always there is nothing to say. */
  private failures: Map<NamedServer, FailedTarget> | undefined;
  /** Whom to ask next, in order; each as often as there are rounds. */
  private readonly queue: NamedServer[];
  private alarm: Alarm | undefined;
  private isOver = false;

  /** `done` is called once; perhaps before the constructor returns, when there is nobody to ask. */
  constructor(
    wanted: Errand,
    servers: readonly NamedServer[],
    until: number,
    parts: InquiryParts,
    done: (reply: UpstreamReply) => void,
  ) {
    this.wanted = wanted;
    this.servers = servers;
    this.until = until;
    this.parts = parts;
    this.done = done;
    const now = parts.now();
    const { rounds } = parts.settings ?? INQUIRY;
    const worth = servers.filter(({ server }) => server.health.mayAsk(now));
    // A server that is down is tried first when its time has come, and nobody waits for it alone.
    const down = worth.filter(({ server }) => server.health.isDown);
    const up = down.length === 0 ? worth : worth.filter(({ server }) => !server.health.isDown);
    this.queue = up.length === 0 ? down : [];
    if (up.length > 0) for (let round = 0; round < rounds; round++) this.queue.push(...up);
    if (up.length > 0) for (const named of down) this.ask(named);
    this.askNext();
  }

  /** Waits no longer: what has no reply by now has failed. */
  end(): void {
    if (!this.isOver) this.giveUp();
  }

  /** Nothing has come in time. */
  private onOverdue(last: NamedServer | undefined): void {
    const isWorthIt = last?.server.health.overdue() ?? true;
    if (!isWorthIt) this.drop(last);
    this.askNext();
  }

  private askNext(): void {
    const next = this.queue.shift();
    const left = this.until - this.parts.now();
    if (left <= 0 || (next === undefined && this.open.size === 0)) return this.giveUp();
    if (next !== undefined) this.ask(next);
    const wait = next === undefined || this.queue.length === 0 ? left : Math.min(left, this.patienceFor(next));
    this.parts.alarms.clear(this.alarm);
    this.alarm = this.parts.alarms.set(wait, () => this.onOverdue(next));
  }

  /** Some round trips, within bounds. */
  private patienceFor({ server }: NamedServer): number {
    const { firstMs, leastMs, mostMs } = this.parts.settings ?? INQUIRY;
    const { roundTripMs } = server.health;
    return roundTripMs === undefined ? firstMs : Math.min(mostMs, Math.max(leastMs, roundTripMs * 4));
  }

  private ask(named: NamedServer): void {
    const sentAt = this.parts.now();
    const open: OpenTry = {
      named,
      sentAt,
      attempt: new ServerTry(named.server, this.wanted, this.parts.random, (end) => this.after(open, end)),
    };
    this.open.add(open);
  }

  private after(open: OpenTry, end: TryEnd): void {
    this.open.delete(open);
    const { named, sentAt } = open;
    if (end.kind === "failed") this.told(open, end);
    else if (named.server.health.replied(this.parts.now() - sentAt))
      this.parts.onChange?.({ server: named.server, change: "up" });
    if (this.isOver) return;
    if (end.kind === "failed") {
      const network = isNetworkError(end.why) ? { isNetworkError: true as const } : {};
      this.note(named, { target: named.text, why: end.text, ...network });
      return this.leave(named);
    }
    const read = readReply(this.wanted.question, end.message, this.wanted.terms.dnssecOk);
    if (read.kind === "reply") return this.finish(end.scopeLength === 0 ? read : withScope(read, end.scopeLength));
    this.note(named, { target: named.text, why: read.why });
    this.leave(named);
  }

  private told(open: OpenTry, { why, text }: AskFailure): void {
    this.failed(open, text);
    if (why === "tls") this.parts.onChange?.({ server: open.named.server, change: "untrusted", why: text });
  }

  /** Asks a server no more, and the next one at once. */
  private leave(named: NamedServer): void {
    this.drop(named);
    this.askNext();
  }

  private drop(named: NamedServer | undefined): void {
    const others = this.queue.filter((one) => one !== named);
    this.queue.splice(0, this.queue.length, ...others);
  }

  private giveUp(): void {
    const waited = this.parts.now();
    for (const open of this.open) {
      const { text } = timedOut(Math.round(waited - open.sentAt));
      this.failed(open, text);
      this.note(open.named, { target: open.named.text, why: text });
    }
    const targets = this.servers.map((named) => this.failures?.get(named) ?? { target: named.text, why: "is down" });
    this.finish({ kind: "failed", targets });
  }

  private note(named: NamedServer, failed: FailedTarget): void {
    this.failures ??= new Map();
    this.failures.set(named, failed);
  }

  private failed({ named, sentAt }: OpenTry, why: string): void {
    if (named.server.health.failed(sentAt, this.parts.now()))
      this.parts.onChange?.({ server: named.server, change: "down", why });
  }

  private finish(reply: UpstreamReply): void {
    if (this.isOver) return;
    this.isOver = true;
    this.parts.alarms.clear(this.alarm);
    for (const open of this.open) this.stop(open, reply.kind === "reply");
    this.open.clear();
    this.done(reply);
  }

  /** Ends a try that is not waited for any more. One that looks whether a server is back goes on for a while. */
  private stop({ attempt, named, sentAt }: OpenTry, isAnswered: boolean): void {
    const { mostMs } = this.parts.settings ?? INQUIRY;
    if (isAnswered && named.server.health.isDown) this.parts.alarms.set(mostMs, () => attempt.cancel());
    else attempt.cancel();
    // Who was silent while another one answered has failed, too, once its time was over.
    const isOverdue = this.parts.now() - sentAt >= this.patienceFor(named);
    if (isAnswered && isOverdue) this.failed({ attempt, named, sentAt }, "gave no reply");
  }
}

/** A reply that holds for a part of the subnet that the server was told of. */
function withScope(reply: GoodReply, scopeLength: number): GoodReply {
  return { ...reply, marks: { ...reply.marks, scopeLength } };
}

interface OpenTry {
  readonly named: NamedServer;
  readonly sentAt: number;
  readonly attempt: ServerTry;
}

/** Whether there was no way to a server, as RFC 8914 §4.24 means it. */
function isNetworkError(why: AskFailureKind): boolean {
  switch (why) {
    case "refused-connection":
    case "unreachable":
    case "closed-connection":
    case "tls":
      return true;
    case "timeout":
    case "malformed-reply":
    case "local-address":
    case "system":
      return false;
  }
}
