/** Somebody who has work to do, bit by bit. */
export interface Worker {
  /** Whether much waits to be done: who has little goes first. */
  readonly hasBacklog: boolean;
  /** Works until a moment on the clock, and does one bit of work even after it. Says whether there is more to do now. */
  work(until: number): boolean;
}

/** What all of them take together before datagrams, accepts and timers have their turn: each waits no longer than that. */
const ROUND_MS = 1;
/** What of it those with little to do have, before those with much have the rest. */
const LITTLE_MS = 0.5;
/** What one of them takes before the next one has its turn. */
const TURN_MS = 0.25;

/**
 * Shares the thread among those who have work: who comes while there is time works at once; else each has a turn, in the order
 * in which they came, those with little to do before those with much, and the event loop goes round in between. So one
 * connection that asks without end, or a hundred that ask for what is costly, keep nobody else waiting for much longer
 * than a round.
 */
export class FairTurns {
  private readonly now: () => number;
  private readonly little = new Set<Worker>();
  private readonly much = new Set<Worker>();
  /** What was worked since the event loop last came by. */
  private spentMs = 0;
  private round: NodeJS.Immediate | undefined;

  /** `now`: milliseconds that only rise. */
  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  /** Lets the worker work at once, or in its turn. */
  want(worker: Worker): void {
    if (this.little.has(worker) || this.much.has(worker)) return;
    const queue = worker.hasBacklog ? this.much : this.little;
    const isNext = this.little.size === 0 && (queue === this.little || this.much.size === 0);
    const timeMs = queue === this.much || this.much.size === 0 ? ROUND_MS : LITTLE_MS;
    if (isNext && this.spentMs < timeMs) this.turnOf(worker);
    else queue.add(worker);
    this.round ??= setImmediate(() => this.goRound());
  }

  /** Whether a moment on the clock has come. */
  isOver(moment: number): boolean {
    return this.now() >= moment;
  }

  /** Forgets a worker that has nothing more to do. */
  leave(worker: Worker): void {
    this.little.delete(worker);
    this.much.delete(worker);
  }

  private goRound(): void {
    this.round = undefined;
    this.spentMs = 0;
    this.giveTurns(this.little, this.much.size > 0 ? LITTLE_MS : ROUND_MS);
    this.giveTurns(this.much, ROUND_MS);
    if (this.little.size + this.much.size > 0) this.round = setImmediate(() => this.goRound());
  }

  private giveTurns(queue: Set<Worker>, untilMs: number): void {
    for (const worker of queue) {
      if (this.spentMs >= untilMs) break;
      queue.delete(worker);
      this.turnOf(worker);
    }
  }

  private turnOf(worker: Worker): void {
    const start = this.now();
    const hasMore = worker.work(start + TURN_MS);
    this.spentMs += this.now() - start;
    if (hasMore) this.much.add(worker); // Behind the others.
  }
}
