import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { rcodeName } from "../message/rcodes.ts";
import { RecordTypes } from "../record/record-type.ts";
import { typeName } from "../record/type-names.ts";
import { lastSource } from "../resolve/last-source.ts";
import type { Resolution } from "../resolve/resolution.ts";
import type { QueryEvent } from "../serve/query-event.ts";

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
  { version, runtime, cache, outstanding, isReady, trailing, limited }: MetricsSources,
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
  new Gauge({
    name: "privlink_build_info",
    help: "The version, and what it runs on.",
    labelNames: ["version", "runtime"],
    registers: [registry],
  }).set({ version, runtime }, 1);
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

  text(): string {
    const { name, help, bounds, counts, sum } = this;
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

  /** What prom-client does not write. */
  text(): string {
    return [this.durations, this.requestSizes, this.responseSizes].map((one) => one.text()).join("");
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
