import { askModelOffline } from "../expect/ask-model.ts";
import { clientOf } from "../expect/askers.ts";
import { explain, explanationText } from "../explain/explain.ts";
import { type DomainName, ROOT } from "../name/domain-name.ts";
import { displayName, parseName } from "../name/name-text.ts";
import { parseAddress } from "../net/address.ts";
import { formatRdata } from "../record/rdata-text.ts";
import type { RecordType } from "../record/record-type.ts";
import { typeName, typeNumber } from "../record/type-names.ts";
import { INTERNET } from "../snapshot/compile.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Asker } from "../topology/model.ts";
import { placeIn } from "./_finding.ts";
import type { Asking, Explanation } from "./privlink.ts";

/** Resolves a name for somebody, without a server, and tells it. Throws a `RangeError` for what is no name, type or asker. */
export function explained(snapshot: Snapshot, nameText: string, { from, type: typeText = "A" }: Asking): Explanation {
  const name = nameNamed(nameText);
  const type = typeNamed(typeText);
  const asker = askerNamed(snapshot, from);
  const resolution = askModelOffline(snapshot, { asker, name, type, expectation: {} });
  const told = explain(snapshot, from, resolution, clientOf(snapshot, asker));
  const { origin, reason, records, lines } = told;
  const { outcome } = resolution;
  const answers =
    outcome.kind === "answer"
      ? outcome.rrsets.flatMap((set) => set.rdatas.map((rdata) => formatRdata(set.type, rdata)))
      : [];
  return {
    name: displayName(name),
    type: typeName(type),
    from,
    outcome: outcome.kind,
    ...(origin === undefined ? {} : { origin }),
    answers,
    records,
    steps: lines.map(({ text, places }) => ({ text, places: places.map(placeIn) })),
    ...(reason === undefined ? {} : { reason: { sentence: reason.sentence, change: reason.change } }),
    text: explanationText(told),
  };
}

function nameNamed(text: string): DomainName {
  const parsed = parseName(text, ROOT, "unicode");
  if (parsed.kind === "problem") throw new RangeError(`${text === "" ? "the name" : text} ${parsed.problem}`);
  return parsed.name;
}

function typeNamed(text: string): RecordType {
  const type = typeNumber(text);
  if (type === undefined) throw new RangeError(`${text} is no record type: write A, AAAA, TXT, TYPE65280`);
  return type;
}

/** A network, `HOST@NETWORK`, an IP address, or `internet`. */
function askerNamed({ topology: { networks } }: Snapshot, from: string): Asker {
  if (from === INTERNET || networks.has(from)) return { kind: "network", network: from };
  const address = parseAddress(from);
  if (address !== undefined) return { kind: "address", address };
  const [, host = "", network = ""] = /^(.+)@(.+)$/.exec(from) ?? [];
  if (networks.get(network)?.hosts.has(host) === true) return { kind: "host", network, host };
  const known = [...networks.values()].flatMap(({ key, hosts }) => [
    key,
    ...[...hosts.keys()].map((one) => `${one}@${key}`),
  ]);
  throw new RangeError(`nobody is called ${from}: there are ${[...known, INTERNET].join(", ")}, and addresses`);
}
