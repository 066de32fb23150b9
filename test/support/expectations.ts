import { originOf } from "../../src/explain/verdict.ts";
import { displayName } from "../../src/name/name-text.ts";
import { parseAddress } from "../../src/net/address.ts";
import { containsAddress, parseCidr } from "../../src/net/cidr.ts";
import { formatRdata } from "../../src/record/rdata-text.ts";
import { RecordTypes } from "../../src/record/record-type.ts";
import type { Resolution } from "../../src/resolve/resolution.ts";
import { type Addressee, resolveOffline } from "../../src/resolve/resolve.ts";
import { stubOf } from "../../src/serve/asker.ts";
import { clientAt } from "../../src/snapshot/clients.ts";
import type { Snapshot } from "../../src/snapshot/snapshot.ts";
import type { Asker, Expectation } from "../../src/topology/model.ts";

/** What does not hold of a topology's expectations, a line each; empty when all hold. */
export function unmet(snapshot: Snapshot): string[] {
  const lines: string[] = [];
  for (const expectation of snapshot.topology.expectations) {
    for (const asker of expectation.from) {
      const question = { name: expectation.name, type: expectation.type ?? RecordTypes.A };
      const resolution = resolveOffline(snapshot, addresseeOf(snapshot, asker, expectation.ask), question);
      for (const fault of faults(expectation, resolution)) {
        lines.push(`${askerText(asker)} asks ${displayName(expectation.name)}: ${fault}`);
      }
    }
  }
  return lines;
}

/** Whom an asker of an expectation asks. */
export function addresseeOf(snapshot: Snapshot, asker: Asker, ask: string | undefined): Addressee {
  if (ask === "platform") return { kind: "resolver", key: `${asker.kind === "address" ? "" : asker.network}/platform` };
  if (ask !== undefined) return { kind: "resolver", key: ask };
  if (asker.kind === "address") return stubOf(clientAt(snapshot.clients, asker.address));
  if (asker.network === "internet") return { kind: "servers-of" };
  return { kind: "servers-of", network: asker.network, ...(asker.kind === "host" ? { host: asker.host } : {}) };
}

function askerText(asker: Asker): string {
  switch (asker.kind) {
    case "network":
      return asker.network;
    case "host":
      return `${asker.host}@${asker.network}`;
    case "address":
      return asker.address.text;
  }
}

function faults(expectation: Pick<Expectation, "resolves" | "is" | "via" | "not">, resolution: Resolution): string[] {
  const found: string[] = [];
  const got = gotOf(resolution);
  const { resolves, is, via, not } = expectation;
  if (resolves !== undefined && !matches(resolves, got))
    found.push(`expected ${resolves.join(", ")}, got ${got.join(", ")}`);
  if (is !== undefined && (originOf(resolution) !== is || resolution.outcome.kind !== "answer")) {
    found.push(`expected a ${is} answer, got ${originOf(resolution)} ${got.join(", ")}`);
  }
  for (const name of via) {
    const passed = resolution.aliases.some(({ rdatas }) =>
      rdatas.some(
        (rdata) => formatRdata(RecordTypes.CNAME, rdata).toLowerCase() === `${displayName(name).toLowerCase()}.`,
      ),
    );
    if (!passed) found.push(`expected the chain to pass ${displayName(name)}`);
  }
  if (not !== undefined && faults({ ...not }, resolution).length === 0)
    found.push(`what must not be: ${got.join(", ")}`);
  return found;
}

function gotOf({ outcome }: Resolution): string[] {
  switch (outcome.kind) {
    case "answer":
      return outcome.rrsets.flatMap(({ type, rdatas }) => rdatas.map((rdata) => formatRdata(type, rdata)));
    case "failed":
      return ["servfail"];
    case "upstream":
      return ["unknown"];
    case "nodata":
    case "nxdomain":
    case "no-reply":
    case "refused":
    case "yxdomain":
    case "referral":
    case "unfollowed":
    case "not-implemented":
      return [outcome.kind];
  }
}

function matches(expected: readonly string[], got: readonly string[]): boolean {
  const fits = (text: string, wanted: string): boolean => {
    if (!wanted.includes("/")) return text === wanted;
    const cidr = parseCidr(wanted);
    const address = parseAddress(text);
    return cidr.kind === "cidr" && address !== undefined && containsAddress(cidr.cidr, address);
  };
  return (
    got.every((text) => expected.some((wanted) => fits(text, wanted))) &&
    expected.every((wanted) => got.some((text) => fits(text, wanted)))
  );
}
