import type { LabWorld } from "../lab/lab-world.ts";

/** The lab of the topology that was named. */
export interface Lab {
  readonly name: string;
  readonly world: LabWorld;
  /** How its topology is named behind `lab up`, with a space before it; nothing where it is the one at hand. */
  readonly flag: string;
  /** What the user calls the topology. */
  readonly file: string;
}

/** `1 place`, `2 places`. */
export function counted(count: number, noun: string, plural = "s"): string {
  return `${count} ${noun}${count === 1 ? "" : plural}`;
}
