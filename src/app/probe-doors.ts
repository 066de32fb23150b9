import { type HttpDoor, type HttpDoorProblem, openHttpDoor, type Page, type Shown } from "../control/http-door.ts";
import { type AddressPort, formatAddressPort, isLoopback } from "../net/address.ts";
import type { Log } from "../observe/log.ts";
import type { Metrics } from "../observe/metrics.ts";
import type { MetricsSnapshot } from "../observe/metrics-snapshot.ts";
import type { Readiness } from "./lifecycle.ts";

/** Where probes and collectors ask; what is absent is off. */
export interface ProbePlaces {
  readonly health?: AddressPort;
  readonly ready?: AddressPort;
  readonly metrics?: AddressPort;
}

/** The doors of a running server for probes and collectors. */
export interface ProbeDoors {
  readonly kind: "open";
  /** What each is for, and where: for the banner. */
  readonly places: readonly { readonly name: string; readonly at: AddressPort; readonly path: string }[];
  close(): Promise<void>;
}

/** What is shown at them. */
export interface ProbeParts {
  readonly readiness: Readiness;
  readonly metrics: Metrics | undefined;
  readonly log: Log;
  /** What other processes of the server counted, where there are some. */
  readonly others?: () => Promise<readonly MetricsSnapshot[]> | undefined;
}

/**
 * Opens the doors that were asked for, on one server where several have one address. Where one cannot be opened none stays
 * open. Never rejects.
 */
export async function openProbeDoors(
  places: ProbePlaces,
  { readiness, metrics, log, others }: ProbeParts,
): Promise<ProbeDoors | HttpDoorProblem> {
  const wanted = [
    { name: "health", at: places.health, page: { path: "/health", show: () => ({ status: 200, text: "OK\n" }) } },
    { name: "ready", at: places.ready, page: { path: "/ready", show: () => readyPage(readiness) } },
    { name: "metrics", at: places.metrics, page: { path: "/metrics", show: () => metricsPage(metrics, others) } },
  ].flatMap(({ name, at, page }) => (at === undefined ? [] : [{ name, at, page }]));
  const doors: HttpDoor[] = [];
  const open: ProbeDoors["places"][number][] = [];
  const close = async (): Promise<void> => {
    await Promise.all(doors.map((door) => door.close()));
  };
  const onFault = (error: unknown): void => log.error({ err: error }, "a bug in privlink failed a probe");
  for (const first of wanted.filter((one, i) => i === wanted.findIndex((other) => samePlace(one, other)))) {
    const group = wanted.filter((one) => samePlace(one, first));
    const pages: readonly Page[] = group.map(({ page }) => page);
    const door = await openHttpDoor(first.at, pages, onFault);
    if (door.kind === "problem") {
      await close();
      return { kind: "problem", text: `--${first.name}: ${door.text}` };
    }
    doors.push(door);
    for (const { name, page } of group) open.push({ name, at: door.at, path: page.path });
    if (!isLoopback(door.at.address))
      log.warn(
        `${group.map(({ name }) => name).join(", ")}: whoever reaches ${formatAddressPort(door.at)} may read it`,
      );
  }
  return { kind: "open", places: open, close };
}

/** Port 0 is another port each time. */
function samePlace(one: { readonly at: AddressPort }, other: { readonly at: AddressPort }): boolean {
  return one === other || (one.at.port !== 0 && formatAddressPort(one.at) === formatAddressPort(other.at));
}

function readyPage({ missing }: Readiness): Shown {
  const what = missing();
  return what.length === 0 ? { status: 200, text: "OK\n" } : { status: 503, text: `${what.join("\n")}\n` };
}

async function metricsPage(metrics: Metrics | undefined, others: ProbeParts["others"]): Promise<Shown> {
  return {
    status: 200,
    text: (await metrics?.text(await others?.())) ?? "",
    ...(metrics === undefined ? {} : { contentType: metrics.contentType }),
  };
}
