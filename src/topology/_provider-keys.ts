import { asMapping, ObjectReader } from "./_object-reader.ts";
import type { Declaration } from "./_reading.ts";
import { readFlag } from "./_scalars.ts";
import { entryOf } from "./_value.ts";
import type { AwsNetwork, IbmNetwork, NetworkKind } from "./model.ts";

/** Reads `aws` of a network. */
export function readAws(reader: ObjectReader<"network">, kind: NetworkKind, declaration: Declaration): AwsNetwork {
  const own = readOwn(reader, "aws", "aws", kind, declaration);
  return {
    dnsSupport: own?.one("dnsSupport", readFlag) ?? true,
    dnsHostnames: own?.one("dnsHostnames", readFlag) ?? true,
  };
}

/** Reads `ibm` of a network. */
export function readIbm(reader: ObjectReader<"network">, kind: NetworkKind, declaration: Declaration): IbmNetwork {
  const own = readOwn(reader, "ibm", "ibm-classic", kind, declaration);
  return {
    vrf: own?.one("vrf", readFlag) ?? true,
    serviceEndpoints: own?.one("serviceEndpoints", readFlag) ?? true,
  };
}

/** The reader of a key that means something in networks of one kind; elsewhere it is reported, and from defaults ignored. */
function readOwn<K extends "aws" | "ibm">(
  reader: ObjectReader<"network">,
  key: K,
  only: NetworkKind,
  kind: NetworkKind,
  { layers }: Declaration,
): ObjectReader<K> | undefined {
  const value = reader.value(key);
  const mapping = value === undefined ? undefined : asMapping(value, key, reader.diagnostics);
  if (mapping === undefined) return undefined;
  const own = layers[0] === undefined ? undefined : entryOf(layers[0], key);
  if (kind !== only && !reader.isPartial) {
    if (own === undefined) return undefined;
    const message = `${reader.what} has ${key}, which means something in networks of kind ${only}, and is ${kind}`;
    reader.diagnostics.report("topology/conflicting-keys", message, own.span, {
      hint: `write kind: ${only}, or leave ${key} out`,
    });
    return undefined;
  }
  return new ObjectReader(
    key,
    { what: `${key} of ${reader.what}`, layers: [mapping], span: mapping.span },
    reader.diagnostics,
  );
}
