import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { askControl } from "../../src/control/ask-control.ts";
import { type AddressPort, formatAddressPort } from "../../src/net/address.ts";
import { type FakeUpstream, openFakeUpstream } from "../fake-upstream.ts";
import { changedReply, closeAfterEach, datagramClient, queryOctets, until } from "../loopback.ts";
import { projectFolder } from "../support/project-folder.ts";
import { listenerOf, serveFolder } from "../support/reloading.ts";

const later = closeAfterEach();

async function upstream(): Promise<FakeUpstream> {
  // Without AD, which would keep a reply from being ready.
  const replyTo = (octets: Uint8Array): Uint8Array => changedReply(octets, (reply) => (reply[3] = 0x80));
  const fake = await openFakeUpstream({ udp: (got, send) => send(replyTo(got.octets)) });
  later(() => fake.close());
  return fake;
}

/** Asks as a plain client does, whose replies may be ready: one question, no OPT. */
async function ask(at: AddressPort, name: string): Promise<void> {
  const client = await datagramClient();
  client.send(queryOctets(7, name), at);
  await until(() => client.replies.length === 1, "a reply came");
  await client.close();
}

const topology = (server: AddressPort, more = ""): string => `networks: { hub: { prefixes: 127.0.0.0/8 } }
resolvers:
  fwd: { network: hub, forward: { ".": up }${more} }
  up: { network: hub, address: "${formatAddressPort(server)}", external: true }
listen: { address: "127.0.0.1:0", resolver: fwd }
`;

describe("what a running server keeps of a real server's answers", () => {
  test("stays over a reload, and goes with the server that was asked", async () => {
    const [first, second] = [await upstream(), await upstream()];
    const folder = projectFolder({ "privlink.yaml": topology(first.at) });
    later(() => folder.close());
    const socket = join(folder.path, "socket");
    const server = await serveFolder(later, folder, { listen: [], args: ["--control", socket] });
    const kept = async (): Promise<unknown> => {
      const answer = await askControl(socket, { method: "GET", path: "/v1/cache" });
      const body = answer.kind === "reply" ? answer.body : answer;
      return typeof body === "object" && body !== null && "answers" in body ? body.answers : body;
    };
    const reload = async (text: string): Promise<void> => {
      const since = server.stderr().length;
      folder.replace("privlink.yaml", text);
      await server.sees(/reloaded/, since);
    };
    for (let i = 0; i < 3; i++) await ask(listenerOf(server), "www.example");
    expect(first.got.length).toBe(1);
    await reload(`${topology(first.at)}public: { records: "other.example. 60 A 192.0.2.9" }\n`);
    await ask(listenerOf(server), "www.example");
    expect(first.got.length).toBe(1);
    await reload(topology(second.at));
    expect(await kept()).toEqual([]);
    for (let i = 0; i < 3; i++) await ask(listenerOf(server), "www.example");
    expect([first.got.length, second.got.length]).toEqual([1, 1]);
    // Also what was made ready of it is forgotten.
    expect(await askControl(socket, { method: "DELETE", path: "/v1/cache", query: { name: "example" } })).toMatchObject(
      {
        body: { flushed: 1 },
      },
    );
    await ask(listenerOf(server), "www.example");
    expect(second.got.length).toBe(2);
    await reload(topology(second.at, ", cache: false"));
    for (let i = 0; i < 3; i++) await ask(listenerOf(server), "www.example");
    expect(second.got.length).toBe(5);
  }, 20_000);
});
