import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { QueryEvent } from "../serve/query-event.ts";
import { type MetricsSnapshot, registryOfAll } from "./metrics-snapshot.ts";
import { QueryCounters } from "./query-counters.ts";

/** What of the server is looked at when somebody collects metrics. */
export interface MetricsSources {
  readonly version: string;
  /** `node v20.20.2`. */
  readonly runtime: string;
  /** Answers of real servers that are kept. */
  readonly cache: { readonly octets: number; readonly maxOctets: number; readonly size: number };
  /** Questions to real servers that are under way. */
  readonly outstanding: () => number;
  /** Whether everything answers. */
  readonly isReady: () => boolean;
  /** Queries with octets behind their records. */
  readonly trailing: () => number;
  /** Replies to strangers that a limit held back, by what became of them. */
  readonly limited: () => Readonly<Record<"drop" | "slip", number>>;
  /** Bugs that were noticed and survived. */
  readonly faults: () => number;
  /** Processes that answer, and how often one had to be started again. */
  readonly workers: () => { readonly running: number; readonly restarts: number };
  /** The number of this process, where several answer. */
  readonly worker?: number;
}

/** How a reload ended. */
export type ReloadResult = "loaded" | "unchanged" | "failed";

/** Counts of what a server does, in the text format of Prometheus; names in the shape of CoreDNS's. */
export interface Metrics {
  record(event: QueryEvent): void;
  reloaded(result: ReloadResult): void;
  /** The model that is answered: its digest. */
  serving(digest: string): void;
  /** What this process counted. */
  snapshot(): Promise<MetricsSnapshot>;
  /** All of it, with what `others` counted added. */
  text(others?: readonly MetricsSnapshot[]): Promise<string>;
  readonly contentType: string;
}

/** Opens the counters. No label holds a client's address or a name that was asked. */
export function createMetrics(sources: MetricsSources): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const asked = new QueryCounters(registry);
  const reloads = new Counter({
    name: "privlink_reloads_total",
    help: "Reloads by how they ended.",
    labelNames: ["result"],
    registers: [registry],
  });
  const serving = new Gauge({
    name: "privlink_reload_version_info",
    help: "The model that is answered, by the digest of its files.",
    labelNames: ["hash"],
    registers: [registry],
  });
  openGauges(registry, sources);
  if (sources.worker !== undefined) openShare(registry, String(sources.worker), () => asked.count);
  for (const result of ["loaded", "unchanged", "failed"]) reloads.inc({ result }, 0);
  const snapshot = async (): Promise<MetricsSnapshot> => ({
    metrics: await registry.getMetricsAsJSON(),
    distributions: asked.distributions,
  });
  return {
    record: (event) => asked.record(event),
    reloaded: (result) => reloads.inc({ result }),
    serving: (hash) => {
      serving.reset();
      serving.set({ hash }, 1);
    },
    snapshot,
    async text(others = []) {
      const all = others.length === 0 ? registry : registryOfAll([await snapshot(), ...others]);
      return `${await all.metrics()}${asked.text(others.flatMap(({ distributions }) => distributions))}`;
    },
    contentType: registry.contentType,
  };
}

/** Numbers that are looked up when they are collected. */
function openGauges(
  registry: Registry,
  { version, runtime, cache, outstanding, isReady, trailing, limited, faults, workers }: MetricsSources,
): void {
  const gauge = (name: string, help: string, value: () => number, aggregator: "sum" | "first" = "sum"): void => {
    const one: Gauge = new Gauge({ name, help, registers: [registry], aggregator, collect: () => one.set(value()) });
  };
  const counter = (name: string, help: string, value: () => number): void => {
    const one: Counter = new Counter({
      name,
      help,
      registers: [registry],
      collect: () => {
        one.reset();
        one.inc(value());
      },
    });
  };
  gauge("privlink_ready", "Whether everything answers: 1 or 0.", () => (isReady() ? 1 : 0), "first");
  gauge("privlink_workers", "Processes that answer.", () => workers().running, "first");
  gauge("privlink_cache_entries", "Answers of real servers that are kept.", () => cache.size);
  gauge("privlink_cache_size_bytes", "Octets of answers of real servers that are kept.", () => cache.octets);
  gauge("privlink_cache_limit_bytes", "Octets of answers of real servers that may be kept.", () => cache.maxOctets);
  gauge("privlink_forward_outstanding_requests", "Questions to real servers that are under way.", outstanding);
  counter(
    "privlink_dns_trailing_octets_total",
    "Queries with octets behind their records, which are ignored.",
    trailing,
  );
  const heldBack: Counter = new Counter({
    name: "privlink_rate_limited_total",
    help: "Replies to strangers over the limit: not sent (drop), or cut short (slip).",
    labelNames: ["action"],
    registers: [registry],
    collect: () => {
      heldBack.reset();
      for (const [action, count] of Object.entries(limited())) heldBack.inc({ action }, count);
    },
  });
  counter("privlink_faults_total", "Bugs of privlink that were noticed and survived: the log has them.", faults);
  counter(
    "privlink_worker_restarts_total",
    "Processes that ended unasked and were started again.",
    () => workers().restarts,
  );
  new Gauge({
    name: "privlink_build_info",
    help: "The version, and what it runs on.",
    labelNames: ["version", "runtime"],
    registers: [registry],
    aggregator: "first",
  }).set({ version, runtime }, 1);
}

/** What part of the questions one of several processes has. */
function openShare(registry: Registry, worker: string, count: () => number): void {
  const share: Counter = new Counter({
    name: "privlink_worker_requests_total",
    help: "Questions by the process that answered, where there are several.",
    labelNames: ["worker"],
    registers: [registry],
    collect: () => {
      share.reset();
      share.inc({ worker }, count());
    },
  });
}
