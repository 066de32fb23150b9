import { describe, expect, test } from "vitest";
import { knownName } from "../name/name-text.ts";
import { makeSoa } from "../record/rdata-wire.ts";
import type { RRset } from "../record/rrset.ts";
import type { Failure, Outcome, Refusal, Silence, Step } from "../resolve/resolution.ts";
import type { ViewZone } from "../snapshot/snapshot.ts";
import { zoneOfRRsets } from "../snapshot/zone-of-rrsets.ts";
import { sourceFile } from "../source/source-file.ts";
import { extendedErrorOf } from "./extended-error.ts";

const SPAN = { file: sourceFile("privlink.yaml", ""), start: 0, end: 0 };
const ORIGIN = knownName("privatelink.azurecr.io.");
const SOA: RRset = {
  owner: ORIGIN,
  type: 6,
  ttl: 10,
  rdatas: [makeSoa({ mname: ORIGIN, rname: ORIGIN, serial: 1, refresh: 2, retry: 3, expire: 4, minimum: 10 })],
};
const ZONE: ViewZone = {
  key: "rg/privatelink.azurecr.io",
  zone: zoneOfRRsets(ORIGIN, SOA, []),
  span: SPAN,
  onMiss: "internet",
};
const NAME = knownName("b.privatelink.azurecr.io.");
const DENIED = { kind: "nxdomain", closestEncloser: ORIGIN } as const;

const zone: Step = { kind: "zone", name: NAME, source: ZONE, found: DENIED };
const redirect: Step = { kind: "redirect", name: NAME, source: ZONE };
const offline: Step = { kind: "offline", name: NAME };
const publicZone: Step = { kind: "public", name: NAME, found: DENIED };
const builtin: Step = { kind: "builtin", name: NAME, domain: ORIGIN };
const upstream: Step = { kind: "upstream", name: NAME, targets: ["1.1.1.1"], result: "answered" };
const cut: Step = { kind: "cut", at: NAME };

/** `CODE text`. */
function told(outcome: Outcome, trace: readonly Step[] = []): string {
  const error = extendedErrorOf({ question: { name: NAME, type: 1 }, aliases: [], outcome, trace });
  return error === undefined ? "nothing" : `${error.code} ${error.text}`;
}

describe("extendedErrorOf a denial", () => {
  const private_ = "0 private zone rg/privatelink.azurecr.io has no b.privatelink.azurecr.io";
  const missing = "0 no public data for b.privatelink.azurecr.io: offline";
  test.each([
    { what: "by a private zone", trace: [zone], says: private_ },
    { what: "by a private zone behind public data", trace: [publicZone, zone], says: private_ },
    { what: "by a private zone, told by a later step that says nothing of names", trace: [zone, cut], says: private_ },
    { what: "offline", trace: [offline], says: missing },
    { what: "offline after a private zone sent it there", trace: [zone, redirect, offline], says: missing },
    { what: "by a public zone: it is simply so", trace: [publicZone], says: "nothing" },
    { what: "by a public zone after a private one", trace: [zone, redirect, publicZone], says: "nothing" },
    { what: "by a name that every resolver knows", trace: [zone, builtin], says: "nothing" },
    { what: "by a real server", trace: [zone, redirect, upstream], says: "nothing" },
    { what: "by nobody", trace: [], says: "nothing" },
  ])("$what: $says", ({ trace, says }) => {
    expect(told({ kind: "nxdomain", soa: SOA }, trace)).toBe(says);
  });

  test("says nothing of a missing type, of data and of YXDOMAIN", () => {
    for (const outcome of [{ kind: "nodata" }, { kind: "answer", rrsets: [SOA] }, { kind: "yxdomain" }] as const) {
      expect(told(outcome, [offline])).toBe("nothing");
    }
  });
});

describe("extendedErrorOf", () => {
  test.each<{ reason: Failure; says: string }>([
    { reason: { kind: "alias-loop", name: NAME }, says: "0 the aliases lead back to b.privatelink.azurecr.io" },
    { reason: { kind: "alias-limit", limit: 16 }, says: "0 more than 16 aliases in a row" },
    {
      reason: { kind: "resolver-loop", path: ["a", "b", "a"] },
      says: "0 resolvers ask each other in a loop: a → b → a",
    },
    {
      reason: { kind: "resolver-limit", path: ["a", "b"] },
      says: "0 more than 1 resolvers wait for one another: a → b",
    },
    {
      reason: { kind: "targets-failed", targets: [{ target: "10.0.0.4", why: "REFUSED" }] },
      says: "22 no target answered: 10.0.0.4 (REFUSED)",
    },
    {
      reason: {
        kind: "targets-failed",
        targets: [{ target: "tls://dns.example@192.0.2.1", why: "speaks no TLS", isNetworkError: true }],
      },
      says: "23 no target answered: tls://dns.example@192.0.2.1 (speaks no TLS)",
    },
    {
      reason: {
        kind: "targets-failed",
        targets: [
          { target: "192.0.2.1", why: "cannot be reached", isNetworkError: true },
          { target: "192.0.2.2", why: "gave no reply in 1500 ms" },
        ],
      },
      says: "22 no target answered: 192.0.2.1 (cannot be reached), 192.0.2.2 (gave no reply in 1500 ms)",
    },
    {
      reason: { kind: "delegation", cut: ORIGIN },
      says: "22 privatelink.azurecr.io is delegated to servers outside the model",
    },
  ])("a failure ($reason.kind) says $says", ({ reason, says }) => {
    expect(told({ kind: "failed", reason })).toBe(says);
  });

  test.each<{ reason: Refusal; says: RegExp }>([
    { reason: { kind: "ambiguous-client", networks: ["hub", "spoke"] }, says: /^18 .*hub and spoke/ },
    { reason: { kind: "recursion-not-desired" }, says: /^20 .*recursion/ },
  ])("a refusal ($reason.kind) says $says", ({ reason, says }) => {
    expect(told({ kind: "refused", reason })).toMatch(says);
  });

  test.each<{ reason: Silence; says: RegExp }>([
    { reason: { kind: "no-resolver-there", target: "10.0.0.40", network: "hub" }, says: /^22 .*10\.0\.0\.40.*hub/ },
    {
      reason: { kind: "unreachable", target: "10.0.0.4", from: "spoke", to: "hub" },
      says: /^22 .*10\.0\.0\.4.*hub.*spoke/,
    },
    {
      reason: { kind: "platform-outside", target: "168.63.129.16", from: "onprem" },
      says: /^22 .*168\.63\.129\.16.*onprem/,
    },
    {
      reason: { kind: "targets-silent", targets: [{ target: "10.0.0.4", why: "no reply" }] },
      says: /^22 .*10\.0\.0\.4/,
    },
  ])("silence ($reason.kind) says $says", ({ reason, says }) => {
    expect(told({ kind: "no-reply", reason })).toMatch(says);
  });
});
