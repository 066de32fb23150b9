import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { FairTurns, type Worker } from "./fair-turns.ts";

/** The turn of one of them, in milliseconds; four are a round. */
const TURN_MS = 0.25;

/** Turns on a clock that moves only while somebody works, and what was done in each round of the event loop. */
function turnsOnAClock() {
  let now = 0;
  const turns = new FairTurns(() => now);
  const done: string[] = [];
  /** Somebody with so many bits of work, each of which takes so many turns or so much of one. */
  const worker = (name: string, bits: number, eachTurns: number): Worker => {
    let left = bits;
    return {
      get hasBacklog() {
        return left > 2;
      },
      work(until) {
        do {
          if (left === 0) return false;
          left -= 1;
          now += eachTurns * TURN_MS;
          done.push(name);
        } while (now < until);
        return left > 0;
      },
    };
  };
  const took = (): string => done.splice(0).join("");
  return { turns, worker, took, clock: () => now };
}

describe("who has work", () => {
  test("and comes while there is time works at once", () => {
    const { turns, worker, took } = turnsOnAClock();
    turns.want(worker("a", 2, 0.1));
    expect(took()).toBe("aa");
    turns.want(worker("b", 1, 0.1));
    expect(took()).toBe("b");
  });

  test("without end has one turn, then the others have theirs, and the event loop goes round after four", async () => {
    const { turns, worker, took } = turnsOnAClock();
    turns.want(worker("a", 100, 0.5));
    expect(took()).toBe("aa");
    for (const name of ["b", "c", "d", "e", "f"]) turns.want(worker(name, 4, 0.5));
    expect(took()).toBe(""); // There is somebody who waits: nobody overtakes.
    await nextTurn();
    expect(took()).toBe("aabbccdd");
    await nextTurn();
    expect(took()).toBe("eeffaabb");
    await nextTurn();
    expect(took()).toBe("ccddeeff");
    await nextTurn();
    expect(took()).toBe("aaaaaaaa");
  });

  test("and little of it goes before those with much, for half of the time", async () => {
    const { turns, worker, took } = turnsOnAClock();
    for (const name of ["a", "b", "c", "d"]) turns.want(worker(name, 100, 1));
    expect(took()).toBe("a");
    turns.want(worker("x", 1, 1));
    expect(took()).toBe("x");
    for (const name of ["y", "z", "w"]) turns.want(worker(name, 1, 1));
    expect(took()).toBe("");
    await nextTurn();
    expect(took()).toBe("yzab");
    await nextTurn();
    expect(took()).toBe("wcda");
  });

  test("that is costly does one bit in its turn, and many such do not make a round long", async () => {
    const { turns, worker, took, clock } = turnsOnAClock();
    for (const name of ["a", "b", "c", "d"]) turns.want(worker(name, 5, 3));
    expect(took()).toBe("a");
    const before = clock();
    await nextTurn();
    expect(took()).toBe("ab");
    expect(clock() - before).toBeLessThan((4 + 3) * TURN_MS);
  });

  test("and goes has no more turns; who asks twice has one", async () => {
    const { turns, worker, took } = turnsOnAClock();
    const leaves = worker("b", 9, 1);
    turns.want(worker("a", 3, 1));
    turns.want(leaves);
    turns.want(leaves);
    await nextTurn();
    expect(took()).toBe("aabab");
    turns.leave(leaves);
    await nextTurn();
    await nextTurn();
    expect(took()).toBe("");
  });
});
