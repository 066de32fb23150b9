/** Somebody who has work to do, bit by bit. */
export interface Worker {
  /** Works until a moment on the clock, and does one bit of work even after it. Says whether there is more to do now. */
  work(until: number): boolean;
}

/** What all of them take together before datagrams, accepts and timers have their turn: each waits no longer than that. */
const ROUND_MS = 4;
/** What one of them takes before the next one has its turn. */
const TURN_MS = 1;

/**
 * Shares the thread among those who have work: who comes while there is time works at once; else each has a turn, in the order
 * in which they came, and the event loop goes round in between. So one connection that asks without end, or a hundred that
 * ask for what is costly, keep nobody else waiting for longer than a round.
 */
export class FairTurns {
  private readonly now: () => number;
  private readonly waiting = new Set<Worker>();
  /** What was worked since the event loop last came by. */
  private spentMs = 0;
  private round: NodeJS.Immediate | undefined;

  /** `now`: milliseconds that only rise. */
  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  /** Lets the worker work at once, or in its turn. */
  want(worker: Worker): void {
    if (this.waiting.has(worker)) return;
    if (this.waiting.size > 0 || this.spentMs >= ROUND_MS) this.waiting.add(worker);
    else this.turnOf(worker);
    this.round ??= setImmediate(() => this.goRound());
  }

  /** Whether a moment on the clock has come. */
  isOver(moment: number): boolean {
    return this.now() >= moment;
  }

  /** Forgets a worker that has nothing more to do. */
  leave(worker: Worker): void {
    this.waiting.delete(worker);
  }

  private goRound(): void {
    this.round = undefined;
    this.spentMs = 0;
    for (const worker of this.waiting) {
      if (this.spentMs >= ROUND_MS) break;
      this.waiting.delete(worker);
      this.turnOf(worker); // Who has more to do comes in again behind the others.
    }
    if (this.waiting.size > 0) this.round = setImmediate(() => this.goRound());
  }

  private turnOf(worker: Worker): void {
    const start = this.now();
    const hasMore = worker.work(start + TURN_MS);
    this.spentMs += this.now() - start;
    if (hasMore) this.waiting.add(worker);
  }
}
