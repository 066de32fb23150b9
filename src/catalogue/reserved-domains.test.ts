import { expect, test } from "vitest";
import { AZURE_RESERVED_DOMAINS } from "./reserved-domains.ts";

test.each(["windows.net", "azure.com", "azure.net", "windowsazure.us", "microsoft.com", "azurecr.io", "azure.cn"])(
  "%s is reserved",
  (domain) => expect(AZURE_RESERVED_DOMAINS).toContain(domain),
);

test("every one is a name of two labels, once, and nobody's top-level domain", () => {
  expect(AZURE_RESERVED_DOMAINS.filter((domain) => !/^[a-z0-9-]+\.[a-z]+$/.test(domain))).toEqual([]);
  expect(new Set(AZURE_RESERVED_DOMAINS).size).toBe(AZURE_RESERVED_DOMAINS.length);
  expect(AZURE_RESERVED_DOMAINS.length).toBeGreaterThan(30);
});
