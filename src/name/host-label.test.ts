import { expect, test } from "vitest";
import { isHostLabel } from "./host-label.ts";

test.each([
  { text: "vm1", is: true, because: "letters and digits make one" },
  { text: "3com", is: true, because: "a digit may come first (RFC 1123 §2.1)" },
  { text: "a-b_c", is: true, because: "hyphens and underscores stand inside" },
  { text: "a".repeat(63), is: true, because: "a label has 63 octets" },
  { text: "a".repeat(64), is: false, because: "and no more" },
  { text: "", is: false, because: "an empty label is the root's" },
  { text: "-vm", is: false, because: "a hyphen is no beginning" },
  { text: "vm-", is: false, because: "and no end" },
  { text: "web.server", is: false, because: "a dot would be part of the label, which no client asks for" },
  { text: "web server", is: false, because: "nor a blank" },
  { text: "müller", is: false, because: "it is ASCII" },
])("$text: $is, because $because", ({ text, is }) => {
  expect(isHostLabel(text)).toBe(is);
});
