import { randomInt } from "node:crypto";
import type { LineSink } from "../observe/line-sink.ts";
import { createLog, type LogFormat, type LogLevel, openLogSink } from "../observe/log.ts";
import { createMetrics, type Metrics, type MetricsSources } from "../observe/metrics.ts";
import { openQueryLog } from "../observe/query-log.ts";
import type { AnswerCounts } from "../serve/answer.ts";
import type { DatagramEngine } from "../serve/datagram-engines.ts";
import { ReadyStore } from "../serve/ready-store.ts";
import { holdSnapshot } from "../snapshot/holder.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { AnsweringParts } from "./answering.ts";
import { countFaults, type Faults } from "./faults.ts";
import { openRates } from "./limited-strangers.ts";
import type { LiveWatch } from "./live-queries.ts";
import { openForwarder } from "./real-servers.ts";

/** What decides of the parts of a process that answers. */
export interface PartsTerms {
  readonly version: string;
  readonly runtime: string;
  readonly id?: string;
  readonly queryLog: boolean;
  readonly logFormat: LogFormat;
  readonly logLevel: LogLevel;
  readonly cacheOctets?: number;
  /** What moves datagrams. */
  readonly datagrams?: DatagramEngine;
  /** The number of the process, where there are several. */
  readonly number?: number;
  /** Whether somebody collects counters. */
  readonly counts: boolean;
}

/** The same for every process that answers, with what has to be closed at its end. */
export interface OwnParts extends AnsweringParts {
  readonly sink: LineSink;
  readonly faults: Faults;
  readonly metrics: Metrics | undefined;
}

/** What else a process knows: who watches, and what of it is counted. */
export interface PartsPorts<Live extends LiveWatch | undefined> {
  /** Opens who is told of questions; `onWatch` is to be told whether somebody looks. */
  readonly live: (onWatch: (isWatched: boolean) => void) => Live;
  /** Whether this process answers itself; else it keeps nothing either. */
  readonly answers: boolean;
  readonly isReady: MetricsSources["isReady"];
  readonly workers: MetricsSources["workers"];
}

/** Makes everything that answering takes, beside its sockets. */
export function openParts<Live extends LiveWatch | undefined>(
  snapshot: Snapshot,
  terms: PartsTerms,
  { live: openLive, answers, isReady, workers }: PartsPorts<Live>,
): OwnParts & { readonly live: Live } {
  const { logFormat, logLevel, version, runtime } = terms;
  const sink = openLogSink(logFormat);
  const log = createLog(logFormat, logLevel, sink, terms.number);
  const queryLog = terms.queryLog ? openQueryLog(logFormat, sink.write) : undefined;
  const holder = holdSnapshot(snapshot);
  const counts: AnswerCounts = { trailing: 0 };
  const faults = countFaults(log);
  const rates = openRates(log);
  const forwarder = openForwarder(holder, log, terms.cacheOctets);
  const sources: MetricsSources = {
    version,
    runtime,
    cache: answers ? forwarder.cache : { octets: 0, maxOctets: 0, size: 0 },
    outstanding: () => forwarder.outstanding,
    isReady,
    trailing: () => counts.trailing,
    limited: () => rates.counts,
    faults: () => faults.count,
    workers,
    ...(terms.number === undefined ? {} : { worker: terms.number }),
  };
  const metrics = terms.counts ? createMetrics(sources) : undefined;
  const keepsResolutions = queryLog !== undefined || metrics !== undefined;
  const ready = new ReadyStore({ keepsResolutions, seed: randomInt(2 ** 32) });
  const live = openLive((isWatched) => ready.keepResolutions(keepsResolutions || isWatched));
  return { sink, log, queryLog, holder, counts, faults, rates, forwarder, metrics, ready, live };
}

/** Closes what is open of them, and lets the log have what it still has to say. */
export async function closeParts({ forwarder, queryLog, counts, log, sink }: OwnParts): Promise<void> {
  forwarder.close();
  queryLog?.close();
  const { trailing } = counts;
  if (trailing > 0) log.info(`octets behind the records of ${trailing} queries were ignored`);
  await sink.close();
}
