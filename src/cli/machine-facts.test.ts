import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { makeFolder } from "../../test/support/memory-io.ts";
import { machineFacts } from "./machine-facts.ts";

const HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
const machine = makeFolder({
  "proc/net/udp": `${HEAD}\n 5: 3500007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000 101 0 4711 2\n`,
  "proc/77/comm": "systemd-resolve\n",
  "proc/version": "Linux version 5.15.90.1-microsoft-standard-WSL2\n",
  "run/systemd/resolve/stub-resolv.conf": "nameserver 127.0.0.53\n",
  "etc/nsswitch.conf": "hosts: files dns\n",
  "etc/resolver/azurecr.io": "nameserver 127.0.0.1\nport 5300\n",
});
afterAll(() => machine.remove());
mkdirSync(join(machine.path, "proc", "77", "fd"));
symlinkSync("socket:[4711]", join(machine.path, "proc", "77", "fd", "13"));
symlinkSync("../run/systemd/resolve/stub-resolv.conf", join(machine.path, "etc", "resolv.conf"));

describe("the facts of a machine", () => {
  test("on Linux: sockets, whose they are, where resolv.conf leads", () => {
    const facts = machineFacts("linux", { KUBERNETES_SERVICE_HOST: "10.96.0.1" }, machine.path);
    expect(facts.holders).toEqual([
      { protocol: "udp", address: "127.0.0.53", owner: { id: 77, name: "systemd-resolve" } },
    ]);
    expect(facts.inside).toEqual(["kubernetes", "wsl"]);
    expect(facts.resolvConf?.nameservers).toEqual(["127.0.0.53"]);
    expect(facts.resolvConf?.realPath).toMatch(/stub-resolv\.conf$/);
    expect(facts.hostSources).toEqual(["files", "dns"]);
  });

  test("on macOS: domains with servers of their own", () => {
    expect(machineFacts("darwin", {}, machine.path).domainServers).toEqual([
      { domain: "azurecr.io", nameservers: ["127.0.0.1"] },
    ]);
  });

  test("where nothing can be read nothing is known, and nothing is thrown", () => {
    expect(machineFacts("linux", {}, join(machine.path, "nowhere"))).toEqual({
      platform: "linux",
      inside: [],
      holders: undefined,
      hostSources: [],
      domainServers: [],
    });
  });
});
