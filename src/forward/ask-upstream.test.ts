import { describe, expect, test } from "vitest";
import { freePort, here } from "../../test/loopback.ts";
import { knownName } from "../name/name-text.ts";
import { sourceFile } from "../source/source-file.ts";
import type { Target } from "../topology/model.ts";
import { askUpstreamWith } from "./ask-upstream.ts";

describe("askUpstreamWith", () => {
  const ask = askUpstreamWith(() => 7, { timeoutMs: 200, tries: 1 });
  test.each([
    { what: "where nobody listens", tls: undefined },
    { what: "where nobody listens for TLS", tls: "dns.example" },
  ])("tells a server $what from one that is silent: it is no way there", async ({ tls }) => {
    const at = here("127.0.0.1", await freePort());
    const span = { file: sourceFile("privlink.yaml", ""), start: 0, end: 0 };
    const target: Target = { kind: "address", text: "up", at, span, ...(tls === undefined ? {} : { tls }) };
    const reply = await ask([target], { name: knownName("a.example"), type: 1 });
    expect(reply).toEqual({
      kind: "failed",
      targets: [{ target: "up", why: expect.stringContaining("nothing listens there"), isNetworkError: true }],
    });
  });
});
