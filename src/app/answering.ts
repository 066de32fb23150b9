import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { publicReason } from "../explain/public-reason.ts";
import type { Forwarder } from "../forward/forwarder.ts";
import { type CookieSecrets, SECRET_OCTETS } from "../message/server-cookie.ts";
import { formatAddressPort } from "../net/address.ts";
import type { Log } from "../observe/log.ts";
import type { Metrics } from "../observe/metrics.ts";
import type { QueryLog } from "../observe/query-log.ts";
import type { LoadedModel } from "../project/load-order.ts";
import { type AnswerCounts, type AnswerParts, createAnswer } from "../serve/answer.ts";
import type { OpenDatagrams } from "../serve/datagram-door.ts";
import { chooseEngine, type DatagramEngine } from "../serve/datagram-engines.ts";
import type { InheritedSockets } from "../serve/inherited-sockets.ts";
import { type ListenerRequest, type ListenersFailure, openListeners } from "../serve/listeners.ts";
import type { ReadyStore } from "../serve/ready-store.ts";
import type { ResponseRates } from "../serve/response-rates.ts";
import type { SnapshotHolder } from "../snapshot/holder.ts";
import type { Listener } from "../topology/model.ts";
import { rememberingWhy } from "./asked-now.ts";
import { dailySecrets } from "./cookie-secrets.ts";
import type { Faults } from "./faults.ts";
import { addressesOf, currentListener, openedListeners, possibleHere, proxiesOf, tellChange } from "./listening.ts";
import type { LiveWatch } from "./live-queries.ts";
import { oncePerPeer } from "./once-per-peer.ts";
import type { ServerUser } from "./server-user.ts";

/** What answering takes, and who is told of it. */
export interface AnsweringParts {
  readonly holder: SnapshotHolder;
  readonly log: Log;
  readonly queryLog: QueryLog | undefined;
  readonly metrics: Pick<Metrics, "record"> | undefined;
  /** Absent without a control API. */
  readonly live: LiveWatch | undefined;
  readonly counts: AnswerCounts;
  readonly ready: ReadyStore;
  readonly rates: ResponseRates;
  readonly forwarder: Forwarder;
  readonly faults: Pick<Faults, "inAnswer">;
  /** Sockets that were open before the program. */
  readonly inherited?: InheritedSockets | undefined;
}

/** Who a server is, and what it shares with others that answer at the same addresses. */
export interface AnsweringTerms {
  readonly version: string;
  readonly id?: string;
  /** Whom the process becomes once everything is open. */
  readonly user?: ServerUser;
  /** Secrets of server cookies; its own unless given. */
  readonly cookies?: () => CookieSecrets;
  /** Where each listener of the model is to be, which may say that any port will do; as it says unless given. */
  readonly ports?: readonly number[];
  /** Whether each process has a socket of its own at an address, and the system shares the clients out. */
  readonly sharesPorts?: boolean;
  /** Whether several processes answer at the same addresses, each with sockets of its own if its engine can do that. */
  readonly isOneOfSeveral?: boolean;
  /** What moves datagrams; `auto` unless said. `batched` only where it was found to be there. */
  readonly datagrams?: DatagramEngine;
  /** Whether others tell what becomes of addresses. */
  readonly isQuiet?: boolean;
}

/** Where a server answers, which follows its model. */
export interface Answering {
  readonly kind: "answering";
  /** The listeners of the model, each with the address and port that it got. */
  open(this: void): readonly Listener[];
  /** Listens where a model says, which has taken over, and nowhere else; settles when everything new is open. Never rejects. */
  follow(this: void, model: LoadedModel, ports?: readonly number[]): Promise<void>;
  /** Never rejects. */
  close(this: void, drainMs?: number): Promise<void>;
}

/** Of several processes each has a datagram socket of its own where the engine sets SO_REUSEPORT itself, whatever Node can. */
function engineFor(wanted: DatagramEngine, isOneOfSeveral: boolean): OpenDatagrams {
  const { name, open } = chooseEngine(wanted);
  return name === "batched" && isOneOfSeveral ? (options) => open({ ...options, sharesPorts: true }) : open;
}

/** Opens the listeners of a model, each with what answers there, or none. Never rejects. */
export async function openAnswering(
  listeners: readonly Listener[],
  {
    version,
    id = hostname(),
    user,
    cookies,
    ports,
    sharesPorts = false,
    datagrams = "auto",
    isOneOfSeveral = false,
    isQuiet = false,
  }: AnsweringTerms,
  { holder, log, queryLog, metrics, live, counts, ready, rates, forwarder, faults, inherited }: AnsweringParts,
): Promise<Answering | ListenersFailure> {
  const onFault = faults.inAnswer;
  const shared = {
    snapshots: holder,
    ready,
    rates,
    ask: rememberingWhy(forwarder.ask),
    identity: { version: `privlink ${version}`, id },
    cookies: cookies ?? dailySecrets(() => randomBytes(SECRET_OCTETS), Date.now),
    counts,
    onFault,
    onIgnoredSubnet: oncePerPeer(({ address }) =>
      log.warn(`client subnet of ${address.text} ignored: list it under trust of the listener to believe it`),
    ),
    warningOf: (...found: Parameters<typeof publicReason>) => publicReason(...found)?.sentence,
    ...readersOf(queryLog, metrics, live),
  };
  let portOf = portsOf(listeners, ports);
  const requestOf = (listener: Listener): ListenerRequest => ({
    at: { address: listener.at.address, port: portOf(listener) },
    respond: createAnswer({ ...shared, listener: currentListener(holder, listener) }),
    ...proxiesOf(currentListener(holder, listener)),
  });
  let wanted = possibleAndTold(listeners, isQuiet ? undefined : log);
  const opened = await openListeners({
    listeners: wanted.map(requestOf),
    onFault,
    onError: (error) => log.debug({ err: error }, "a reply could not be sent"),
    onChange: (change) => {
      if (!isQuiet) tellChange(log, change, user);
    },
    sharesPorts,
    openDatagrams: engineFor(datagrams, isOneOfSeveral),
    ...(inherited === undefined ? {} : { inherited }),
  });
  if (opened.kind === "failed") return opened;
  log.debug({ engine: chooseEngine(datagrams).name }, "this engine moves datagrams");
  return {
    kind: "answering",
    open: () => openedListeners(wanted, opened.byRequest),
    async follow({ input }, nextPorts) {
      const next = input.topology.listeners;
      if (addressesOf(next) === addressesOf(listeners)) return;
      listeners = next;
      portOf = portsOf(next, nextPorts);
      wanted = possibleAndTold(next, isQuiet ? undefined : log);
      await opened.follow(wanted.map(requestOf));
    },
    close: (drainMs) => opened.close(drainMs),
  };
}

/** The port of each listener: as given in their order, else as it says. */
function portsOf(listeners: readonly Listener[], ports: readonly number[] = []): (listener: Listener) => number {
  const given = new Map(listeners.map((listener, i) => [listener, ports[i]]));
  return (listener) => given.get(listener) ?? listener.at.port;
}

/** The listeners that this machine can have; tells of the others. */
function possibleAndTold(listeners: readonly Listener[], log: Log | undefined): readonly Listener[] {
  const { possible, without } = possibleHere(listeners);
  for (const { at } of without) log?.warn(`${formatAddressPort(at)} is left out: this machine has no IPv6`);
  return possible;
}

/** Who is told of each question, and whether anybody wants to be. */
function readersOf(
  queryLog: QueryLog | undefined,
  metrics: AnsweringParts["metrics"],
  live: LiveWatch | undefined,
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
