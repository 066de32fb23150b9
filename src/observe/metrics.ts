import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { QueryEvent } from "../serve/query-event.ts";
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
}

/** How a reload ended. */
export type ReloadResult = "loaded" | "unchanged" | "failed";

/** Counts of what a server does, in the text format of Prometheus; names in the shape of CoreDNS's. */
export interface Metrics {
  record(event: QueryEvent): void;
  reloaded(result: ReloadResult): void;
  /** The model that is answered: its digest. */
  serving(digest: string): void;
  text(): Promise<string>;
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
  for (const result of ["loaded", "unchanged", "failed"]) reloads.inc({ result }, 0);
  return {
    record: (event) => asked.record(event),
    reloaded: (result) => reloads.inc({ result }),
    serving: (hash) => {
      serving.reset();
      serving.set({ hash }, 1);
    },
    text: async () => `${await registry.metrics()}${asked.text()}`,
    contentType: registry.contentType,
  };
}

/** Numbers that are looked up when they are collected. */
function openGauges(
  registry: Registry,
  { version, runtime, cache, outstanding, isReady, trailing }: MetricsSources,
): void {
  const gauge = (name: string, help: string, value: () => number): void => {
    const one: Gauge = new Gauge({ name, help, registers: [registry], collect: () => one.set(value()) });
  };
  gauge("privlink_ready", "Whether everything answers: 1 or 0.", () => (isReady() ? 1 : 0));
  gauge("privlink_cache_entries", "Answers of real servers that are kept.", () => cache.size);
  gauge("privlink_cache_size_bytes", "Octets of answers of real servers that are kept.", () => cache.octets);
  gauge("privlink_cache_limit_bytes", "Octets of answers of real servers that may be kept.", () => cache.maxOctets);
  gauge("privlink_forward_outstanding_requests", "Questions to real servers that are under way.", outstanding);
  const ignored: Counter = new Counter({
    name: "privlink_dns_trailing_octets_total",
    help: "Queries with octets behind their records, which are ignored.",
    registers: [registry],
    collect: () => {
      ignored.reset();
      ignored.inc(trailing());
    },
  });
  new Gauge({
    name: "privlink_build_info",
    help: "The version, and what it runs on.",
    labelNames: ["version", "runtime"],
    registers: [registry],
  }).set({ version, runtime }, 1);
}
