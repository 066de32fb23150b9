import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { serveCommand } from "../../src/cli/commands/serve.ts";
import { closeAfterEach } from "../loopback.ts";
import { runTool } from "../support/server.ts";
import { needs } from "../support/tools.ts";

const UNITS = join(import.meta.dirname, "..", "..", "deploy", "systemd");
const SERVICE = "privlink.service";
/** As `systemd-analyze security` counts: 0 is safe, 10 is not. */
const EXPOSURE_BOUND = { withSocket: 1.8, withoutSocket: 2.2 };

const later = closeAfterEach();
beforeEach(needs("systemd-analyze"));

/** The units in a folder of their own, with a program that this machine has. */
function unitsHere(...dropIns: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "privlink-units-"));
  later(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of readdirSync(UNITS).filter((one) => /\.(?:service|socket)$/.test(one)))
    writeFileSync(
      join(folder, name),
      readFileSync(join(UNITS, name), "utf8").replace("=/usr/bin/privlink ", `=${process.execPath} `),
    );
  if (dropIns.length > 0) mkdirSync(join(folder, `${SERVICE}.d`));
  for (const name of dropIns) copyFileSync(join(UNITS, name), join(folder, `${SERVICE}.d`, name));
  return folder;
}

describe("the units of systemd", () => {
  test("have nothing that systemd-analyze verify complains about", async () => {
    const folder = unitsHere("without-socket.conf");
    const units = [join(folder, SERVICE), join(folder, "privlink.socket")];
    const { code, stdout, stderr } = await runTool("systemd-analyze", ["verify", "--man=no", ...units]);
    expect(stdout + stderr).toBe("");
    expect(code).toBe(0);
  });

  test("start serve with flags that it has", () => {
    const [, words = ""] =
      /^ExecStart=\/usr\/bin\/privlink (.*)$/m.exec(readFileSync(join(UNITS, SERVICE), "utf8")) ?? [];
    const [command, ...rest] = words.split(" ");
    expect(command).toBe("serve");
    const flags = serveCommand.options.flatMap(({ name, short }) => [`--${name}`, `-${short}`]);
    expect(rest.filter((word) => word.startsWith("-") && !flags.includes(word))).toEqual([]);
  });

  test("name each address for UDP and for TCP, and no port alone", () => {
    const socket = readFileSync(join(UNITS, "privlink.socket"), "utf8");
    const listening = (kind: string): string[] =>
      Array.from(socket.matchAll(new RegExp(`^Listen${kind}=(.*)$`, "gm")), ([, place = ""]) => place);
    expect(listening("Datagram").length).toBeGreaterThan(0);
    expect(listening("Stream")).toEqual(listening("Datagram"));
    expect(listening("Stream").filter((place) => /^\d+$|^0\.0\.0\.0:|^\[::\]:/.test(place))).toEqual([]);
  });

  test.each([
    { what: "with the socket unit", dropIns: [], bound: EXPOSURE_BOUND.withSocket },
    { what: "without it", dropIns: ["without-socket.conf"], bound: EXPOSURE_BOUND.withoutSocket },
  ])("leave the service little to do $what: at most $bound of 10", async ({ dropIns, bound }) => {
    const service = join(unitsHere(...dropIns), SERVICE);
    const words = ["security", "--offline=yes", "--no-pager", `--threshold=${bound * 10}`, service];
    const { code, stdout } = await runTool("systemd-analyze", words);
    expect(stdout).toMatch(/Overall exposure level for privlink\.service: \d/);
    expect(code, stdout).toBe(0);
  });
});
