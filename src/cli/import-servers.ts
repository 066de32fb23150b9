import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { transferZone } from "../client/transfer.ts";
import type { Draft } from "../exchange/draft.ts";
import { importCorefile } from "../exchange/servers/import-corefile.ts";
import { importNamed } from "../exchange/servers/import-named.ts";
import { importTransfer, type TransferredZone } from "../exchange/servers/import-transfer.ts";
import type { ListServerFiles, ReadServerFile, ServerFile } from "../exchange/servers/server-files.ts";
import { parseName } from "../name/name-text.ts";
import { parseAddressPort } from "../net/address.ts";
import { describeSystemError } from "../project/project-files.ts";
import { sourceFile } from "../source/source-file.ts";
import type { Imported } from "./imported.ts";
import type { Io } from "./io.ts";

const DNS_PORT = 53;
/** Longer is no configuration that a person wrote. */
const MAX_CONFIGURATION_OCTETS = 64 * 1024 * 1024;
/** A server may think for so long between two messages. */
const SILENCE_MS = 10_000;
/** Of one zone: more than the largest that privlink is measured with. */
const MAX_RECORDS = 10_000_000;

/** `import bind FILE`: a `named.conf`, and what it names. */
export function readNamedConf(words: readonly string[], io: Io): Imported {
  return readConfiguration(words, "named.conf", io, importNamed);
}

/** `import coredns FILE`: a Corefile, and what it names. */
export function readCorefile(words: readonly string[], io: Io): Imported {
  return readConfiguration(words, "Corefile", io, importCorefile);
}

/** `import axfr @SERVER ZONE…`: zones as a server transfers them. */
export async function readTransfer(words: readonly string[], io: Io): Promise<Imported> {
  const [place, ...zones] = [
    ...words.filter((word) => word.startsWith("@")),
    ...words.filter((word) => !word.startsWith("@")),
  ];
  const server = place?.startsWith("@") ? parseAddressPort(place.slice(1), DNS_PORT) : undefined;
  if (place === undefined || server === undefined)
    return problem("name the server by its address: privlink import axfr @10.0.0.4 corp.example");
  if (zones.length === 0 || zones.some((word) => word.startsWith("@")))
    return problem("name one server, and a ZONE or several");
  const transferred: TransferredZone[] = [];
  for (const word of zones) {
    const parsed = parseName(word);
    if (parsed.kind === "problem") return problem(`${word} ${parsed.problem}`);
    const apex = parsed.name;
    const result = await transferZone(
      { server, zone: apex, silenceMs: SILENCE_MS, maxRecords: MAX_RECORDS },
      io.random(0x1_0000),
    );
    if (result.kind !== "records") return problem(`${word} cannot be transferred: ${place.slice(1)} ${result.text}`);
    transferred.push({ apex, records: result.records });
  }
  const total = transferred.reduce((sum, { records }) => sum + records.length, 0);
  const draft = importTransfer(place.slice(1), transferred);
  return { kind: "imported", draft, noun: "records", total, mapped: total - draft.unmapped.length };
}

function readConfiguration(
  words: readonly string[],
  usual: string,
  io: Io,
  read: (file: ReturnType<typeof sourceFile>, port: ReadServerFile, list: ListServerFiles) => Draft,
): Imported {
  const [word, ...more] = words;
  if (word === undefined || more.length > 0)
    return problem(`name one ${usual}: files that it names are found from there`);
  const isFolder = statSync(resolve(io.cwd, word), { throwIfNoEntry: false })?.isDirectory() === true;
  const path = isFolder ? join(word, usual) : word;
  const folder = dirname(resolve(io.cwd, path));
  const main = openFile(resolve(io.cwd, path), io.cwd, "unicode");
  if (main.kind === "problem") return problem(`${path} ${main.message}`);
  const text = main.file.text ?? "";
  if (text.includes("\0")) return problem(`${path} is no text`);
  if (text.length > MAX_CONFIGURATION_OCTETS) return problem(`${path} is too long for a ${usual}`);
  const find: ReadServerFile = (wanted, from) => {
    const places = placesOf(wanted, folder, dirname(resolve(io.cwd, from.path)));
    const found = places.find((place) => statSync(place, { throwIfNoEntry: false })?.isFile() === true);
    return openFile(found ?? places[0] ?? wanted, io.cwd, "octets");
  };
  const list: ListServerFiles = (wanted, from) => {
    const places = placesOf(wanted, folder, dirname(resolve(io.cwd, from.path)));
    const found = places.find((place) => statSync(place, { throwIfNoEntry: false })?.isDirectory() === true);
    return found === undefined
      ? undefined
      : readdirSync(found)
          .toSorted()
          .map((name) => join(found, name));
  };
  const draft = read(main.file, find, list);
  const mapped = draft.networks.length + draft.zones.length + draft.rulesets.length + draft.resolvers.length;
  return { kind: "imported", draft, noun: "parts", total: mapped + draft.unmapped.length, mapped };
}

/**
 * Where a file of a configuration may lie: where it says; and, as a copy of `/etc/bind` lies elsewhere, the same path, or the
 * end of it, below the folder of the copy.
 */
function placesOf(wanted: string, folder: string, besides: string): readonly string[] {
  const parts = wanted.split("/").filter((part) => part !== "");
  const ends = parts.map((_, i) => join(folder, ...parts.slice(i)));
  return isAbsolute(wanted) ? [wanted, ...ends] : [join(folder, wanted), join(besides, wanted), ...ends];
}

function openFile(path: string, cwd: string, encoding: "octets" | "unicode"): ServerFile {
  try {
    const text = readFileSync(path, encoding === "octets" ? "latin1" : "utf8");
    const shown = relative(cwd, path);
    return { kind: "file", file: sourceFile(shown.startsWith("..") ? path : shown, text, encoding) };
  } catch (error) {
    return { kind: "problem", message: describeSystemError(error) };
  }
}

function problem(message: string): Imported {
  return { kind: "problem", message };
}
