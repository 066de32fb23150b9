/** Counts promises that have not settled, and tells when none is left. They must not reject. */
export class InFlight {
  private count = 0;
  private waiters: (() => void)[] = [];

  get size(): number {
    return this.count;
  }

  /** Calls `use` with what the promise gives; the promise counts until then. */
  follow<T>(promise: Promise<T>, use: (value: T) => void): void {
    this.count += 1;
    void promise.then((value) => {
      this.count -= 1;
      use(value);
      if (this.count === 0) for (const wake of this.waiters.splice(0)) wake();
    });
  }

  /** Resolves when nothing is in flight, or after `withinMs`. */
  settled(withinMs: number): Promise<void> {
    if (this.count === 0 || withinMs <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.waiters.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
