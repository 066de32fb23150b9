import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { closeAfterEach, connectTo, freePort, here } from "../loopback.ts";
import { answerOf, untilAnswer } from "../support/answers.ts";
import type { ProjectFolder } from "../support/project-folder.ts";
import { HUB, listenerOf, NAME, project, serveFolder, TOPOLOGY, zone } from "../support/reloading.ts";

const later = closeAfterEach();

describe("what cannot be used leaves the old answers, and the log says why", () => {
  const faults = [
    {
      what: "a zone file with a mistake",
      change: (folder: ProjectFolder) => folder.replace("corp.example.zone", `${zone(2)}mail A 10.0.0.256\n`),
      says: /corp\.example\.zone:3:8: error: .*10\.0\.0\.256.*\[zonefile\/[a-z-]+\]/,
    },
    {
      what: "a topology with an unknown key",
      change: (folder: ProjectFolder) => folder.replace("privlink.yaml", `${TOPOLOGY}zonse: {}\n`),
      says: /privlink\.yaml:5:1: error: .*zonse.*\[topology\/unknown-key\]/,
    },
    {
      what: "a topology that is no YAML",
      change: (folder: ProjectFolder) => folder.overwrite("privlink.yaml", "networks: {"),
      says: /privlink\.yaml:1:\d+: error: .*\[topology\/syntax\]/,
    },
    {
      what: "a zone file that is gone",
      change: (folder: ProjectFolder) => folder.remove("corp.example.zone"),
      says: /privlink\.yaml:4:\d+: error: .*corp\.example\.zone does not exist.*\[zone\/unreadable-file\]/,
    },
    {
      what: "a topology that is gone",
      change: (folder: ProjectFolder) => folder.remove("privlink.yaml"),
      says: /reload failed, the old model goes on answering: .*privlink\.yaml does not exist/,
    },
    {
      what: "a file outside the folder",
      change: (folder: ProjectFolder) =>
        folder.replace("privlink.yaml", TOPOLOGY.replace("file: corp.example.zone", "file: ../../etc/hosts")),
      says: /privlink\.yaml:4:\d+: error: .*\/etc\/hosts lies outside the project's folder/,
    },
  ];
  test.each(faults)("$what; put right, it takes over", async ({ change, says }) => {
    const folder = project(later);
    const server = await serveFolder(later, folder, { args: ["-c", "privlink.yaml"] });
    const since = server.stderr().length;
    change(folder);
    await server.sees(says, since);
    await server.sees(/reload failed, the old model goes on answering: /, since);
    expect(await answerOf(listenerOf(server), NAME, HUB)).toBe("NOERROR 10.0.0.1");
    folder.replace("corp.example.zone", zone(3));
    folder.replace("privlink.yaml", TOPOLOGY);
    expect(await untilAnswer(listenerOf(server), NAME, "NOERROR 10.0.0.3", HUB)).toBe("NOERROR 10.0.0.3");
  });
});

test("what a topology with errors names is looked after too: there the errors may end", async () => {
  const folder = project(later);
  const server = await serveFolder(later, folder);
  mkdirSync(join(folder.path, "new"));
  folder.replace("privlink.yaml", TOPOLOGY.replace("file: corp", "file: new/corp"));
  await server.sees(/reload failed/);
  folder.overwrite("new/corp.example.zone", zone(5));
  expect(await untilAnswer(listenerOf(server), NAME, "NOERROR 10.0.0.5", HUB)).toBe("NOERROR 10.0.0.5");
});

describe("a listener", () => {
  const listening = (network: string, more = ""): string =>
    `networks:
  hub: { kind: azure, prefixes: 10.0.0.0/16 }
  spoke: { kind: azure, prefixes: 10.1.0.0/16 }
zones:
  corp.example: { file: corp.example.zone, links: hub }
listen:
  - { address: "127.0.0.1:0", network: ${network} }
${more}`;

  test("answers as the network that a reload gives it", async () => {
    const folder = project(later, listening("hub"));
    const server = await serveFolder(later, folder, { listen: [] });
    expect(await answerOf(listenerOf(server), NAME)).toBe("NOERROR 10.0.0.1");
    folder.replace("privlink.yaml", listening("spoke"));
    expect(await untilAnswer(listenerOf(server), NAME, "NXDOMAIN")).toBe("NXDOMAIN");
    folder.replace("privlink.yaml", listening("hub"));
    expect(await untilAnswer(listenerOf(server), NAME, "NOERROR 10.0.0.1")).toBe("NOERROR 10.0.0.1");
  });

  test("that comes with a reload is opened beside the others, and closed when it goes", async () => {
    const folder = project(later, listening("hub"));
    const server = await serveFolder(later, folder, { listen: [] });
    const port = await freePort();
    folder.replace("privlink.yaml", listening("hub", `  - { address: "127.0.0.2:${port}", network: spoke }\n`));
    await server.sees(new RegExp(`listening on 127\\.0\\.0\\.2:${port} too`));
    expect(await answerOf(listenerOf(server), NAME)).toBe("NOERROR 10.0.0.1");
    expect(await answerOf(here("127.0.0.2", port), NAME)).toBe("NXDOMAIN");
    folder.replace("privlink.yaml", listening("hub"));
    await server.sees(new RegExp(`no longer listening on 127\\.0\\.0\\.2:${port}`));
    expect(await answerOf(listenerOf(server), NAME)).toBe("NOERROR 10.0.0.1");
    await expect(connectTo(here("127.0.0.2", port))).rejects.toThrow("ECONNREFUSED");
  });

  test("that cannot be opened is told with what to do, and the rest of the reload counts", async () => {
    const folder = project(later, listening("hub"));
    const server = await serveFolder(later, folder, { listen: [] });
    folder.replace("privlink.yaml", listening("spoke", "  - 192.0.2.7:5300\n"));
    await server.sees(/192\.0\.2\.7:5300: .*address/);
    expect(await untilAnswer(listenerOf(server), NAME, "NXDOMAIN")).toBe("NXDOMAIN");
  });
});
