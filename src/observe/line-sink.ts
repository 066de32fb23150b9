import { writeSync } from "node:fs";

/** Octets that may wait for a reader that does not keep up; lines that come then are lost, and counted. */
const MAX_WAITING = 1 << 20;
/** How often a reader that took nothing is tried again. */
const RETRY_MS = 20;
/** Octets that a pipe takes whole when others write to it, too: PIPE_BUF of Linux. */
const PIPE_OCTETS = 4096;

/** Takes what it can of some octets and says how many; throws what the system threw. */
export type TakeOctets = (octets: Uint8Array) => number;

/** Where lines go that nobody may wait for. */
export interface LineSink {
  /** Writes whole lines. Never throws, never waits. */
  write(this: void, lines: string): void;
  /** Lines that nobody got: their reader was too slow or has gone, or the disk was full. */
  readonly lost: number;
  /** Gives what waits one more chance, for so long at most, then forgets it. */
  close(this: void, withinMs?: number): Promise<void>;
}

/**
 * Lines on standard error, or wherever `take` puts them, at once as a rule. A reader that has stopped reading, a full disk or a
 * closed pipe cost lines and no answer: what cannot be written waits up to a bound, what is beyond it is counted, and
 * `lostLine` says how many are missing as soon as something is taken again.
 */
export function openLineSink(
  lostLine: (count: number) => string,
  take: TakeOctets = (octets) => writeSync(2, octets),
): LineSink {
  return new Sink(lostLine, take);
}

class Sink implements LineSink {
  lost = 0;
  private readonly lostLine: (count: number) => string;
  private readonly take: TakeOctets;
  /** What was not taken yet: whole lines, but for the part of the first that was. */
  private waiting: Uint8Array[] = [];
  private waitingOctets = 0;
  /** Octets of the first that were taken. */
  private taken = 0;
  /** Lines that are lost, and not told yet. */
  private untold = 0;
  /** What tells of some of them, perhaps on its way. */
  private notice: { readonly octets: Uint8Array; readonly count: number } | undefined;
  /** What was taken last ends within a line. */
  private isCut = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(lostLine: (count: number) => string, take: TakeOctets) {
    this.lostLine = lostLine;
    this.take = take;
  }

  readonly write = (lines: string): void => {
    for (const octets of portionsOf(Buffer.from(lines))) {
      if (this.waiting.length === 0) this.addNotice();
      // Once some are lost all are, until what came before them is taken: the notice stands where they are missing.
      if (this.untold > 0 || this.waitingOctets + octets.length > MAX_WAITING) this.lose(octets);
      else this.add(octets);
    }
    if (this.timer === undefined) this.drain();
  };

  readonly close = async (withinMs = 500): Promise<void> => {
    for (let left = withinMs; this.waiting.length > 0 && left > 0; left -= RETRY_MS) {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      this.drain();
    }
    clearTimeout(this.timer);
    this.forget();
  };

  private add(octets: Uint8Array): void {
    this.waiting.push(octets);
    this.waitingOctets += octets.length;
  }

  private addNotice(): void {
    if (this.untold === 0) return;
    this.notice = { octets: Buffer.from(this.lostLine(this.untold)), count: this.untold };
    this.add(this.notice.octets);
    this.untold = 0;
  }

  /** Writes until nothing waits, or no more is taken. */
  private drain(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    try {
      for (let first = this.waiting[0]; first !== undefined; first = this.waiting[0]) {
        if (this.isCut && this.take(Uint8Array.of(NEW_LINE)) === 0) return this.tryLater();
        this.isCut = false;
        const count = this.take(first.subarray(this.taken));
        this.taken += count;
        this.waitingOctets -= count;
        if (this.taken < first.length) return this.tryLater();
        this.waiting.shift();
        this.taken = 0;
        if (this.waiting.length === 0) this.addNotice();
      }
    } catch (error) {
      if (isBusy(error)) return this.tryLater();
      this.forget(); // The disk is full, or the reader has gone: the next line finds out whether that is still so.
    }
  }

  private tryLater(): void {
    this.timer = setTimeout(() => this.drain(), RETRY_MS).unref();
  }

  private forget(): void {
    if (this.taken > 0) this.isCut = true;
    for (const octets of this.waiting) {
      if (octets === this.notice?.octets) this.untold += this.notice.count;
      else this.lose(octets);
    }
    this.waiting = [];
    this.waitingOctets = 0;
    this.taken = 0;
  }

  private lose(octets: Uint8Array): void {
    const lines = octets.reduce((count, octet) => (octet === NEW_LINE ? count + 1 : count), 0);
    this.lost += lines;
    this.untold += lines;
  }
}

const NEW_LINE = 0x0a;

/** Whole lines, as many as a pipe takes at once; a line that is longer alone. */
function* portionsOf(lines: Buffer): Generator<Uint8Array> {
  for (let start = 0; start < lines.length; ) {
    const whole = lines.subarray(start, start + PIPE_OCTETS).lastIndexOf(NEW_LINE);
    const next = lines.indexOf(NEW_LINE, start);
    const end = whole !== -1 ? start + whole + 1 : next === -1 ? lines.length : next + 1;
    yield lines.subarray(start, end);
    start = end;
  }
}

/** Whether the reader has only not caught up yet. */
function isBusy(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "EAGAIN" || code === "EBUSY" || code === "EINTR";
}
