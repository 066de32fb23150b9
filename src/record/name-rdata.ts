import type { DomainName } from "../name/domain-name.ts";
import { writeName } from "../octets/name.ts";
import { OctetWriter } from "../octets/octet-writer.ts";

/** Rdata that is one name: NS, CNAME, PTR, DNAME. */
export function nameRdata(name: DomainName): Uint8Array {
  const writer = new OctetWriter(name.key.length);
  writeName(writer, name);
  return writer.finish();
}
