import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import { asMapping, choiceOf, ObjectReader } from "./_object-reader.ts";
import { readFlag, readWithin } from "./_scalars.ts";
import type { Value } from "./_value.ts";
import type { SentSubnet, ToldOfClients } from "./model.ts";

/** RFC 7871 §11.1: at most so many bits, so that nobody is told apart. */
const USUAL: SentSubnet = { ipv4: 24, ipv6: 56 };

const readBits4 = readWithin(0, 32, "bits of an IPv4 address");
const readBits6 = readWithin(0, 128, "bits of an IPv6 address");
const readProxy = choiceOf("none", "send");

/** What real servers are told of clients, as `proxy` and `clientSubnet` of something say; `what` is for sentences. */
export function readTold(
  reader: Pick<ObjectReader<"resolver">, "one" | "value"> | Pick<ObjectReader<"public">, "one" | "value">,
  what: string,
  diagnostics: Diagnostics,
): { readonly told?: ToldOfClients } {
  const isProxied = reader.one("proxy", readProxy) === "send";
  const subnet = readSubnet(reader.value("clientSubnet"), what, diagnostics);
  if (!isProxied && subnet === undefined) return {};
  return { told: { ...(isProxied ? { proxy: true } : {}), ...(subnet === undefined ? {} : { subnet }) } };
}

function readSubnet(value: Value | undefined, what: string, diagnostics: Diagnostics): SentSubnet | undefined {
  if (value === undefined) return undefined;
  const mapping = asMapping(value, `the client subnet of ${what}`, diagnostics, "send");
  if (mapping === undefined) return undefined;
  const place = { what: `the client subnet of ${what}`, layers: [mapping], span: value.span };
  const reader = new ObjectReader("clientSubnet", place, diagnostics);
  const send = reader.one("send", readFlag) ?? true;
  const ipv4 = reader.one("ipv4", readBits4) ?? USUAL.ipv4;
  const ipv6 = reader.one("ipv6", readBits6) ?? USUAL.ipv6;
  return send ? { ipv4, ipv6 } : undefined;
}
