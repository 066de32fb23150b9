import * as fc from "fast-check";
import { type DomainName, MAX_LABEL_OCTETS, MAX_NAME_OCTETS, nameFromLabels } from "../src/name/domain-name.ts";
import { type Address, addressOf } from "../src/net/address.ts";
import { type Cidr, cidrOf } from "../src/net/cidr.ts";

/** Octets that mean something somewhere: label lengths, dots, escapes, pointers, wildcards, letters in both cases. */
const TELLING_OCTETS = [
  0x00, 0x01, 0x03, 0x20, 0x22, 0x2a, 0x2e, 0x3f, 0x41, 0x5a, 0x5b, 0x5c, 0x61, 0x7a, 0x7f, 0xc0, 0xff,
];

/** One char (U+0000 to U+00FF) of a label. */
export const anyOctetChar: fc.Arbitrary<string> = fc
  .oneof(fc.constantFrom(...TELLING_OCTETS), fc.integer({ min: 0, max: 255 }))
  .map((octet) => String.fromCharCode(octet));

/** A label of 1 to 63 octets, mostly short. */
export const anyLabel: fc.Arbitrary<string> = fc
  .oneof(
    { weight: 4, arbitrary: fc.array(anyOctetChar, { minLength: 1, maxLength: 4 }) },
    { weight: 1, arbitrary: fc.array(anyOctetChar, { minLength: 1, maxLength: MAX_LABEL_OCTETS }) },
  )
  .map((chars) => chars.join(""));

/** Any legal name, the root included; long ones are cut to 255 octets. */
export const anyName: fc.Arbitrary<DomainName> = fc.array(anyLabel, { maxLength: 8 }).map((labels) => {
  const kept: string[] = [];
  let octets = 1;
  for (const label of labels) {
    octets += 1 + label.length;
    if (octets > MAX_NAME_OCTETS) break;
    kept.push(label);
  }
  return nameFromLabels(kept);
});

/** Any address of either family, often one of few, so that prefixes meet. */
export const anyAddress: fc.Arbitrary<Address> = fc
  .constantFrom(4, 16)
  .chain((length) =>
    fc.array(fc.oneof(fc.constantFrom(0, 1, 10, 127, 128, 255), fc.nat(255)), { minLength: length, maxLength: length }),
  )
  .map((octets) => addressOf(Uint8Array.from(octets)));

/** Any prefix of either family. */
export const anyCidr: fc.Arbitrary<Cidr> = anyAddress.chain((address) =>
  fc.nat(address.octets.length * 8).map((length) => cidrOf(address, length)),
);
