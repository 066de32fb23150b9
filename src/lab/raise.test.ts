import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LabMachineState, type LabTrouble, labMachine } from "../../test/support/lab-machine.ts";
import { loadText } from "../../test/support/memory-files.ts";
import { planLab } from "./plan.ts";
import { raiseLab } from "./raise.ts";
import { takeDownLab } from "./take-down.ts";

const SNAPSHOT = loadText(`networks:
  a: { kind: azure, prefixes: 10.0.0.0/16, hosts: { vm: 10.0.0.9 } }
  b: { kind: azure, prefixes: 10.0.0.0/16 }
  c: { kind: on-premises, prefixes: 10.1.0.0/16, dns: 9.9.9.9 }
`).snapshot;
const PLAN = planLab(SNAPSHOT, "aaaaaaaa", { hasIpv6: true, nsswitch: "hosts: files\n" });
const OTHER = planLab(SNAPSHOT, "bbbbbbbb", { hasIpv6: true });

const never = (): boolean => false;

/** A machine on which somebody has a namespace, a process in it, and another lab. */
async function machine(trouble: LabTrouble = {}) {
  const state: LabMachineState = {
    namespaces: new Map([["somebody", new Set(["link eth0"])]]),
    files: new Map([["/etc/netns/somebody/resolv.conf", "nameserver 10.0.0.1\n"]]),
    processes: new Map([[77, "somebody"]]),
  };
  await raiseLab(OTHER, labMachine(state), never);
  const world = labMachine(state, trouble);
  return { state, world, before: structuredClone(state) };
}

/** How often a lab touches the machine until it is up. */
async function touchesOfALab(): Promise<number> {
  const { world } = await machine();
  await raiseLab(PLAN, world, never);
  return world.touches();
}

describe("making a lab", () => {
  test("gives every place its namespace, and every server its process", async () => {
    const { state, world } = await machine();
    expect(await raiseLab(PLAN, world, never)).toEqual({ kind: "up" });
    expect([...state.namespaces.keys()]).toEqual(expect.arrayContaining(PLAN.places.map(({ namespace }) => namespace)));
    expect([...state.processes.values()]).toEqual(
      expect.arrayContaining(["privlink-aaaaaaaa-~dns1", "privlink-aaaaaaaa-~dns2"]),
    );
  });

  test("a second time it touches nothing and says that there is one", async () => {
    const { state, world } = await machine();
    await raiseLab(PLAN, world, never);
    const before = structuredClone(state);
    expect(await raiseLab(PLAN, world, never)).toMatchObject({ kind: "there" });
    expect(state).toEqual(before);
  });

  test("who comes second to the first namespace leaves the first one alone", async () => {
    const { state, world } = await machine();
    state.namespaces.set("privlink-aaaaaaaa-~dns1", new Set());
    const before = structuredClone(state);
    // As it is for somebody who looked before that namespace came.
    const late = {
      ...world,
      ip: async (args: readonly string[], input?: string) =>
        args[1] === "list" ? { code: 0, stdout: "", stderr: "" } : world.ip(args, input),
    };
    expect(await raiseLab(PLAN, late, never)).toMatchObject({ kind: "there" });
    expect(state).toEqual(before);
  });

  test.each([
    { trouble: { failsAt: 0 }, says: "namespace privlink-aaaaaaaa-~dns1 cannot be made: No space left on device" },
    {
      trouble: { failsAt: PLAN.steps.filter(({ kind }) => kind === "namespace").length },
      says: "ip -n privlink-aaaaaaaa-~dns1 link set lo up: RTNETLINK answers: No buffer space available",
    },
    {
      trouble: { lastWords: "privlink: port 53 of 168.63.129.16 is taken\n" },
      says: "the server of the lab ended:\nprivlink: port 53 of 168.63.129.16 is taken",
    },
  ])("what goes wrong is said: $says", async ({ trouble, says }) => {
    const { state, world, before } = await machine(trouble);
    expect(await raiseLab(PLAN, world, never)).toEqual({ kind: "failed", message: says });
    expect(state).toEqual(before);
  });

  test("law: whichever touch fails, nothing is left, and nobody else's is touched", async () => {
    const touches = await touchesOfALab();
    expect(touches).toBeGreaterThan(20);
    for (let failsAt = 0; failsAt < touches; failsAt++) {
      const { state, world, before } = await machine({ failsAt });
      expect((await raiseLab(PLAN, world, never)).kind, `touch ${failsAt}`).toBe("failed");
      expect(state).toEqual(before);
    }
  });

  test("law: whenever it is stopped, nothing is left", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(PLAN.steps.length), async (steps) => {
        const { state, world, before } = await machine();
        let looks = 0;
        expect((await raiseLab(PLAN, world, () => looks++ >= steps)).kind).toBe("stopped");
        expect(state).toEqual(before);
      }),
    );
  });
});

describe("taking a lab down", () => {
  test.each([
    { after: "it was made", trouble: {}, processes: 3 },
    { after: "a server stopped listening to signals", trouble: { isDeaf: true }, processes: 3 },
  ])("after $after nothing is left", async ({ trouble, processes }) => {
    const { state, world, before } = await machine(trouble);
    await raiseLab(PLAN, world, never);
    expect(await takeDownLab(PLAN.lab, world)).toEqual({ namespaces: 8, processes, problems: [] });
    expect(state).toEqual(before);
  });

  test("ends what somebody left running in it", async () => {
    const { state, world, before } = await machine();
    await raiseLab(PLAN, world, never);
    state.processes.set(99, "privlink-aaaaaaaa-a");
    expect(await takeDownLab(PLAN.lab, world)).toMatchObject({ processes: 4 });
    expect(state).toEqual(before);
  });

  test("takes away files that a crash left without their namespace", async () => {
    const { state, world, before } = await machine();
    state.files.set("/etc/netns/privlink-aaaaaaaa-a/resolv.conf", "");
    expect(await takeDownLab(PLAN.lab, world)).toMatchObject({ namespaces: 0 });
    expect(state).toEqual(before);
  });

  test("law: after a crash at any step nothing is left", async () => {
    for (let crashesAt = 0; crashesAt <= PLAN.steps.length; crashesAt++) {
      const { state, world, before } = await machine();
      await raiseLab({ ...PLAN, steps: PLAN.steps.slice(0, crashesAt) }, world, never);
      await takeDownLab(PLAN.lab, world);
      expect(state).toEqual(before);
    }
  });

  test("where there is none it does nothing", async () => {
    const { state, world, before } = await machine();
    expect(await takeDownLab(PLAN.lab, world)).toEqual({ namespaces: 0, processes: 0, problems: [] });
    expect(state).toEqual(before);
  });
});
