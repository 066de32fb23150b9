/** What waits longer is of no use any more: clients ask again after a second or two. */
const MAX_WAIT_MS = 500;
/** What Linux counts for a small datagram, its bookkeeping included; it grants the double of what is asked, for that. */
const OCTETS_ASKED_FOR_EACH = 768 / 2;
/** No shorter than what Linux has unless it is asked: 208 KiB, of which half is asked for. */
const LEAST_OCTETS = 104 * 1024;
/** Only where the event loop hardly ever waits does a queue stand: elsewhere a long one is for bursts, and does no harm. */
const BUSY_SHARE = 0.9;
/** Code that has answered fewer is not compiled yet: its answers take ten times as long as they will, and say nothing of them. */
const FIRST_DATAGRAMS = 5000;
/** Looked at after so many datagrams, and not more often than this. */
const LOOK_AFTER = 256;
const LOOK_EVERY_MS = 100;
/** A size that is as good as another is left alone. */
const NEAR = 1.25;

/** What has passed until now, in milliseconds. */
export interface Times {
  readonly now: number;
  /** Of it, the time in which the event loop did not wait. */
  readonly active: number;
}

export interface ReceiveQueueParts {
  /** The most octets that the queue may have. */
  readonly maxOctets: number;
  /** Has the system hold so many octets. */
  readonly resize: (octets: number) => void;
  readonly times?: () => Times;
}

/**
 * Keeps the queue of datagrams in front of a socket as long as what is answered in half a second, by how fast answers were
 * a moment ago. So bursts are borne where answers are fast; and where more is asked than can be answered, what cannot be
 * answered in time is lost at the door, in place of all replies being late.
 */
export class ReceiveQueue {
  private readonly parts: ReceiveQueueParts;
  private readonly times: () => Times;
  private octets: number;
  private seen = 0;
  private since: Times;
  /** Datagrams up to the last look. */
  private judged = 0;

  constructor(parts: ReceiveQueueParts) {
    this.parts = parts;
    this.times = parts.times ?? loopTimes;
    this.since = this.times();
    this.octets = parts.maxOctets; // A program that has just started is slow, and what comes meanwhile is answered soon after.
  }

  /** Counts a datagram that was read. */
  count(): void {
    this.seen += 1;
    if (this.seen % LOOK_AFTER === 0) this.look();
  }

  private look(): void {
    const times = this.times();
    const { now, active } = this.since;
    if (times.now - now < LOOK_EVERY_MS) return;
    // While the loop works, it answers; if it does other things too, it answers so much less.
    const eachMs = (times.active - active) / this.seen;
    const isBusy = times.active - active >= BUSY_SHARE * (times.now - now);
    this.since = times;
    this.judged += this.seen;
    this.seen = 0;
    const fit = (MAX_WAIT_MS / eachMs) * OCTETS_ASKED_FOR_EACH;
    const octets = Math.round(Math.max(LEAST_OCTETS, Math.min(fit, this.parts.maxOctets)));
    const ratio = octets / this.octets;
    if ((ratio < NEAR && ratio > 1 / NEAR) || (ratio < 1 && (!isBusy || this.judged <= FIRST_DATAGRAMS))) return;
    this.octets = octets;
    this.parts.resize(octets);
  }
}

function loopTimes(): Times {
  const { active } = performance.eventLoopUtilization();
  return { now: performance.now(), active };
}
