import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import { asMapping, choiceOf, ObjectReader } from "./_object-reader.ts";
import type { Declaration } from "./_reading.ts";
import { readFlag } from "./_scalars.ts";
import { entryOf, type Written } from "./_value.ts";
import type { AwsNetwork, GcpNetwork, IbmNetwork, NetworkKind } from "./model.ts";

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

const readNames = choiceOf("zonal", "global");

/** Reads `gcp` of a network. */
export function readGcp(
  reader: ObjectReader<"network">,
  kind: NetworkKind,
  declaration: Declaration,
): { readonly gcp?: GcpNetwork } {
  const own = readOwn(reader, "gcp", "gcp", kind, declaration);
  const project = own?.one("project", readProject);
  const names = [...new Set(own?.many("names", readNames) ?? [])];
  return project === undefined ? {} : { gcp: { project, names: names.length === 0 ? ["zonal"] : names } };
}

/** The id of a project: 6 to 30 letters, digits and hyphens; behind the domain that it is in and a colon, in old organisations. */
function readProject({ text, span }: Written, diagnostics: Diagnostics): string | undefined {
  if (/^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(text)) return text;
  const hint = "write the project's id: 6 to 30 small letters, digits and hyphens, a letter first";
  diagnostics.report("topology/bad-value", `${text} is no id of a project`, span, { hint });
  return undefined;
}

/** The reader of a key that means something in networks of one kind; elsewhere it is reported, and from defaults ignored. */
function readOwn<K extends "aws" | "ibm" | "gcp">(
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
