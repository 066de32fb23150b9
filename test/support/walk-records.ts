import type { DomainName } from "../../src/name/domain-name.ts";
import { displayName, knownName } from "../../src/name/name-text.ts";
import { addressOf } from "../../src/net/address.ts";
import type { PrivateWrite } from "../../src/platform/endpoint-records.ts";
import type { PublicRecord } from "../../src/platform/public-record.ts";
import { RecordTypes } from "../../src/record/record-type.ts";
import type { RRset } from "../../src/record/rrset.ts";

/** Rdata as tests write it: an address, or a name. */
export function rdataText(type: number, rdata: Uint8Array): string {
  if (type !== RecordTypes.CNAME) return addressOf(rdata).text;
  const labels: string[] = [];
  for (let at = 0; (rdata[at] ?? 0) !== 0; at += 1 + (rdata[at] ?? 0)) {
    labels.push(String.fromCharCode(...rdata.subarray(at + 1, at + 1 + (rdata[at] ?? 0))));
  }
  return labels.join(".");
}

/** `OWNER TTL TYPE RDATA …` as a zone file says it. */
export function setText({ owner, ttl, type, rdatas }: Pick<RRset, "owner" | "ttl" | "type" | "rdatas">): string {
  const mnemonic = type === RecordTypes.CNAME ? "CNAME" : type === RecordTypes.A ? "A" : "AAAA";
  return [displayName(owner), ttl, mnemonic, ...rdatas.map((rdata) => rdataText(type, rdata))].join(" ");
}

/** `ZONE: replace OWNER TTL TYPE RDATA …`, or `ZONE: delete OWNER`. */
export function writeText(write: PrivateWrite): string {
  return write.kind === "delete"
    ? `${write.zoneKey}: delete ${displayName(write.owner)}`
    : `${write.zoneKey}: replace ${setText(write)}`;
}

/** The names a client meets in public from `name` on, and the address at the end. */
export function walk(records: readonly PublicRecord[], name: DomainName): { path: string[]; address?: string } {
  const path: string[] = [];
  for (let at = name; path.length < 20; ) {
    const found = records.find(({ rrset }) => rrset.owner.key === at.key)?.rrset;
    const [rdata] = found?.rdatas ?? [];
    if (found === undefined || rdata === undefined) return { path };
    const text = rdataText(found.type, rdata);
    if (found.type !== RecordTypes.CNAME) return { path, address: text };
    path.push(text);
    at = knownName(text);
  }
  return { path };
}
