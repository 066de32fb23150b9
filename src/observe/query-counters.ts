import { Counter, type Registry } from "prom-client";
import { rcodeName } from "../message/rcodes.ts";
import { RecordTypes } from "../record/record-type.ts";
import { typeName } from "../record/type-names.ts";
import { lastSource } from "../resolve/last-source.ts";
import type { Resolution } from "../resolve/resolution.ts";
import type { QueryEvent } from "../serve/query-event.ts";
import { addDistribution, type DistributionData } from "./metrics-snapshot.ts";

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

/** What is counted of a question: labels by name. */
type Labels = Readonly<Record<string, string>>;

interface Count {
  readonly labels: Labels;
  count: number;
}

/**
 * Counts by label values, cheaply: a question adds to numbers in a map, and the counters of the registry are filled when they
 * are collected.
 */
class Tally {
  private readonly counts = new Map<string, Count>();

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

  /** The count of some label values, from 0. */
  countOf(key: string, labels: () => Labels): Count {
    const known = this.counts.get(key);
    if (known !== undefined) return known;
    const count = { labels: labels(), count: 0 };
    this.counts.set(key, count);
    return count;
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

/** What questions are counted by: no label holds a client's address or a name that was asked. */
export class QueryCounters {
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

  /** How many questions there were. */
  get count(): number {
    return this.durations.count;
  }

  /** What prom-client does not keep. */
  get distributions(): readonly DistributionData[] {
    return this.allDistributions.map(({ data }) => data);
  }

  /** The same as it is shown, with those of others added. */
  text(others: readonly DistributionData[]): string {
    return this.allDistributions.map((one) => one.text(others)).join("");
  }

  private get allDistributions(): readonly Distribution[] {
    return [this.durations, this.requestSizes, this.responseSizes];
  }

  record(event: QueryEvent): void {
    const { replySize, querySize, durationMs, resolution } = event;
    const saying = resolution === undefined ? undefined : this.sayingOf(resolution);
    // A ready reply is mostly given to questions like the last one: no text has to be put together to count it.
    const counts =
      saying?.last !== undefined && isLike(event, saying.last.event)
        ? saying.last.counts
        : this.countsOf(event, saying);
    for (const one of counts) one.count += 1;
    this.durations.add(durationMs / 1000);
    this.requestSizes.add(querySize);
    if (replySize > 0) this.responseSizes.add(replySize);
  }

  /** The counts that an event adds one to. */
  private countsOf(event: QueryEvent, saying: Saying | undefined): readonly Count[] {
    const { network, transport, client, type, rcode, replySize } = event;
    const family = client.family === 4 ? "1" : "2"; // As CoreDNS counts them.
    const typeText = type !== undefined && LABELLED_TYPES.has(type) ? typeName(type) : "other";
    const { resolver, zone, outcome, upstreams } = saying ?? NOTHING;
    const code = replySize === 0 ? "dropped" : rcodeName(rcode);
    const counts = [
      this.requests.countOf(`${network} ${transport} ${family} ${typeText}`, () => ({
        network,
        proto: transport,
        family,
        type: typeText,
      })),
      this.responses.countOf(`${network}\0${resolver}\0${zone}\0${code}`, () => ({
        network,
        resolver,
        zone,
        rcode: code,
      })),
    ];
    if (outcome !== "")
      counts.push(this.answers.countOf(`${network}\0${zone}\0${outcome}`, () => ({ network, zone, outcome })));
    for (const { to, result } of upstreams)
      counts.push(this.forwarded.countOf(`${to} ${result}`, () => ({ to, result })));
    if (saying !== undefined) saying.last = { event: labelsOf(event), counts };
    return counts;
  }

  private sayingOf(resolution: Resolution): Saying {
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
  /** What the last question that ended like this was counted as. */
  last?: { readonly event: Labelled; readonly counts: readonly Count[] };
}

/** What of an event, beside its resolution, decides which counts it adds to. */
interface Labelled {
  readonly network: string;
  readonly transport: string;
  readonly family: number;
  readonly type: number | undefined;
  readonly rcode: number;
  readonly isSilent: boolean;
}

function labelsOf({ network, transport, client, type, rcode, replySize }: QueryEvent): Labelled {
  return { network, transport, family: client.family, type, rcode, isSilent: replySize === 0 };
}

function isLike({ network, transport, client, type, rcode, replySize }: QueryEvent, last: Labelled): boolean {
  return (
    network === last.network &&
    transport === last.transport &&
    client.family === last.family &&
    type === last.type &&
    rcode === last.rcode &&
    (replySize === 0) === last.isSilent
  );
}

const NOTHING: Readonly<Saying> = { resolver: "", zone: "", outcome: "", upstreams: [] };

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
