import { ObjectReader } from "./_object-reader.ts";
import { type Declaration, foldKey, type Reading, referenceTo } from "./_reading.ts";
import { readAddressPort, readWord } from "./_scalars.ts";
import { readForward } from "./_targets.ts";
import { zonesOf } from "./_zones.ts";
import type { DeclaredResolver } from "./model.ts";

const DNS_PORT = 53;

/** Reads a resolver; `undefined` when it stands nowhere. */
export function readResolver(declaration: Declaration, reading: Reading): DeclaredResolver | undefined {
  const { key, span } = declaration;
  const { diagnostics } = reading;
  const reader = new ObjectReader("resolver", { ...declaration, what: `resolver ${key}` }, diagnostics);
  const network = reader.one("network", (text) => {
    if (foldKey(text.text) !== "internet") return referenceTo(reading, "networks", text);
    const hint = "declare a network for it to stand in";
    diagnostics.report("network/unknown", "the internet is no network that a resolver stands in", text.span, { hint });
    return undefined;
  });
  const addresses = reader.many("address", (text) => {
    const at = readAddressPort(text, diagnostics, DNS_PORT);
    if (at?.port !== 0) return at;
    diagnostics.report("topology/bad-address", `${text.text} has port 0, nobody answers there`, text.span);
    return undefined;
  });
  const zones = new Set(reader.manyFlat("zones", (text) => zonesOf(text, reading)));
  const id = reader.one("id", readWord);
  const entries = reader.entries("forward");
  const asking = { what: `resolver ${key}`, network: network ?? "", as: "rule" } as const;
  const forward = readForward(entries, asking, reading);
  if (network === undefined) return undefined;
  return {
    key,
    span,
    network,
    addresses,
    forward,
    zones: [...zones],
    spans: reader.spans,
    ...(id === undefined ? {} : { id }),
  };
}
