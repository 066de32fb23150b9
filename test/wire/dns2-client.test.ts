import dns2 from "dns2";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAddressPort } from "../../src/net/address.ts";
import { type Serving, serveExample } from "../support/serving.ts";

/** dns2's client, which shares no line with ours, asks the example as the hub and as the internet. */
let serving: Serving;
beforeAll(async () => {
  const at = parseAddressPort("127.0.0.1:0", 0);
  if (at === undefined) throw new Error("no address");
  serving = await serveExample([{ at, who: "hub" }, { at }]);
});
afterAll(() => serving.stop());

const chain = (response: Awaited<ReturnType<ReturnType<typeof dns2.UDPClient>>>): string[] =>
  response.answers.map((answer) => `${answer.name} ${answer.ttl} ${answer.domain ?? answer.address}`);

const PRIVATE = [
  "myregistry.azurecr.io 2881 myregistry.privatelink.azurecr.io",
  "myregistry.privatelink.azurecr.io 10 10.0.0.7",
];
const PUBLIC = [
  "myregistry.azurecr.io 2881 myregistry.privatelink.azurecr.io",
  "myregistry.privatelink.azurecr.io 2881 xxxx.xx.azcr.io",
  "xxxx.xx.azcr.io 300 xxxx-xxx-reg.trafficmanager.net",
  "xxxx-xxx-reg.trafficmanager.net 300 xxxx.westeurope.cloudapp.azure.com",
  "xxxx.westeurope.cloudapp.azure.com 10 20.45.122.144",
];

describe.each(["UDPClient", "TCPClient"] as const)("dns2's %s", (client) => {
  test.each([
    { who: "the hub", listener: 0, is: PRIVATE },
    { who: "the internet", listener: 1, is: PUBLIC },
  ])("reads what $who gets", async ({ listener, is }) => {
    const resolve = dns2[client]({ dns: "127.0.0.1", port: serving.at[listener]?.port ?? 0 });
    expect(chain(await resolve("myregistry.azurecr.io", "A"))).toEqual(is);
  });

  test("names a subnet, and gets that network's answer", async () => {
    const resolve = dns2[client]({ dns: "127.0.0.1", port: serving.at[1]?.port ?? 0 });
    const response = await resolve("myregistry.azurecr.io", "A", 1, { clientIp: "10.1.0.0/24" });
    expect(chain(response)).toEqual(PRIVATE);
  });

  test("reads a denial", async () => {
    const resolve = dns2[client]({ dns: "127.0.0.1", port: serving.at[0]?.port ?? 0 });
    const { header, answers, authorities } = await resolve("nosuch.privatelink.azurecr.io", "A");
    expect([header.rcode, answers.length, authorities[0]?.name]).toEqual([3, 0, "privatelink.azurecr.io"]);
  });
});
