import { testOffline } from "../../src/expect/run-offline.ts";
import type { Snapshot } from "../../src/snapshot/snapshot.ts";

/** What does not hold of a topology's expectations, a line each; empty when all hold. */
export function unmet(snapshot: Snapshot): string[] {
  return testOffline(snapshot, snapshot.topology.expectations)
    .filter(({ verdict }) => verdict !== "met")
    .flatMap(({ from, name, faults, got }) =>
      (faults.length === 0 ? [{ expected: "an answer", got }] : faults).map(
        (fault) => `${from} asks ${name}: expected ${fault.expected}, got ${fault.got}`,
      ),
    );
}
