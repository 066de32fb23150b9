import { ObjectReader } from "./_object-reader.ts";
import { type Declaration, foldKey, type Reading, referenceTo } from "./_reading.ts";
import { readAddressPort, readFlag, readWord } from "./_scalars.ts";
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
  const external = reader.one("external", readFlag) ?? false;
  const id = reader.one("id", readWord);
  const entries = reader.entries("forward");
  const asking = { what: `resolver ${key}`, network: network ?? "", as: "rule" } as const;
  const forward = readForward(entries, asking, reading);
  reportExternal(reader, external);
  if (network === undefined) return undefined;
  return {
    key,
    span,
    network,
    addresses,
    forward,
    zones: [...zones],
    external,
    spans: reader.spans,
    ...(id === undefined ? {} : { id }),
  };
}

/** A real server is asked as a whole, at an address. */
function reportExternal(reader: ObjectReader<"resolver">, external: boolean): void {
  if (!external || reader.isPartial) return;
  if (!reader.has("address")) {
    const message = `${reader.what} is external and has no address, expected where the real server is asked`;
    reader.diagnostics.report("topology/missing-key", message, reader.span, { hint: "write address: and what it is" });
  }
  if (!reader.has("forward")) return;
  const related = [{ message: "it is external here", span: reader.placeOf("external") }];
  const message = `${reader.what} has forward, and is external: where a real server asks is its own affair`;
  reader.diagnostics.report("topology/conflicting-keys", message, reader.placeOf("forward"), { related });
}
