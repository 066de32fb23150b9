import { mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { closeAfterEach, connectTo, datagramClient, pause, queryOctets } from "../loopback.ts";
import { answerOf, untilAnswer } from "../support/answers.ts";
import { mountedFolder, type ProjectFolder, projectFolder } from "../support/project-folder.ts";
import { HUB, listenerOf, NAME, project, serveFolder, TOPOLOGY, zone } from "../support/reloading.ts";

const later = closeAfterEach();

describe("a change of content is answered from at once", () => {
  test.each([
    { how: "moved over the old one", change: (folder: ProjectFolder) => folder.replace("corp.example.zone", zone(2)) },
    { how: "written in place", change: (folder: ProjectFolder) => folder.overwrite("corp.example.zone", zone(2)) },
    {
      how: "deleted and written again",
      change: (folder: ProjectFolder) => {
        folder.remove("corp.example.zone");
        folder.overwrite("corp.example.zone", zone(2));
      },
    },
    {
      how: "named by another topology",
      change: (folder: ProjectFolder) => {
        folder.overwrite("other.zone", zone(2));
        folder.replace("privlink.yaml", TOPOLOGY.replace("file: corp.example.zone", "file: other.zone"));
      },
    },
  ])("of a file $how, twice", async ({ change }) => {
    const folder = project(later);
    const server = await serveFolder(later, folder);
    expect(await answerOf(listenerOf(server), NAME, HUB)).toBe("NOERROR 10.0.0.1");
    change(folder);
    expect(await untilAnswer(listenerOf(server), NAME, "NOERROR 10.0.0.2", HUB)).toBe("NOERROR 10.0.0.2");
    await server.sees(/reloaded: 1 network · 1 zone · 1 link/);
    for (const file of ["corp.example.zone", "other.zone"]) folder.replace(file, zone(3));
    expect(await untilAnswer(listenerOf(server), NAME, "NOERROR 10.0.0.3", HUB)).toBe("NOERROR 10.0.0.3");
  });

  test("of a mounted ConfigMap, each time its data is swapped", async () => {
    const folder = mountedFolder({ "privlink.yaml": TOPOLOGY, "corp.example.zone": zone(1) });
    later(() => folder.close());
    const server = await serveFolder(later, folder);
    expect(await answerOf(listenerOf(server), NAME, HUB)).toBe("NOERROR 10.0.0.1");
    for (const last of [2, 3, 4]) {
      folder.swap({ "privlink.yaml": TOPOLOGY, "corp.example.zone": zone(last) });
      const wanted = `NOERROR 10.0.0.${last}`;
      expect(await untilAnswer(listenerOf(server), NAME, wanted, HUB)).toBe(wanted);
    }
  });

  test("of a folder of zones: one more file is one more zone, one less is one less", async () => {
    const folder = projectFolder({
      "privlink.yaml": TOPOLOGY.replace("file: corp.example.zone", "folder: zones").replace("corp.example:", "all:"),
      "zones/corp.example.zone": zone(1),
    });
    later(() => folder.close());
    const server = await serveFolder(later, folder);
    expect(await answerOf(listenerOf(server), "www.more.example", HUB)).toBe("NXDOMAIN");
    folder.replace("zones/more.example.zone", zone(9));
    expect(await untilAnswer(listenerOf(server), "www.more.example", "NOERROR 10.0.0.9", HUB)).toBe("NOERROR 10.0.0.9");
    folder.remove("zones/more.example.zone");
    expect(await untilAnswer(listenerOf(server), "www.more.example", "NXDOMAIN", HUB)).toBe("NXDOMAIN");
    expect(await answerOf(listenerOf(server), NAME, HUB)).toBe("NOERROR 10.0.0.1");
  });

  test("of a folder that another took the place of, and again in that one", async () => {
    const folder = project(later, TOPOLOGY.replace("file: corp", "file: zones/corp"));
    folder.overwrite("zones/corp.example.zone", zone(1));
    const server = await serveFolder(later, folder);
    folder.overwrite("next/corp.example.zone", zone(2));
    renameSync(join(folder.path, "zones"), join(folder.path, "old"));
    renameSync(join(folder.path, "next"), join(folder.path, "zones"));
    expect(await untilAnswer(listenerOf(server), NAME, "NOERROR 10.0.0.2", HUB)).toBe("NOERROR 10.0.0.2");
    await server.sees(/reloaded/);
    folder.overwrite("zones/corp.example.zone", zone(3));
    expect(await untilAnswer(listenerOf(server), NAME, "NOERROR 10.0.0.3", HUB)).toBe("NOERROR 10.0.0.3");
  });

  test("beside a file that never rests", async () => {
    const folder = project(later);
    const server = await serveFolder(later, folder);
    let lines = 0;
    const busy = setInterval(() => folder.overwrite("busy.log", String((lines += 1))), 5);
    later(() => clearInterval(busy));
    folder.replace("corp.example.zone", zone(2));
    const start = performance.now();
    expect(await untilAnswer(listenerOf(server), NAME, "NOERROR 10.0.0.2", HUB)).toBe("NOERROR 10.0.0.2");
    expect(performance.now() - start).toBeLessThan(4000);
  });

  test("when SIGHUP says so, also where no watcher sees it", async () => {
    const folder = project(later);
    // The file is a link: what it leads to lies in a folder that nobody named.
    mkdirSync(join(folder.path, "store"));
    writeFileSync(join(folder.path, "store", "real"), zone(1));
    folder.remove("corp.example.zone");
    symlinkSync(join("store", "real"), join(folder.path, "corp.example.zone"));
    const server = await serveFolder(later, folder);
    folder.overwrite("store/real", zone(2));
    server.signal("SIGHUP");
    expect(await untilAnswer(listenerOf(server), NAME, "NOERROR 10.0.0.2", HUB)).toBe("NOERROR 10.0.0.2");
    const since = server.stderr().length;
    server.signal("SIGHUP");
    await server.sees(/"why":"SIGHUP".*nothing to reload/, since);
  });
});

describe("questions under way", () => {
  /** Questions that wait on each stream, and over UDP: well over a thousand together. */
  const WAITING = { stream: 300, datagrams: 64 };
  const GENERATIONS = 6;

  /** From the swap of a mounted ConfigMap to the answer: the median of five, as other tests share the machine. */
  const VISIBLE_MS = 300;

  test("are all answered, each whole, while five generations take over, each at once", async () => {
    const folder = mountedFolder({ "privlink.yaml": TOPOLOGY, "corp.example.zone": zone(1) });
    later(() => folder.close());
    const waits: number[] = [];
    const server = await serveFolder(later, folder, { listen: ["127.0.0.1:0=hub"], args: [] });
    const at = listenerOf(server);
    const streams = await Promise.all([0, 1, 2, 3].map(async () => ({ ...(await connectTo(at)), asked: 0 })));
    const datagrams = { ...(await datagramClient()), asked: 0 };
    later(() => datagrams.close());
    for (const { socket } of streams) later(() => void socket.destroy());
    const topUp = (): void => {
      for (const stream of streams) {
        const queries: Uint8Array[] = [];
        while (stream.asked - stream.replies.length < WAITING.stream) queries.push(queryOctets(stream.asked++, NAME));
        stream.ask(...queries);
      }
      while (datagrams.asked - datagrams.replies.length < WAITING.datagrams)
        datagrams.send(queryOctets(datagrams.asked++, NAME), at);
    };

    for (let generation = 2; generation <= GENERATIONS; generation++) {
      topUp();
      folder.swap({ "privlink.yaml": TOPOLOGY, "corp.example.zone": zone(generation) });
      const swapped = performance.now();
      for (const end = swapped + 8000; performance.now() < end; await pause(1)) {
        topUp();
        if (streams.every(({ replies }) => generationOf(replies.at(-1)) === generation)) break;
      }
      waits.push(performance.now() - swapped);
    }
    const isWhole = (): boolean =>
      streams.every(({ asked, replies }) => replies.length === asked) && datagrams.replies.length === datagrams.asked;
    for (const end = performance.now() + 3000; !isWhole() && performance.now() < end; ) await pause(5);

    for (const { asked, replies } of streams) {
      expect(replies.length).toBe(asked);
      const generations = replies.map(generationOf);
      expect(generations).toEqual(generations.toSorted((a, b) => a - b)); // Nobody goes back to an older one.
      expect(new Set(generations)).toEqual(new Set([1, 2, 3, 4, 5, 6]));
    }
    expect(datagrams.replies.length).toBe(datagrams.asked);
    expect(datagrams.replies.map(({ octets }) => generationOf(octets)).every((one) => one >= 1 && one <= 6)).toBe(true);
    expect(server.stderr().match(/"msg":"reloaded/g)?.length).toBe(GENERATIONS - 1);
    expect(waits.toSorted((a, b) => a - b)[2]).toBeLessThan(VISIBLE_MS);
  });
});

/** The generation that a reply is from: its one address ends in it. 0 for whatever is no such reply. */
function generationOf(reply: Uint8Array | undefined): number {
  const isAnswer = reply !== undefined && ((reply[3] ?? 0) & 15) === 0 && reply[7] === 1;
  return isAnswer ? (reply.at(-1) ?? 0) : 0;
}

describe("the log says which answers a reload changed, and for whom", () => {
  test("each of a few; what a client may miss as a warning", async () => {
    const folder = project(later);
    const server = await serveFolder(later, folder);
    folder.replace("corp.example.zone", zone(2));
    await server.sees(/"info".*answer changed: www\.corp\.example A, from hub: changed: 10\.0\.0\.1 .*→ 10\.0\.0\.2/);
    folder.replace("corp.example.zone", "$TTL 300\napi A 10.0.0.2\n");
    await server.sees(/"warn".*answer changed: www\.corp\.example A, from hub: answer → none/);
  });

  test("also after reloads that came too fast to be told one by one, and none where nothing changed", async () => {
    const folder = project(later);
    const server = await serveFolder(later, folder);
    folder.replace("corp.example.zone", `; a remark\n${zone(1)}`);
    await server.sees(/no answer changed/);
    const since = server.stderr().length;
    for (let last = 2; last <= 9; last++) folder.replace("corp.example.zone", zone(last));
    await server.sees(/answer changed: .*→ 10\.0\.0\.9 /, since);
  });
});
