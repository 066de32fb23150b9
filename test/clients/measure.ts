import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Door, LIBRARIES, type Library } from "./libraries.ts";
import { startNamed } from "./named.ts";
import { type Namespace, openNamespace } from "./namespace.ts";
import { addressesFor, CONFIGURATIONS, labelOf, ROWS, type Row, resolvConf } from "./rows.ts";

const ESTATE = join(import.meta.dirname, "estate");

/** What a door made of a row. */
export interface Measured {
  /** In its library's own words. */
  readonly result: string;
  readonly ms: number;
  /** What it made of named's answer: where the row is asked of it, and named is installed. */
  readonly ofNamed?: string;
  /** How many questions reached the server, by transport. */
  readonly udp: number;
  readonly tcp: number;
}

/** What the doors of a library made of each row, by the names of doors; a row that a door has no call for is missing. */
export type Doors = ReadonlyMap<string, ReadonlyMap<Row, Measured>>;

/** A library that was asked, or why it could not be. */
export type Asked =
  | { readonly kind: "asked"; readonly version: string; readonly doors: Doors }
  | { readonly kind: "missing"; readonly why: string };

/** A line of the query log, what counts of it here. */
interface Question {
  readonly client: string;
  readonly name: string;
  readonly transport: string;
}

/** Builds the programs, lets every library ask everything, and reads from the query log what arrived. */
export async function askLibraries(): Promise<ReadonlyMap<Library, Asked>> {
  const doors = LIBRARIES.flatMap((library) => library.doors);
  const namespace = await openNamespace(ESTATE, addressesFor(doors.map(({ number }) => number)));
  const built = mkdtempSync(join(tmpdir(), "privlink-clients-built-"));
  try {
    const named = await startNamed(namespace, ESTATE, built);
    const asked = await Promise.all(
      LIBRARIES.map(async (library) => ({ library, results: await resultsOf(library, { built, namespace, named }) })),
    );
    await namespace.close(); // The last lines of the query log come with the end.
    const questions = questionsOf(namespace.server.stderr());
    return new Map(asked.map(({ library, results }) => [library, withQuestions(results, questions)] as const));
  } finally {
    await namespace.close();
    rmSync(built, { recursive: true, force: true });
  }
}

type Result = Pick<Measured, "result" | "ms" | "ofNamed">;

type Results =
  | { readonly kind: "missing"; readonly why: string }
  | {
      readonly kind: "asked";
      readonly version: string;
      readonly doors: ReadonlyMap<Door, ReadonlyMap<Row, Result>>;
    };

/** Where programs are, and where they run. */
interface Place {
  readonly built: string;
  readonly namespace: Namespace;
  /** The `resolv.conf` that leads to named, where it is installed. */
  readonly named: string | undefined;
}

async function resultsOf(library: Library, place: Place): Promise<Results> {
  const build = await library.build?.(place.built);
  if (build !== undefined && build.code !== 0) {
    const reason = build.stderr.trim() || "no compiler";
    return { kind: "missing", why: `cannot build the program for ${library.name}: ${reason}` };
  }
  let version: string;
  try {
    version = await library.version(place.built);
  } catch (error) {
    return { kind: "missing", why: `has no ${library.name} to ask through: ${String(error)}` };
  }
  const doors = await Promise.all(library.doors.map(async (door) => [door, await resultsOfDoor(door, place)] as const));
  return { kind: "asked", version, doors: new Map(doors) };
}

/** A run of the door's program for each `resolv.conf`. */
async function resultsOfDoor(door: Door, place: Place): Promise<ReadonlyMap<Row, Result>> {
  const results = new Map<Row, Result>();
  const rowsThat = (isAsked: (row: Row) => boolean): readonly Row[] =>
    ROWS.filter((row) => isAsked(row) && door.cannot?.includes(row.verb) !== true);
  for (const name of new Set(ROWS.map((row) => row.with))) {
    const rows = rowsThat((row) => row.with === name);
    for (const [row, result] of await askAs(door, rows, resolvConf(CONFIGURATIONS[name], door.number), place))
      results.set(row, result);
  }
  if (place.named === undefined) return results;
  const compared = rowsThat(({ named }) => named === true);
  for (const [row, { result }] of await askAs(door, compared, place.named, place)) {
    const ours = results.get(row);
    if (ours !== undefined) results.set(row, { ...ours, ofNamed: result });
  }
  return results;
}

/** One run of a door's program. */
async function askAs(
  door: Door,
  rows: readonly Row[],
  configuration: string,
  { built, namespace }: Place,
): Promise<readonly (readonly [Row, Result])[]> {
  const words = rows.flatMap((row) => [row.verb, row.name]);
  const { code, stdout, stderr } = await namespace.run(configuration, [...door.command(built), ...words]);
  const lines = stdout.split("\n").filter((line) => line !== "");
  if (code !== 0 || lines.length !== rows.length)
    throw new Error(
      `${door.name} ended with ${code} and ${lines.length} of ${rows.length} lines with\n${configuration}${stderr}`,
    );
  return rows.map((row, i) => {
    const [ms = "", result = ""] = (lines[i] ?? "").split("\t");
    return [row, { result, ms: Number.parseInt(ms, 10) }] as const;
  });
}

function questionsOf(log: string): readonly Question[] {
  return log.split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [];
    const fields: Readonly<Record<string, unknown>> = Object(JSON.parse(line));
    const { client, name, transport } = fields;
    if (typeof client !== "string" || typeof name !== "string" || typeof transport !== "string") return [];
    return [{ client, name, transport }];
  });
}

function withQuestions(results: Results, questions: readonly Question[]): Asked {
  if (results.kind === "missing") return results;
  const doors = [...results.doors].map(([door, rows]) => {
    const own = questions.filter(({ client }) => client.endsWith(`.0.${door.number}`));
    const count = (row: Row, transport: string): number =>
      own.filter((question) => question.transport === transport && firstLabel(question.name) === labelOf(row)).length;
    const measured = [...rows].map(
      ([row, result]) => [row, { ...result, udp: count(row, "udp"), tcp: count(row, "tcp") }] as const,
    );
    return [door.name, new Map(measured)] as const;
  });
  return { kind: "asked", version: results.version, doors: new Map(doors) };
}

function firstLabel(name: string): string {
  return (name.split(".")[0] ?? "").toLowerCase();
}
