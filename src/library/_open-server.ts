import { randomInt } from "node:crypto";
import { type AnsweringParts, openAnswering } from "../app/answering.ts";
import { countFaults } from "../app/faults.ts";
import { openRates } from "../app/limited-strangers.ts";
import { readVersion } from "../app/read-version.ts";
import { asksItself, followGeneration, openForwarder } from "../app/real-servers.ts";
import type { AddressPort } from "../net/address.ts";
import { createLog, type LogLevel } from "../observe/log.ts";
import { queryFields } from "../observe/query-fields.ts";
import type { ListenOverride } from "../project/override-topology.ts";
import type { QueryEvent } from "../serve/query-event.ts";
import { ReadyStore } from "../serve/ready-store.ts";
import { holdSnapshot } from "../snapshot/holder.ts";
import type { Listener } from "../topology/model.ts";
import { type Loaded, withListeners } from "./_load-source.ts";
import type { SeenQuery } from "./privlink.ts";

/** A server that answers. */
export interface OpenedServer {
  readonly kind: "open";
  /** Where it listens, and by which of the listeners asked for, by number: a wildcard opens several. */
  readonly places: readonly { readonly order: number; readonly at: AddressPort }[];
  readonly seen: SeenQueries;
  /** Answers from another model from now on; the sentence of why it cannot. */
  swap(loaded: Loaded): string | undefined;
  close(): Promise<void>;
}

/** Why there is none: a sentence without a full stop. */
export interface OpenProblem {
  readonly kind: "model-problem" | "listen-problem";
  readonly message: string;
}

/** The latest questions that were answered. */
export interface SeenQueries {
  list(): readonly SeenQuery[];
  forget(): void;
}

/** Opens a server on this thread, without watching files: who changes them says so. */
export async function openServer(
  loaded: Loaded,
  listen: readonly ListenOverride[],
  { queriesKept, log: level }: { readonly queriesKept: number; readonly log: LogLevel },
): Promise<OpenedServer | OpenProblem> {
  const snapshot = withListeners(loaded, listen);
  if (typeof snapshot === "string") return { kind: "model-problem", message: snapshot };
  const holder = holdSnapshot(snapshot);
  const log = createLog("text", level);
  const forwarder = openForwarder(holder, log);
  const { seen, write } = openSeenQueries(queriesKept);
  const parts: AnsweringParts = {
    holder,
    log,
    queryLog: { write, close: () => undefined },
    metrics: undefined,
    live: undefined,
    counts: { trailing: 0 },
    ready: new ReadyStore({ keepsResolutions: true, seed: randomInt(2 ** 32) }),
    rates: openRates(log),
    forwarder,
    faults: countFaults(log),
  };
  const asked = snapshot.topology.listeners;
  const answering = await openAnswering(asked, { version: readVersion() }, parts);
  if (answering.kind === "failed") {
    forwarder.close();
    return { kind: "listen-problem", message: answering.problems.map(({ text }) => text).join("; ") };
  }
  const close = async (): Promise<void> => {
    await answering.close();
    forwarder.close();
  };
  const open = answering.open().map(({ at }) => at);
  const itself = asksItself(snapshot, open);
  if (itself !== undefined) {
    await close();
    return { kind: "model-problem", message: itself };
  }
  return {
    kind: "open",
    places: answering
      .open()
      .map((listener) => ({ order: asked.findIndex((one) => isAlike(one, listener)), at: listener.at })),
    seen,
    swap(next) {
      const following = withListeners(next, listen);
      const problem = typeof following === "string" ? following : asksItself(following, open);
      if (problem !== undefined || typeof following === "string") return problem;
      holder.swap(following);
      followGeneration(forwarder, following);
      return undefined;
    },
    close,
  };
}

/** Whether two listeners answer as the same: one of them may be at the address that it got. */
function isAlike(one: Listener, other: Listener): boolean {
  return one.network === other.network && one.resolver === other.resolver && one.serves?.key === other.serves?.key;
}

/** Keeps the latest `most` questions. */
function openSeenQueries(most: number): { readonly seen: SeenQueries; readonly write: (event: QueryEvent) => void } {
  let events: SeenQuery[] = [];
  return {
    seen: {
      list: () => events.slice(Math.max(0, events.length - most)),
      forget() {
        events = [];
      },
    },
    write(event) {
      events.push(seenQuery(event));
      if (events.length >= 2 * most) events = events.slice(events.length - most);
    },
  };
}

function seenQuery(event: QueryEvent): SeenQuery {
  const { time: _, resolver, zone, ...seen } = queryFields(event);
  return { ...seen, ...(resolver === undefined ? {} : { resolver }), ...(zone === undefined ? {} : { zone }) };
}
