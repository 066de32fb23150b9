import { connect, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { formatAddressPort } from "../src/net/address.ts";
import { until } from "./loopback.ts";
import { runProgram, startServer } from "./support/server.ts";

const clients = new Set<Socket>();
afterEach(() => {
  for (const client of clients) client.destroy();
});

test("a server that may open no more files answers over UDP meanwhile, and over TCP once others have left", async () => {
  const server = await startServer({ within: ["sh", "-c", 'ulimit -n 64; exec "$@"', "sh"] });
  const [at] = server.at;
  if (at === undefined) throw new Error("it listens nowhere");
  const ask = async (...words: string[]): Promise<string> => {
    const query = ["query", "myregistry.azurecr.io", `@${formatAddressPort(at)}`, "+short", ...words];
    return (await runProgram(query, "/tmp")).stdout;
  };
  let gone = 0;
  for (let i = 0; i < 150; i++) {
    const client = connect({ host: at.address.text, port: at.port });
    clients.add(client);
    client.on("error", () => undefined);
    client.on("close", () => (gone += 1));
  }
  await until(() => gone > 50, "some of them found no room");
  expect(await ask()).toContain("20.45.122.144");
  for (const client of clients) client.destroy();
  expect(await ask("+tcp")).toContain("20.45.122.144");
  expect(await server.stop()).toEqual({ code: 0, signal: null });
});
