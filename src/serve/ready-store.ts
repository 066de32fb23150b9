import type { Resolution } from "../resolve/resolution.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { ReadyReplies } from "./ready-replies.ts";

/** Replies in each half of the table where each holds what led to it: some kilobytes. */
const REPLIES_WITH_RESOLUTIONS = 1 << 14;

/** The ready replies of one generation of the model, shared by the listeners of a server. A swap starts anew. */
export class ReadyStore {
  replies: ReadyReplies;
  private keeps: boolean;
  readonly now: () => number;
  private readonly seed: number;
  private generation: Snapshot | undefined;
  private numbers = new Map<string, number>();

  /**
   * `keepsResolutions`: as the property, at first. `now`: the clock of whoever
   * asks real servers, in milliseconds. `seed`: 32 bits of chance, for `ReadyReplies`.
   */
  constructor({ keepsResolutions = false, now = (): number => performance.now(), seed = 0 } = {}) {
    this.keeps = keepsResolutions;
    this.now = now;
    this.seed = seed;
    this.replies = this.empty();
  }

  /** Whether somebody is told of each question, and of what led to its reply. */
  get keepsResolutions(): boolean {
    return this.keeps;
  }

  /** Forgets all that is not of this generation. */
  enter(snapshot: Snapshot): void {
    if (snapshot === this.generation) return;
    this.generation = snapshot;
    this.replies = this.empty();
    this.numbers = new Map();
  }

  /** Forgets every reply; the numbers stay. */
  clear(): void {
    this.replies = this.empty();
  }

  /** Says whether somebody is told of questions from now on: replies that were made for the other case are made anew. */
  keepResolutions(keeps: boolean): void {
    if (keeps === this.keeps) return;
    this.keeps = keeps;
    this.clear();
  }

  /** The number of one way to be answered, from 0. */
  numberOf(standing: string): number {
    const known = this.numbers.get(standing) ?? this.numbers.size;
    this.numbers.set(standing, known);
    return known;
  }

  /** What is kept beside a reply. */
  noteOf(resolution: Resolution): Resolution | undefined {
    return this.keeps ? resolution : undefined;
  }

  private empty(): ReadyReplies {
    return new ReadyReplies(this.keeps ? REPLIES_WITH_RESOLUTIONS : undefined, this.now, this.seed);
  }
}
