import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { ModelError, openModel, type Server, type ServerOptions, startServer } from "./privlink.ts";

const TOPOLOGY = {
  networks: {
    hub: { kind: "azure", prefixes: "10.0.0.0/16", hosts: { vm: "10.0.0.9" } },
    spoke: { kind: "azure", prefixes: "10.1.0.0/16" },
  },
  zones: { "corp.example": { file: "zones/corp.zone", links: ["hub"] } },
} as const;
const FILES = { "zones/corp.zone": "www 60 A 10.0.0.1\ndocs 60 CNAME www\n" };
const MODEL = { topology: TOPOLOGY, files: FILES } as const;

const open: Server[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function start(options: ServerOptions): Promise<Server> {
  const server = await startServer(options);
  open.push(server);
  return server;
}

/** The addresses of a name, or how it failed, as Node's own resolver tells. */
async function ask(server: Server, as: string | undefined, name: string): Promise<string> {
  const resolver = new Resolver({ timeout: 2000, tries: 1 });
  resolver.setServers([server.at(as).text]);
  return resolver.resolve4(name).then(
    (addresses) => addresses.join(" "),
    (error: unknown) => (error instanceof Error && "code" in error ? String(error.code) : String(error)),
  );
}

const folder = mkdtempSync(join(tmpdir(), "privlink-library-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a server in the process", () => {
  test.each([
    { as: "hub", name: "www.corp.example", gives: "10.0.0.1", because: "the zone is linked there" },
    { as: "HUB", name: "docs.corp.example", gives: "10.0.0.1", because: "case does not count, aliases are followed" },
    { as: "spoke", name: "www.corp.example", gives: "ENOTFOUND", because: "nothing is linked there" },
    { as: "internet", name: "www.corp.example", gives: "ENOTFOUND", because: "the internet sees no private zone" },
    { as: undefined, name: "www.corp.example", gives: "ENOTFOUND", because: "127.0.0.1 stands in no network" },
  ])("answers $as for $name with $gives: $because", async ({ as, name, gives }) => {
    expect(await ask(await start(MODEL), as, name)).toBe(gives);
  });

  test("tells what it was asked, in order, and forgets it when told to", async () => {
    const server = await start(MODEL);
    await ask(server, "hub", "docs.corp.example");
    await ask(server, "spoke", "nowhere.corp.example");
    expect(server.queries).toMatchObject([
      {
        network: "hub",
        name: "docs.corp.example",
        type: "A",
        rcode: "NOERROR",
        transport: "udp",
        client: "127.0.0.1",
        zone: "corp.example",
        chain: ["www.corp.example"],
      },
      { network: "spoke", name: "nowhere.corp.example", rcode: "NXDOMAIN", chain: [] },
    ]);
    server.forgetQueries();
    expect(server.queries).toEqual([]);
  });

  test("keeps the latest questions, as many as it was told to", async () => {
    const server = await start({ ...MODEL, queriesKept: 2 });
    for (const name of ["a", "b", "c", "d", "e"]) await ask(server, "hub", `${name}.corp.example`);
    expect(server.queries.map(({ name }) => name)).toEqual(["d.corp.example", "e.corp.example"]);
  });

  test("listens where it is told, as whom it is told", async () => {
    const server = await start({
      ...MODEL,
      listen: [{ as: "hub" }, { as: "hub/authoritative", address: "127.0.0.2" }],
    });
    expect(server.listeners.map(({ as, address }) => `${as} ${address}`)).toEqual([
      "hub 127.0.0.1",
      "hub/authoritative 127.0.0.2",
    ]);
    expect(await ask(server, "hub/authoritative", "www.corp.example")).toBe("10.0.0.1");
    expect(() => server.at("spoke")).toThrow(
      new RangeError("no listener answers as spoke: there are hub, hub/authoritative"),
    );
  });

  test("takes another model over whole, and keeps the old one when that is none", async () => {
    const server = await start(MODEL);
    await server.reload({ topology: TOPOLOGY, files: { "zones/corp.zone": "www 60 A 10.0.0.2\n" } });
    expect(await ask(server, "hub", "www.corp.example")).toBe("10.0.0.2");
    await expect(server.reload({ topology: TOPOLOGY })).rejects.toThrow(/zones\/corp\.zone does not exist in given/);
    await expect(server.reload({ topology: { networks: { hub: {} } } })).rejects.toThrow(
      /^listen: spoke is neither a network nor a resolver/,
    );
    expect(await ask(server, "hub", "www.corp.example")).toBe("10.0.0.2");
    expect(server.explain("www.corp.example", { from: "hub" }).answers).toEqual(["10.0.0.2"]);
  });

  test("reads its files again when it is told to, and not before", async () => {
    writeFileSync(
      join(folder, "privlink.yaml"),
      JSON.stringify({ ...TOPOLOGY, zones: { "corp.example": { file: "corp.zone", links: "all" } } }),
    );
    writeFileSync(join(folder, "corp.zone"), "www 60 A 10.0.0.3\n");
    const server = await start({ config: join(folder, "privlink.yaml") });
    writeFileSync(join(folder, "corp.zone"), "www 60 A 10.0.0.4\n");
    expect(await ask(server, "spoke", "www.corp.example")).toBe("10.0.0.3");
    await server.reload();
    expect(await ask(server, "spoke", "www.corp.example")).toBe("10.0.0.4");
  });

  test("closes its sockets", async () => {
    const server = await startServer(MODEL);
    const { port } = server.at("hub");
    await server.close();
    const socket = createSocket("udp4").bind(port, "127.0.0.1");
    await once(socket, "listening");
    socket.close();
  });

  test("that asks itself is none, and leaves nothing open", async () => {
    const { port } = (await start(MODEL)).at("hub");
    await open.pop()?.close();
    const topology = { networks: { hub: {} }, public: { upstream: `127.0.0.1:${port}` } };
    await expect(startServer({ topology, listen: [{ port }] })).rejects.toThrow(/is privlink itself/);
    await expect(startServer({ topology, listen: [{ port }] })).rejects.toThrow(ModelError);
  });
});

describe("what is no model and no option is said", () => {
  test.each<{ readonly options: ServerOptions; readonly says: RegExp; readonly kind: string }>([
    {
      options: { config: "/nowhere/privlink.yaml" },
      says: /^\/nowhere\/privlink\.yaml does not exist$/,
      kind: "ModelError",
    },
    {
      options: { topology: "networks: { hub: { prefixes: 10.0.0.300/16 } }" },
      says: /^given:privlink\.yaml cannot be used:\ngiven:privlink\.yaml:1:30: error: 10\.0\.0\.300\/16 is no prefix/,
      kind: "ModelError",
    },
    {
      options: { ...MODEL, listen: [{ as: "hubb" }] },
      says: /^listen: hubb is neither a network nor/,
      kind: "ModelError",
    },
    { options: { ...MODEL, listen: [] }, says: /^listen is empty/, kind: "RangeError" },
    {
      options: { ...MODEL, listen: [{ address: "localhost" }] },
      says: /^listen: localhost is no IP address$/,
      kind: "RangeError",
    },
    { options: { ...MODEL, listen: [{ port: 65_536 }] }, says: /^listen: 65536 is no port/, kind: "RangeError" },
    { options: { ...MODEL, queriesKept: -1 }, says: /^queriesKept is -1/, kind: "RangeError" },
    { options: { ...MODEL, listen: [{ address: "203.0.113.1" }] }, says: /203\.0\.113\.1/, kind: "ListenError" },
  ])("$says", async ({ options, says, kind }) => {
    const failed = await startServer(options).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failed).toHaveProperty("name", kind);
    expect(failed).toHaveProperty("message", expect.stringMatching(says));
  });

  test("a model that is refused has every finding with its place", () => {
    const topology = "networks:\n  hub: { prefixes: 10.0.0.300/16, colour: blue }\n";
    try {
      openModel({ topology });
    } catch (error) {
      expect(error).toBeInstanceOf(ModelError);
      expect(error instanceof ModelError ? error.findings : []).toMatchObject([
        { code: "topology/bad-prefix", severity: "error", file: "given:privlink.yaml", line: 2, column: 20 },
        { code: "topology/unknown-key", severity: "error", file: "given:privlink.yaml", line: 2, column: 35 },
      ]);
      return;
    }
    expect.unreachable("the model was taken");
  });

  test.each([
    {
      name: "www.corp.example",
      from: "hubb",
      type: "A",
      says: "nobody is called hubb: there are hub, vm@hub, spoke, internet, and addresses",
    },
    { name: "www.corp.example", from: "hub", type: "AA", says: "AA is no record type: write A, AAAA, TXT, TYPE65280" },
    { name: `${"a".repeat(64)}.example`, from: "hub", type: "A", says: /label/ },
    { name: "", from: "hub", type: "A", says: /^the name / },
  ])("explain $name $type from $from", ({ name, from, type, says }) => {
    const model = openModel(MODEL);
    expect(() => model.explain(name, { from, type })).toThrow(RangeError);
    expect(() => model.explain(name, { from, type })).toThrow(says);
  });
});

describe("a model without a server", () => {
  test.each([
    { from: "hub", outcome: "answer", origin: "private", answers: ["10.0.0.1"] },
    { from: "vm@hub", outcome: "answer", origin: "private", answers: ["10.0.0.1"] },
    { from: "10.0.3.4", outcome: "answer", origin: "private", answers: ["10.0.0.1"] },
    { from: "10.1.3.4", outcome: "nxdomain", origin: "public", answers: [] },
    { from: "internet", outcome: "nxdomain", origin: "public", answers: [] },
  ])("explains for $from: $outcome", ({ from, ...expected }) => {
    const model = openModel(MODEL);
    const told = model.explain("www.corp.example", { from });
    expect(told).toMatchObject(expected);
    expect(told.text).toContain(`asked from ${from}`);
    expect(model.networks).toEqual(["hub", "spoke"]);
  });

  test.each([
    {
      names: "a file from the folder it is in",
      zones: { "corp.example": { file: "./zones/corp.zone", links: "all" } },
    },
    { names: "a folder", zones: { own: { folder: "zones", links: "all" } } },
  ])("finds the files that it was given where the topology names $names", ({ zones }) => {
    const files = { "./zones/corp.zone": "$ORIGIN corp.example.\nwww 60 A 10.0.0.1\n" };
    const model = openModel({ topology: { networks: { hub: { prefixes: "10.0.0.0/16" } }, zones }, files });
    expect(model.explain("www.corp.example", { from: "hub" }).answers).toEqual(["10.0.0.1"]);
  });

  test("tells the places that an answer rests on", () => {
    const { steps, records } = openModel(MODEL).explain("docs.corp.example", { from: "hub" });
    expect(steps.flatMap(({ places }) => places)).toContainEqual({ file: "given:zones/corp.zone", line: 2, column: 1 });
    expect(records).toEqual(["docs.corp.example. 60 IN CNAME www.corp.example.", "www.corp.example. 60 IN A 10.0.0.1"]);
  });
});
