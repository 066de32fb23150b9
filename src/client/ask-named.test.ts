import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askFor } from "../../test/asking.ts";
import { datagramClient, here, pause } from "../../test/loopback.ts";
import { describeWith } from "../../test/support/tools.ts";
import { knownName } from "../name/name-text.ts";
import type { AddressPort } from "../net/address.ts";

describeWith(["named"], "named", (program) => {
  const named: { at: AddressPort; stop: () => Promise<void> } = { at: here(), stop: () => Promise.resolve() };

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), "privlink-named-"));
    const probe = await datagramClient();
    const { port } = probe.socket.address();
    await probe.close();
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
    const child = spawn(program, ["-g", "-c", join(folder, "conf")], { stdio: "ignore" });
    const gone = new Promise<void>((resolve) => {
      child.on("exit", () => resolve());
      child.on("error", () => resolve());
    });
    named.at = here("127.0.0.1", port);
    named.stop = async () => {
      child.kill("SIGKILL");
      await gone;
      await rm(folder, { recursive: true });
    };
    for (let i = 0; i < 50 && (await askFor(named.at)).kind === "failed"; i++) await pause(50);
  });
  afterAll(() => named.stop());

  const edns = { version: 0, udpSize: 1232, dnssecOk: false, options: [] };
  test.each([
    { name: "a.example", type: 1, by: "udp", finds: { rcode: 0, answers: [{ ttl: 60 }] } },
    { name: "missing.example", type: 1, by: "udp", finds: { rcode: 3, answers: [], authorities: [{ type: 6 }] } },
    { name: "a.elsewhere", type: 1, by: "udp", finds: { rcode: 5 } },
    { name: "long.example", type: 16, by: "tcp", finds: { rcode: 0, answers: { length: 30 } } },
  ])("answers $name over $by", async ({ name, type, by, finds }) => {
    const result = await askFor(named.at, { name: knownName(name), type, edns, timeoutMs: 2000 });
    expect(result).toMatchObject({ kind: "reply", transport: by, message: { ...finds, edns: { version: 0 } } });
  });
});
