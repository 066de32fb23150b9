import { AggregatorRegistry, type MetricObjectWithValues, type MetricValue, type Registry } from "prom-client";

/** A metric of the registry as plain data. */
export type MetricData = MetricObjectWithValues<MetricValue<string>>;

/** What one process counted, as plain data that crosses to another. */
export interface MetricsSnapshot {
  readonly metrics: readonly MetricData[];
  readonly distributions: readonly DistributionData[];
}

/** A distribution that is kept without the registry: how many were in each of its ranges, and their sum. */
export interface DistributionData {
  readonly name: string;
  readonly counts: readonly number[];
  readonly sum: number;
}

/** The counts of several processes in one registry; where one has to speak for all, the first does. */
export function registryOfAll(snapshots: readonly MetricsSnapshot[]): Registry {
  return AggregatorRegistry.aggregate(snapshots.map(({ metrics }) => metrics.map(spokenFor)));
}

/** What the library would leave out, as the moment of the start, is that of the first process. */
function spokenFor(metric: MetricData): MetricData {
  return metric.aggregator === "omit" ? { ...metric, aggregator: "first" } : metric;
}

/** Adds two distributions of one name. */
export function addDistribution(one: DistributionData, other: DistributionData): DistributionData {
  const counts = one.counts.map((count, i) => count + (other.counts[i] ?? 0));
  return { name: one.name, counts, sum: one.sum + other.sum };
}

/** What ended processes counted, in one: their counters and distributions. What they had, such as memory, is gone with them. */
export async function countsOfEnded(snapshots: readonly MetricsSnapshot[]): Promise<MetricsSnapshot> {
  const counters = snapshots.map(({ metrics, distributions }) => ({
    metrics: metrics.filter(({ type }) => String(type) === "counter"),
    distributions,
  }));
  const byName = new Map<string, DistributionData>();
  for (const one of counters.flatMap(({ distributions }) => distributions)) {
    const known = byName.get(one.name);
    byName.set(one.name, known === undefined ? one : addDistribution(known, one));
  }
  return { metrics: await registryOfAll(counters).getMetricsAsJSON(), distributions: [...byName.values()] };
}
