import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { publicReason } from "../explain/public-reason.ts";
import type { Forwarder } from "../forward/forwarder.ts";
import { SECRET_OCTETS } from "../message/server-cookie.ts";
import { formatAddressPort } from "../net/address.ts";
import type { Log } from "../observe/log.ts";
import type { Metrics } from "../observe/metrics.ts";
import type { QueryLog } from "../observe/query-log.ts";
import { type AnswerCounts, type AnswerParts, createAnswer } from "../serve/answer.ts";
import { type ListenerRequest, type ListenersFailure, openListeners } from "../serve/listeners.ts";
import type { ReadyStore } from "../serve/ready-store.ts";
import type { ResponseRates } from "../serve/response-rates.ts";
import type { SnapshotHolder } from "../snapshot/holder.ts";
import type { Listener } from "../topology/model.ts";
import { dailySecrets } from "./cookie-secrets.ts";
import { addressesOf, currentListener, openedListeners, possibleHere, proxiesOf, tellChange } from "./listening.ts";
import type { LiveQueries } from "./live-queries.ts";
import { oncePerPeer } from "./once-per-peer.ts";

/** What answering takes, and who is told of it. */
export interface AnsweringParts {
  readonly holder: SnapshotHolder;
  readonly log: Log;
  readonly queryLog: QueryLog | undefined;
  readonly metrics: Metrics | undefined;
  /** Absent without a control API. */
  readonly live: LiveQueries | undefined;
  readonly counts: AnswerCounts;
  readonly ready: ReadyStore;
  readonly rates: ResponseRates;
  readonly forwarder: Forwarder;
}

/** Where a server answers, which follows its model. */
export interface Answering {
  readonly kind: "answering";
  /** The listeners of the model, each with the address and port that it got. */
  open(this: void): readonly Listener[];
  /** Listens where these say and nowhere else; settles when everything new is open. Never rejects. */
  follow(this: void, listeners: readonly Listener[]): Promise<void>;
  /** Never rejects. */
  close(this: void, drainMs?: number): Promise<void>;
}

/** Opens the listeners of a model, each with what answers there, or none. Never rejects. */
export async function openAnswering(
  listeners: readonly Listener[],
  { version, id = hostname() }: { readonly version: string; readonly id?: string },
  { holder, log, queryLog, metrics, live, counts, ready, rates, forwarder }: AnsweringParts,
): Promise<Answering | ListenersFailure> {
  const onFault = (error: unknown): void =>
    log.error({ err: error }, "a bug in privlink kept a question from its answer; please report it");
  const shared = {
    snapshots: holder,
    ready,
    rates,
    ask: forwarder.ask,
    identity: { version: `privlink ${version}`, id },
    cookies: dailySecrets(() => randomBytes(SECRET_OCTETS), Date.now),
    counts,
    onFault,
    onIgnoredSubnet: oncePerPeer(({ address }) =>
      log.warn(`client subnet of ${address.text} ignored: list it under trust of the listener to believe it`),
    ),
    warningOf: (...found: Parameters<typeof publicReason>) => publicReason(...found)?.sentence,
    ...readersOf(queryLog, metrics, live),
  };
  const requestOf = (listener: Listener): ListenerRequest => ({
    at: listener.at,
    respond: createAnswer({ ...shared, listener: currentListener(holder, listener) }),
    ...proxiesOf(currentListener(holder, listener)),
  });
  let wanted = possibleAndTold(listeners, log);
  const opened = await openListeners({
    listeners: wanted.map(requestOf),
    onFault,
    onError: (error) => log.debug({ err: error }, "a reply could not be sent"),
    onChange: (change) => tellChange(log, change),
  });
  if (opened.kind === "failed") return opened;
  return {
    kind: "answering",
    open: () => openedListeners(wanted, opened.byRequest),
    async follow(next) {
      if (addressesOf(next) === addressesOf(listeners)) return;
      listeners = next;
      wanted = possibleAndTold(next, log);
      await opened.follow(wanted.map(requestOf));
    },
    close: (drainMs) => opened.close(drainMs),
  };
}

/** The listeners that this machine can have; tells of the others. */
function possibleAndTold(listeners: readonly Listener[], log: Log): readonly Listener[] {
  const { possible, without } = possibleHere(listeners);
  for (const { at } of without) log.warn(`${formatAddressPort(at)} is left out: this machine has no IPv6`);
  return possible;
}

/** Who is told of each question, and whether anybody wants to be. */
function readersOf(
  queryLog: QueryLog | undefined,
  metrics: Metrics | undefined,
  live: LiveQueries | undefined,
): Pick<AnswerParts, "onEvent" | "isWatched"> {
  const always = queryLog !== undefined || metrics !== undefined;
  if (!always && live === undefined) return {};
  return {
    onEvent: (event) => {
      metrics?.record(event);
      queryLog?.write(event);
      live?.write(event);
    },
    ...(always || live === undefined ? {} : { isWatched: live.hasReaders }),
  };
}
