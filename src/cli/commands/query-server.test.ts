import { describe, expect, test } from "vitest";
import { EXAMPLE_FOLDER, run } from "../../../test/support/memory-io.ts";
import { Diagnostics } from "../../diagnostics/diagnostic.ts";
import { parseAddressPort } from "../../net/address.ts";
import { LOOPBACK_PREFIXES } from "../../net/cidr.ts";
import { runLoad } from "../../project/load-order.ts";
import { createAnswer } from "../../serve/answer.ts";
import { openListeners } from "../../serve/listeners.ts";
import { compile } from "../../snapshot/compile.ts";
import { holdSnapshot } from "../../snapshot/holder.ts";

/** Runs a line where the example lies. */
function example(line: string): ReturnType<typeof run> {
  return run(line, EXAMPLE_FOLDER);
}

describe("a real server", () => {
  async function serveExample(): Promise<{ at: string; close(): Promise<unknown> }> {
    const loaded = runLoad({
      request: { paths: [], networks: [] },
      folder: EXAMPLE_FOLDER,
      exampleFolder: EXAMPLE_FOLDER,
      listen: [],
    });
    const at = parseAddressPort("127.0.0.1:0", 53);
    if (loaded.kind !== "loaded" || at === undefined) throw new Error("the example does not load");
    const fail = (error: unknown): never => {
      throw error;
    };
    const respond = createAnswer({
      snapshots: holdSnapshot(compile(loaded.input, new Diagnostics())),
      listener: () => ({ trust: LOOPBACK_PREFIXES }),
      identity: { version: "privlink 1.2.3", id: "test" },
      cookies: () => ({ current: new Uint8Array(16) }),
      onFault: fail,
    });
    const opened = await openListeners({
      listeners: [{ at, respond }],
      onFault: fail,
      onError: fail,
      onChange: () => undefined,
    });
    const port = opened.kind === "failed" ? 0 : opened.doors[0]?.at.port;
    return { at: `127.0.0.1:${port}`, close: () => (opened.kind === "failed" ? Promise.resolve() : opened.close(100)) };
  }

  test("says as whom it takes us, and doctor tells it", async () => {
    const server = await serveExample();
    try {
      const whoami = await example(`query whoami.privlink TXT CH +short @${server.at}`);
      expect(whoami.stdout).toBe('"the internet"\n');
      const { stdout } = await example(`doctor ${server.at} 127.0.0.1:1 -o json`);
      const { findings }: { findings: { sentence: string; verdict: string }[] } = JSON.parse(stdout);
      const reached = findings.filter(({ sentence }) => sentence.startsWith("127.0.0.1:"));
      expect(reached.map(({ sentence, verdict }) => `${verdict}: ${sentence}`)).toEqual([
        `fine: ${server.at} is privlink, and takes this machine as the internet`,
        "note: 127.0.0.1:1 refused the connection: nothing listens there",
      ]);
    } finally {
      await server.close();
    }
  });

  test("gives what the files give, in every form and for every asker", async () => {
    const server = await serveExample();
    try {
      for (const from of ["hub", "spoke", "onprem", "internet", "legacy@spoke", "10.0.0.9"]) {
        for (const name of ["myregistry.azurecr.io", "nope.privatelink.azurecr.io", "azurecr.io"]) {
          for (const words of ["+noall +answer +authority", "+short +tcp", "MX +noall +authority"]) {
            const files = await example(`query ${name} ${words} --from ${from}`);
            const wire = await example(`query ${name} ${words} --from ${from} @${server.at}`);
            expect({ from, name, words, ...wire }).toEqual({ from, name, words, ...files });
          }
        }
      }
    } finally {
      await server.close();
    }
  });

  test("is named where dig names it", async () => {
    const server = await serveExample();
    const port = server.at.split(":")[1];
    try {
      const { stdout } = await example(`query myregistry.azurecr.io @127.0.0.1 -p ${port} +subnet=10.0.0.0/24`);
      expect(stdout).toContain("id: 4660\n"); // 0x1234
      expect(stdout).toContain("; CLIENT-SUBNET: 10.0.0.0/24/24\n");
      expect(stdout).toContain(`;; SERVER: 127.0.0.1#${port}(127.0.0.1) (UDP)\n`);
      expect(stdout).not.toContain("; ORIGIN");
    } finally {
      await server.close();
    }
  });

  test("answers options, which are shown as dig shows them", async () => {
    const server = await serveExample();
    const options = async (words: string): Promise<string[]> => {
      const { stdout } = await example(`query myregistry.azurecr.io @${server.at} ${words}`);
      return stdout.split("\n").filter((line) => /^; [A-Z]/.test(line) && !line.startsWith("; EDNS"));
    };
    try {
      expect(await options("+nsid")).toEqual(['; NSID: 74 65 73 74 ("test")']);
      expect(await options("+tcp +keepalive")).toEqual(["; TCP KEEPALIVE: 10.0 secs"]);
      expect(await options("+cookie=0102030405060708")).toEqual([
        expect.stringMatching(/^; COOKIE: 010203040506070801000000[0-9a-f]{24} \(good\)$/),
      ]);
      expect(await options("+cookie --from 10.0.0.4")).toEqual([
        "; CLIENT-SUBNET: 10.0.0.4/32/32",
        expect.stringMatching(/^; COOKIE: [0-9a-f]{48} \(good\)$/),
      ]);
      expect(await options("+cookie +noedns")).toEqual([]);
    } finally {
      await server.close();
    }
  });

  test("that is not there is exit code 9", async () => {
    const server = await serveExample();
    await server.close();
    const { code, stdout, stderr } = await example(`query myregistry.azurecr.io @${server.at}`);
    expect({ code, stderr }).toEqual({
      code: 9,
      stderr: `privlink: no reply: ${server.at} refused the connection: nothing listens there\n`,
    });
    expect(stdout).toContain(";; no reply came\n");
  });
});
