import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { askFor } from "../../test/asking.ts";
import { freePort, here, pause } from "../../test/loopback.ts";
import { needs } from "../../test/support/tools.ts";
import { knownName } from "../name/name-text.ts";
import type { AddressPort } from "../net/address.ts";

describe("named", () => {
  let at: AddressPort | undefined;
  let stop = (): Promise<void> => Promise.resolve();

  beforeEach(needs("named"));
  beforeEach(async () => {
    if (at !== undefined) return;
    const folder = await mkdtemp(join(tmpdir(), "privlink-named-"));
    const port = await freePort();
    const long = Array.from({ length: 30 }, (_, i) => `long 60 IN TXT "${"x".repeat(100)}${i}"`).join("\n");
    await writeFile(
      join(folder, "zone"),
      `@ 60 IN SOA . . 1 1 1 1 1\n@ 60 IN NS ns\nns 60 IN A 192.0.2.2\na 60 IN A 192.0.2.1\n${long}\n`,
    );
    await writeFile(
      join(folder, "conf"),
      `options { directory "${folder}"; listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; }; recursion no; pid-file none; session-keyfile none; };
       controls { };
       zone "example" { type primary; file "zone"; };`,
    );
    const child = spawn("named", ["-g", "-c", join(folder, "conf")], { stdio: "ignore" });
    const gone = new Promise<void>((resolve) => {
      child.on("exit", () => resolve());
      child.on("error", () => resolve());
    });
    const own = here("127.0.0.1", port);
    stop = async () => {
      child.kill("SIGKILL");
      await gone;
      await rm(folder, { recursive: true });
    };
    // It listens before it has read its zones.
    const isReady = async (): Promise<boolean> => {
      const result = await askFor(own);
      return result.kind === "reply" && result.message.rcode === 0;
    };
    for (let i = 0; i < 100 && !(await isReady()); i++) await pause(50);
    at = own;
  });
  afterAll(() => stop());

  const edns = { version: 0, udpSize: 1232, dnssecOk: false, options: [] };
  test.each([
    { name: "a.example", type: 1, by: "udp", finds: { rcode: 0, answers: [{ ttl: 60 }] } },
    { name: "missing.example", type: 1, by: "udp", finds: { rcode: 3, answers: [], authorities: [{ type: 6 }] } },
    { name: "a.elsewhere", type: 1, by: "udp", finds: { rcode: 5 } },
    { name: "long.example", type: 16, by: "tcp", finds: { rcode: 0, answers: { length: 30 } } },
  ])("answers $name over $by", async ({ name, type, by, finds }) => {
    const result = await askFor(at ?? here(), { name: knownName(name), type, edns, timeoutMs: 2000 });
    expect(result).toMatchObject({ kind: "reply", transport: by, message: { ...finds, edns: { version: 0 } } });
  });
});
