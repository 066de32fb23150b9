import { expect, test } from "vitest";
import { loadText } from "../../test/support/memory-files.ts";
import { knownAddress } from "../net/address.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { KnownAskers } from "./known-askers.ts";
import { networkOf } from "./reply-terms.ts";

function modelOf(clients: string): Snapshot {
  return loadText(`networks: { hub: { kind: azure, prefixes: 10.0.0.0/16, clients: ${clients} } }\n`).snapshot;
}

const local = { address: knownAddress("127.0.0.1"), port: 53 };
const at = (text: string, asked = local) => ({ address: knownAddress(text), local: asked });

test("a client stands where the generation at hand says, not where the last one did", () => {
  const askers = new KnownAskers(() => ({ trust: [] }));
  const [before, after] = [modelOf("127.10.0.0/16"), modelOf("127.11.0.0/16")];
  const standings = [before, before, after, before].map((snapshot) => networkOf(askers.at(snapshot, at("127.10.0.4"))));
  expect(standings).toEqual(["hub", "hub", "internet", "hub"]);
});

test("is told apart by the address that was asked, too", () => {
  const { snapshot } = loadText(`
networks: { hub: { kind: azure, prefixes: 10.0.0.0/16, clients: 127.10.0.0/16 } }
resolvers: { own: { network: hub, address: 127.0.0.2, forward: { ".": platform } } }
`);
  const askers = new KnownAskers(() => ({ trust: [] }));
  const other = { address: knownAddress("127.0.0.2"), port: 53 };
  const kinds = [local, other, local].map((asked) => {
    const asker = askers.at(snapshot, at("127.10.0.4", asked));
    return asker.kind === "addressee" ? asker.addressee.kind : asker.kind;
  });
  expect(kinds).toEqual(["servers-of", "resolver", "servers-of"]);
});

test("looks a client up once, and again after a flood of others", () => {
  const snapshot = modelOf("127.10.0.0/16");
  let looked = 0;
  const askers = new KnownAskers(() => {
    looked += 1;
    return { trust: [] };
  });
  askers.at(snapshot, at("127.10.0.4"));
  askers.at(snapshot, at("127.10.0.4"));
  expect(looked).toBe(1);
  for (let i = 0; i < 8192; i++) askers.at(snapshot, at(`10.9.${i >> 8}.${i & 255}`));
  askers.at(snapshot, at("127.10.0.4"));
  expect(looked).toBe(8194);
});
