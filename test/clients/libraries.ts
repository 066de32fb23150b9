import { join } from "node:path";
import { type Ended, runTool } from "../support/server.ts";
import type { Verb } from "./rows.ts";

const PROGRAMS = join(import.meta.dirname, "programs");
/** The system's own: another one in the path may be built against another C library. */
const PYTHON = "/usr/bin/python3";

/** One way to ask through a library. */
export interface Door {
  /** As its language calls it. */
  readonly name: string;
  /** The last octet of the addresses that it asks. */
  readonly number: number;
  /** The program that asks, given the folder of built ones; verbs and names come behind. */
  readonly command: (built: string) => readonly string[];
  readonly cannot?: readonly Verb[];
}

export interface Library {
  readonly name: string;
  readonly doors: readonly Door[];
  /** Builds its program into the folder. */
  readonly build?: (folder: string) => Promise<Ended>;
  /** What is there, with as much of the version as behaviour follows from. */
  readonly version: (built: string) => Promise<string>;
}

const stub = (name: "glibc" | "musl", first: number, compiler: readonly string[]): Library => ({
  name,
  doors: [
    {
      name: "getaddrinfo",
      number: first,
      command: (built) => [join(built, name), "getaddrinfo"],
      cannot: ["text"],
    },
    { name: "res_search", number: first + 1, command: (built) => [join(built, name), "res_search"] },
  ],
  build: (folder) => {
    const [tool = "", ...flags] = compiler;
    return runTool(tool, ["-Wall", "-Werror", "-o", join(folder, name), join(PROGRAMS, "ask.c"), ...flags]);
  },
  version: async (built) => `${name} ${await said(join(built, name), "version")}`,
});

export const LIBRARIES: readonly Library[] = [
  stub("glibc", 11, ["gcc", "-lresolv"]),
  stub("musl", 13, ["musl-gcc", "-static"]),
  {
    name: "Python",
    doors: [
      {
        name: "socket",
        number: 15,
        command: () => [PYTHON, join(PROGRAMS, "ask.py"), "socket"],
        cannot: ["text"],
      },
      { name: "dns.resolver", number: 16, command: () => [PYTHON, join(PROGRAMS, "ask.py"), "dnspython"] },
    ],
    version: async () => {
      const [python, dnspython] = await Promise.all(
        ["version", "dnspython-version"].map((word) => said(PYTHON, join(PROGRAMS, "ask.py"), word)),
      );
      return `Python ${minorOf(python)} with dnspython ${minorOf(dnspython)}`;
    },
  },
  {
    name: "Node",
    doors: [
      {
        name: "dns.lookup",
        number: 17,
        command: () => [process.execPath, join(PROGRAMS, "ask-node.mjs"), "lookup"],
        cannot: ["text"],
      },
      {
        name: "dns.Resolver",
        number: 18,
        command: () => [process.execPath, join(PROGRAMS, "ask-node.mjs"), "resolver"],
      },
    ],
    version: async () => `Node ${process.versions.node.split(".")[0]} with c-ares ${minorOf(process.versions.ares)}`,
  },
  {
    name: "Go",
    doors: [
      {
        name: "netdns=cgo",
        number: 19,
        command: (built) => ["env", "GODEBUG=netdns=cgo", join(built, "go"), "cgo"],
      },
      { name: "netdns=go", number: 20, command: (built) => ["env", "GODEBUG=netdns=go", join(built, "go"), "go"] },
    ],
    build: (folder) =>
      // Without CGO_ENABLED a machine that lacks a C compiler gives a program whose two doors are one.
      runTool("env", [
        `GOCACHE=${join(folder, "go-cache")}`,
        "GO111MODULE=off",
        "GOFLAGS=",
        "GOPROXY=off",
        "CGO_ENABLED=1",
        "go",
        "build",
        "-o",
        join(folder, "go"),
        join(PROGRAMS, "ask.go"),
      ]),
    version: async (built) => `Go ${minorOf(await said(join(built, "go"), "version"))}`,
  },
];

/** `1.19` of `1.19.8`. */
function minorOf(version = ""): string {
  return version.split(".").slice(0, 2).join(".");
}

/** What a program says of itself. */
async function said(tool: string, ...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runTool(tool, words);
  if (code !== 0) throw new Error(`${tool} ${words.join(" ")} ended with ${code}: ${stderr}`);
  return stdout.trim();
}
