import type { LabProcess, LabWorld, ToolResult } from "../../src/lab/lab-world.ts";

/** A machine as far as a lab touches it: namespaces with addresses, links and routes, files, processes. */
export interface LabMachineState {
  /** What stands in a namespace: `lo 10.0.0.4/32`, `eth0 → NAME`, `route …`. */
  readonly namespaces: Map<string, Set<string>>;
  readonly files: Map<string, string>;
  /** The namespace that each process runs in. */
  readonly processes: Map<number, string>;
}

/** What can go wrong on it. */
export interface LabTrouble {
  /** The how-many-th touch of the machine fails, counted from 0; absent: none. */
  readonly failsAt?: number;
  /** Servers end at once, with these last words. */
  readonly lastWords?: string;
  /** Processes heed SIGKILL alone. */
  readonly isDeaf?: boolean;
}

/** A machine in memory: what `ip` does to namespaces, by its rules of what must and must not be there before. */
export function labMachine(state: LabMachineState, trouble: LabTrouble = {}): LabWorld & { touches(): number } {
  const { namespaces, files, processes } = state;
  let touches = 0;
  const isFailing = (): boolean => touches++ === trouble.failsAt;
  const ok = (stdout = ""): ToolResult => ({ code: 0, stdout, stderr: "" });
  const failed = (stderr: string): ToolResult => ({ code: 1, stdout: "", stderr });
  const batch = (namespace: string, commands: readonly string[]): ToolResult => {
    for (const [i, command] of commands.entries()) {
      const problem = obey(namespaces, namespace, command);
      if (problem !== undefined) return failed(`${problem}\nCommand failed -:${i + 1}`);
    }
    return ok();
  };
  return {
    touches: () => touches,
    async ip(args, input = "") {
      const [first = "", second = "", name = ""] = args;
      if (first === "-n")
        return isFailing()
          ? failed("RTNETLINK answers: No buffer space available\nCommand failed -:1")
          : batch(second, input.trim().split("\n"));
      switch (second) {
        case "list":
          return ok([...namespaces.keys()].map((one, i) => `${one} (id: ${i})\n`).join(""));
        case "add":
          if (namespaces.has(name)) return failed(`Cannot create namespace file "/run/netns/${name}": File exists`);
          if (isFailing()) return failed("No space left on device");
          namespaces.set(name, new Set());
          return ok();
        case "delete":
          if ([...processes.values()].includes(name)) return failed("busy");
          return namespaces.delete(name) ? ok() : failed("No such file or directory");
        case "pids":
          return ok([...processes].flatMap(([pid, where]) => (where === name ? `${pid}\n` : [])).join(""));
        default:
          return failed(`ip ${args.join(" ")} is unknown here`);
      }
    },
    write(path, text) {
      if (isFailing()) return `${path} cannot be written: ENOSPC`;
      files.set(path, text);
      return undefined;
    },
    remove(path) {
      for (const file of files.keys()) if (file === path || file.startsWith(`${path}/`)) files.delete(file);
    },
    list: (folder) => [
      ...new Set(
        [...files.keys()]
          .filter((path) => path.startsWith(folder))
          .map((path) => path.slice(folder.length).split("/")[0] ?? ""),
      ),
    ],
    serve(namespace, _listen, logs): LabProcess {
      files.set(`${logs}/${namespace}.log`, "");
      const { lastWords } = trouble;
      if (lastWords !== undefined) return { state: () => "ended", said: () => lastWords };
      processes.set(4000 + processes.size, namespace);
      return { state: () => "ready", said: () => "" };
    },
    signal(pid, name) {
      if (!processes.has(pid)) return false;
      if (name === "SIGKILL" || trouble.isDeaf !== true) processes.delete(pid);
      return true;
    },
    wait: () => Promise.resolve(),
  };
}

/** Obeys a command of `ip` in a namespace; what `ip` would object. */
function obey(namespaces: LabMachineState["namespaces"], namespace: string, command: string): string | undefined {
  const here = namespaces.get(namespace);
  if (here === undefined) return `Cannot open network namespace "${namespace}": No such file or directory`;
  const put = (space: Set<string>, thing: string): string | undefined => {
    if (space.has(thing)) return "RTNETLINK answers: File exists";
    space.add(thing);
    return undefined;
  };
  const [, link, peer, other] = /^link add (\S+) .* peer name (\S+) .*netns (\S+)$/.exec(command) ?? [];
  if (link !== undefined) {
    const there = namespaces.get(other ?? "");
    if (there === undefined) return `Cannot open network namespace "${other ?? ""}"`;
    return put(here, `link ${link}`) ?? put(there, `link ${peer ?? ""}`);
  }
  const [, device] = / dev (\S+)/.exec(command) ?? /^link set (\S+)/.exec(command) ?? [];
  if (device !== "lo" && !here.has(`link ${device ?? ""}`)) return `Cannot find device "${device ?? ""}"`;
  if (command.startsWith("link set")) return undefined;
  const [, gateway] = / via (\S+)/.exec(command) ?? [];
  if (gateway !== undefined && !here.has(`neighbour ${gateway}`)) return "Error: Nexthop has invalid gateway.";
  const [, noun = "", thing = ""] = /^(address|route|neighbour) add (\S+)/.exec(command) ?? [];
  return noun === "" ? `Object of ${command} is unknown` : put(here, `${noun} ${thing}`);
}
