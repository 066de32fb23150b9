import { expect, test } from "vitest";
import { parseCacheSize } from "./cache-size.ts";

test.each([
  { text: "32MiB", octets: 33_554_432 },
  { text: "33554432", octets: 33_554_432 },
  { text: "64kib", octets: 65_536 },
  { text: "2GiB", octets: 2_147_483_648 },
  { text: "65535", octets: undefined, because: "too little to keep anything by" },
  { text: "3GiB", octets: undefined, because: "more than a heap holds" },
  { text: "99999999999999999999999", octets: undefined },
  { text: "32MB", octets: undefined, because: "1000 or 1024?" },
  { text: "32 MiB", octets: undefined },
  { text: "1.5GiB", octets: undefined },
  { text: "-1", octets: undefined },
  { text: "1e9", octets: undefined },
  { text: "MiB", octets: undefined },
  { text: "", octets: undefined },
])('"$text" is $octets octets', ({ text, octets }) => {
  expect(parseCacheSize(text)).toBe(octets);
});
