/**
 * One moment by which something must have happened. Moving it is cheap, because the timer behind it is only set again
 * when it rings too early; so it may be moved with every message.
 */
export class Deadline {
  private readonly expired: () => void;
  private timer: NodeJS.Timeout | undefined;
  private ringsAt = 0;
  private at = 0;

  constructor(expired: () => void) {
    this.expired = expired;
  }

  /** Moves the moment to `ms` from now. */
  set(ms: number): void {
    const now = performance.now();
    this.at = now + ms;
    if (this.timer === undefined || this.at < this.ringsAt) this.arm(now);
  }

  clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private arm(now: number): void {
    clearTimeout(this.timer);
    this.ringsAt = this.at;
    this.timer = setTimeout(() => this.ring(), Math.max(1, this.at - now));
  }

  private ring(): void {
    this.timer = undefined;
    const now = performance.now();
    if (now + 1 < this.at) this.arm(now);
    else this.expired();
  }
}
