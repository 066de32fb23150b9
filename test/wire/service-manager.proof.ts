import { beforeEach, describe, expect, test } from "vitest";
import { formatAddressPort } from "../../src/net/address.ts";
import { closeAfterEach, freePort, here, pause, until } from "../loopback.ts";
import { activated, managerEar } from "../manager/service-manager.ts";
import { answerOf, untilAnswer } from "../support/answers.ts";
import { HUB, listenerOf, NAME, project, serveFolder, TOPOLOGY, zone } from "../support/reloading.ts";
import { PROGRAM, runTool, type ServerOptions, type ServerProcess, startServer } from "../support/server.ts";
import { needs } from "../support/tools.ts";

const later = closeAfterEach();
beforeEach(needs("python3"));

async function serve(options: ServerOptions): Promise<ServerProcess> {
  const server = await startServer(options);
  later(async () => void (await server.stop()));
  return server;
}

describe("sockets of a service manager", () => {
  test("are answered at, over UDP and TCP, and are no business of the command beside the server", async () => {
    const port = await freePort();
    const at = `127.0.0.1:${port}`;
    const code = `console.log(Object.keys(process.env).filter((name) => /^(LISTEN|NOTIFY|WATCHDOG)_/.test(name)).length); setInterval(() => {}, 1000)`;
    // The launcher has the port and shares it with nobody: a socket of the server's own could not be bound.
    const server = await serve({
      listen: [at],
      within: activated(`udp=${at}`, `tcp=${at}`),
      args: ["--", process.execPath, "-e", code],
    });
    expect(server.at).toEqual([here("127.0.0.1", port)]);
    for (const transport of ["udp", "tcp"] as const)
      expect(await answerOf(listenerOf(server), "localhost", { transport })).toBe("NOERROR 127.0.0.1");
    await until(() => server.stdout() !== "", "the command said something");
    expect(server.stdout()).toBe("0\n");
    expect(await server.stop()).toEqual({ code: 0, signal: null });
  });

  test("as systemd's own launcher hands them on: one for UDP, and TCP is opened as usual", async (context) => {
    await needs("systemd-socket-activate")(context);
    const at = here("127.0.0.1", await freePort());
    const text = formatAddressPort(at);
    const starting = serve({ listen: [text], within: ["systemd-socket-activate", "--datagram", "-l", text] });
    // The first question is what starts it.
    expect(await untilAnswer(at, "localhost", "NOERROR 127.0.0.1")).toBe("NOERROR 127.0.0.1");
    await starting;
    expect(await answerOf(at, "localhost", { transport: "tcp" })).toBe("NOERROR 127.0.0.1");
  });

  test("where no listener is are refused", async () => {
    const port = await freePort();
    const [launcher = "", ...words] = activated(`tcp=127.0.0.2:${port}`);
    const serveWords = [process.execPath, PROGRAM, "serve", "--listen", "127.0.0.1:0"];
    const { code, stderr } = await runTool(launcher, [...words, ...serveWords]);
    expect(stderr).toContain(`is tcp 127.0.0.2:${port}, where no listener is (there are 127.0.0.1:`);
    expect(code).toBe(1);
  });

  test("that a reload closed cannot be opened again, and the log says what to do", async () => {
    const [kept, gone] = [await freePort(), await freePort()];
    const both = `${TOPOLOGY}listen: [127.0.0.1:${kept}, 127.0.0.1:${gone}]\n`;
    const folder = project(later, both);
    const within = activated(`udp=127.0.0.1:${gone}`, `tcp=127.0.0.1:${gone}`);
    const server = await serveFolder(later, folder, { listen: [], within });
    folder.replace("privlink.yaml", `${TOPOLOGY}listen: 127.0.0.1:${kept}\n`);
    await server.sees(new RegExp(`no longer listening on 127.0.0.1:${gone}`));
    folder.replace("privlink.yaml", both);
    await server.sees(/its socket came from the service manager and was closed[^"]*restart the service/);
    expect(await answerOf(listenerOf(server), NAME, HUB)).toBe("NOERROR 10.0.0.1");
  });
});

describe("a service manager", () => {
  beforeEach(needs("systemd-notify"));

  test("hears when it is ready, reloads, and stops, in that order", async () => {
    const ear = await managerEar(later);
    const folder = project(later);
    const server = await serveFolder(later, folder, { env: { NOTIFY_SOCKET: ear.socket } });
    await ear.until(() => ear.count("READY=1") === 1, "it was told to be ready");
    folder.replace("corp.example.zone", zone(2));
    await ear.until(() => ear.count("READY=1") > 1, "it was told of a reload");
    folder.replace("privlink.yaml", "networks: [\n");
    await ear.until(() => ear.messages.at(-1)?.includes("failed") === true, "it was told of a reload that failed");
    await server.stop();
    await ear.until(() => ear.count("STOPPING=1") === 1, "it was told of the end");
    // A slow disk may make two reloads of one change.
    const said = ear.messages.map((message) => message.split("\n")[0]).join(" ");
    expect(said).toMatch(/^READY=1( RELOADING=1 READY=1){2,} STOPPING=1$/);
    expect(ear.messages[0]).toBe("READY=1\nSTATUS=1 network · 1 zone · 1 link · 0 endpoints · 0 resolvers");
    expect(ear.messages[1]).toMatch(/^RELOADING=1\nMONOTONIC_USEC=\d+\nSTATUS=reloading$/);
    expect(ear.messages.at(-2)).toBe("READY=1\nSTATUS=the reload failed, the old model answers");
  });

  test("gets signs of life from the loop that answers, and none while it hangs", async () => {
    const ear = await managerEar(later);
    // A process whose loop hangs for a second when it is told to: nothing of the server's own does that.
    const hang = "process.on('SIGUSR2', () => { for (const end = Date.now() + 1000; Date.now() < end; ); });";
    const env = {
      NOTIFY_SOCKET: ear.socket,
      WATCHDOG_USEC: "200000",
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hang)}`,
    };
    const server = await serve({ env });
    const signs = (): number => ear.count("WATCHDOG=1");
    await ear.until(() => signs() >= 2, "signs of life came");
    server.signal("SIGUSR2");
    const before = signs();
    await pause(900); // Nine would be due.
    expect(signs() - before).toBeLessThan(3); // One may be under way, and one come before the signal.
    await ear.until(() => signs() > before + 3, "it lived again");
  });

  test("that wants no signs of life of this process gets none", async () => {
    const ear = await managerEar(later);
    await serve({ env: { NOTIFY_SOCKET: ear.socket, WATCHDOG_USEC: "20000", WATCHDOG_PID: "1" } });
    await ear.until(() => ear.messages.length > 0, "it was told to be ready");
    await pause(200);
    expect(ear.messages).toEqual([expect.stringMatching(/^READY=1\n/)]);
  });
});

test("without the program that tells a manager, it says so once and serves", async () => {
  const folder = project(later);
  const env = { NOTIFY_SOCKET: "/nowhere", PATH: "/nowhere" };
  const server = await serveFolder(later, folder, { env });
  await server.sees(/NOTIFY_SOCKET is set and there is no program systemd-notify: install it/);
  folder.replace("corp.example.zone", zone(2));
  await server.sees(/reloaded: /);
  expect(await answerOf(listenerOf(server), NAME, HUB)).toBe("NOERROR 10.0.0.2");
  await server.stop();
  expect(server.stderr().match(/NOTIFY_SOCKET is set/g)).toHaveLength(1);
});
