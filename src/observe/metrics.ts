import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { rcodeName } from "../message/rcodes.ts";
import { RecordTypes } from "../record/record-type.ts";
import { typeName } from "../record/type-names.ts";
import { lastSource } from "../resolve/last-source.ts";
import type { Resolution } from "../resolve/resolution.ts";
import type { QueryEvent } from "../serve/query-event.ts";
import { addDistribution, type DistributionData, type MetricsSnapshot, registryOfAll } from "./metrics-snapshot.ts";

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

/** Types that have a label of their own; the others are `other`, so that nobody fills the memory by asking. */
const LABELLED_TYPES: ReadonlySet<number> = new Set([
  RecordTypes.A,
  RecordTypes.AAAA,
  RecordTypes.CNAME,
  RecordTypes.HTTPS,
  RecordTypes.MX,
  RecordTypes.NS,
  RecordTypes.PTR,
  RecordTypes.SOA,
  RecordTypes.SRV,
  RecordTypes.SVCB,
  RecordTypes.TXT,
]);

/** Seconds: a ready reply takes some microseconds, a real server up to five seconds. */
const DURATIONS = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.005, 0.025, 0.1, 0.5, 1, 2.5, 5];
const SIZES = [64, 128, 256, 512, 1232, 4096, 16_384, 65_535];

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
  { version, runtime, cache, outstanding, isReady, trailing, faults, workers }: MetricsSources,
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

/** What is counted of a question: labels by name. */
type Labels = Readonly<Record<string, string>>;

/**
 * Counts by label values, cheaply: a question adds to numbers in a map, and the counters of the registry are filled when they
 * are collected.
 */
class Tally {
  private readonly counts = new Map<string, { readonly labels: Labels; count: number }>();

  constructor(registry: Registry, name: string, help: string, labelNames: readonly string[]) {
    const counter: Counter = new Counter({
      name,
      help,
      labelNames,
      registers: [registry],
      collect: () => {
        counter.reset();
        for (const { labels, count } of this.counts.values()) counter.inc({ ...labels }, count);
      },
    });
  }

  add(key: string, labels: () => Labels): void {
    const entry = this.counts.get(key);
    if (entry === undefined) this.counts.set(key, { labels: labels(), count: 1 });
    else entry.count += 1;
  }
}

/** How a number is distributed, as a histogram of Prometheus without labels. */
class Distribution {
  private readonly name: string;
  private readonly help: string;
  private readonly bounds: readonly number[];
  /** Numbers at or below each bound and above the one before; the last are above all bounds. */
  private readonly counts: number[];
  private sum = 0;

  constructor(name: string, help: string, bounds: readonly number[]) {
    this.name = name;
    this.help = help;
    this.bounds = bounds;
    this.counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  add(value: number): void {
    let i = 0;
    while (i < this.bounds.length && value > (this.bounds[i] ?? 0)) i += 1;
    this.counts[i] = (this.counts[i] ?? 0) + 1;
    this.sum += value;
  }

  get count(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  get data(): DistributionData {
    return { name: this.name, counts: this.counts, sum: this.sum };
  }

  /** Those among `others` that have its name are added. */
  text(others: readonly DistributionData[]): string {
    const { name, help, bounds } = this;
    const { counts, sum } = others.filter((one) => one.name === name).reduce(addDistribution, this.data);
    let total = 0;
    const lines = bounds.map((bound, i) => {
      total += counts[i] ?? 0;
      return `${name}_bucket{le="${bound}"} ${total}\n`;
    });
    total += counts[bounds.length] ?? 0;
    const end = `${name}_bucket{le="+Inf"} ${total}\n${name}_sum ${sum}\n${name}_count ${total}\n`;
    return `\n# HELP ${name} ${help}\n# TYPE ${name} histogram\n${lines.join("")}${end}`;
  }
}

class QueryCounters {
  private readonly requests: Tally;
  private readonly responses: Tally;
  private readonly answers: Tally;
  private readonly forwarded: Tally;
  private readonly durations: Distribution;
  private readonly requestSizes: Distribution;
  private readonly responseSizes: Distribution;
  /** Ready replies bring the same resolution each time: what it says is worked out once. */
  private readonly sayings = new WeakMap<Resolution, Saying>();

  constructor(registry: Registry) {
    this.requests = new Tally(registry, "privlink_dns_requests_total", "Questions.", [
      "network",
      "proto",
      "family",
      "type",
    ]);
    this.responses = new Tally(registry, "privlink_dns_responses_total", "Replies, and silence (dropped).", [
      "network",
      "resolver",
      "zone",
      "rcode",
    ]);
    this.answers = new Tally(registry, "privlink_answers_total", "How questions ended, and whose data ended them.", [
      "network",
      "zone",
      "outcome",
    ]);
    this.forwarded = new Tally(
      registry,
      "privlink_forward_requests_total",
      "Questions that real servers had a part in.",
      ["to", "result"],
    );
    this.durations = new Distribution(
      "privlink_dns_request_duration_seconds",
      "From the last octet of a question to the first of its reply.",
      DURATIONS,
    );
    this.requestSizes = new Distribution("privlink_dns_request_size_bytes", "Octets of questions.", SIZES);
    this.responseSizes = new Distribution("privlink_dns_response_size_bytes", "Octets of replies.", SIZES);
  }

  get count(): number {
    return this.requestSizes.count;
  }

  get distributions(): readonly DistributionData[] {
    return this.all.map((one) => one.data);
  }

  /** What prom-client does not write. */
  text(others: readonly DistributionData[]): string {
    return this.all.map((one) => one.text(others)).join("");
  }

  private get all(): readonly Distribution[] {
    return [this.durations, this.requestSizes, this.responseSizes];
  }

  record(event: QueryEvent): void {
    const { network, transport, client, type, rcode, replySize, querySize, durationMs, resolution } = event;
    const family = client.family === 4 ? "1" : "2"; // As CoreDNS counts them.
    const typeText = type !== undefined && LABELLED_TYPES.has(type) ? typeName(type) : "other";
    this.requests.add(`${network} ${transport} ${family} ${typeText}`, () => ({
      network,
      proto: transport,
      family,
      type: typeText,
    }));
    const { resolver, zone, outcome, upstreams } = this.sayingOf(resolution);
    const code = replySize === 0 ? "dropped" : rcodeName(rcode);
    this.responses.add(`${network}\0${resolver}\0${zone}\0${code}`, () => ({ network, resolver, zone, rcode: code }));
    if (outcome !== "") this.answers.add(`${network}\0${zone}\0${outcome}`, () => ({ network, zone, outcome }));
    for (const { to, result } of upstreams) this.forwarded.add(`${to} ${result}`, () => ({ to, result }));
    this.durations.add(durationMs / 1000);
    this.requestSizes.add(querySize);
    if (replySize > 0) this.responseSizes.add(replySize);
  }

  private sayingOf(resolution: Resolution | undefined): Saying {
    if (resolution === undefined) return NOTHING;
    const known = this.sayings.get(resolution);
    if (known !== undefined) return known;
    const saying = sayingOf(resolution);
    this.sayings.set(resolution, saying);
    return saying;
  }
}

/** What a resolution says to who counts. Every text is one of the model's, or one of a few words. */
interface Saying {
  readonly resolver: string;
  readonly zone: string;
  readonly outcome: string;
  readonly upstreams: readonly { readonly to: string; readonly result: string }[];
}

const NOTHING: Saying = { resolver: "", zone: "", outcome: "", upstreams: [] };

function sayingOf(resolution: Resolution): Saying {
  const { trace, resolver, outcome } = resolution;
  const last = lastSource(trace);
  const isPrivate = last?.kind === "zone" || last?.kind === "rule-answer";
  const isRedirected = trace.some(({ kind }) => kind === "redirect");
  const answered = isRedirected ? "redirect" : isPrivate ? "private" : last?.kind === "builtin" ? "built-in" : "public";
  return {
    resolver: resolver?.key ?? "",
    zone: last?.kind === "zone" ? last.source.key : "",
    outcome: outcome.kind === "answer" ? answered : outcome.kind,
    upstreams: trace.flatMap((step) =>
      step.kind === "upstream" ? [{ to: step.targets.join(","), result: step.result }] : [],
    ),
  };
}
