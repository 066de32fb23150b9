import { expect, test } from "vitest";
import { AddressCache } from "./address-cache.ts";

test.each([
  { text: "127.10.0.4", reads: "127.10.0.4" },
  { text: "::1", reads: "::1" },
  { text: "::ffff:10.0.0.4", reads: "10.0.0.4" },
  { text: "fe80::1%eth0", reads: "fe80::1" },
])("$text is read once, as $reads", ({ text, reads }) => {
  const cache = new AddressCache();
  const first = cache.get(text);
  expect(first.address.text).toBe(reads);
  expect(cache.get(text)).toBe(first);
});

test("what was learnt of an address is kept with it, and a new one is doubtful", () => {
  const cache = new AddressCache();
  expect(cache.get("127.0.0.1").doubtful).toBe(true);
  cache.get("127.0.0.1").doubtful = false;
  expect(cache.get("127.0.0.1").doubtful).toBe(false);
  expect(cache.get("127.0.0.2").doubtful).toBe(true);
});

test("a flood of sources takes no more room than was given", () => {
  const cache = new AddressCache(100);
  for (let i = 0; i < 1000; i++) {
    cache.get(`10.0.${i >> 8}.${i & 255}`);
    expect(cache.size).toBeLessThanOrEqual(100);
  }
});
