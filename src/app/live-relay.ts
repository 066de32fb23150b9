import { type LiveLine, type LiveWatch, liveLineOf } from "./live-queries.ts";

/** Lines wait at most this long, before they are sent together. */
const FLUSH_MS = 50;
/** Lines of one batch; what comes beyond is counted, and lost to those who watch. */
const MAX_LINES = 2000;

/** Sends lines to the process that has the readers; `sent` is called once they are on their way. */
export type SendLines = (lines: readonly LiveLine[], lost: number, sent: () => void) => void;

/** Tells another process of questions while somebody watches there. Never more waits than one batch. */
export class LiveRelay {
  private readonly send: SendLines;
  private isWatched = false;
  private onWatch: (isWatched: boolean) => void = () => undefined;
  private lines: LiveLine[] = [];
  private lost = 0;
  private isSending = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(send: SendLines) {
    this.send = send;
  }

  watch(isWatched: boolean): void {
    this.isWatched = isWatched;
    this.onWatch(isWatched);
  }

  /** What questions are written to. `onWatch` hears whether somebody watches, now and later. */
  tellingOf(onWatch: (isWatched: boolean) => void): LiveWatch {
    this.onWatch = onWatch;
    onWatch(this.isWatched);
    return {
      hasReaders: () => this.isWatched,
      write: (event) => {
        if (!this.isWatched) return;
        if (this.lines.length < MAX_LINES) this.lines.push(liveLineOf(event));
        else this.lost += 1;
        this.timer ??= setTimeout(() => this.flush(), FLUSH_MS);
      },
    };
  }

  private flush(): void {
    this.timer = undefined;
    if (this.isSending) {
      this.timer = setTimeout(() => this.flush(), FLUSH_MS);
      return;
    }
    const { lines, lost } = this;
    this.lines = [];
    this.lost = 0;
    this.isSending = true;
    this.send(lines, lost, () => {
      this.isSending = false;
    });
  }
}
