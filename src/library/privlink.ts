import { explained } from "./_explain.ts";
import { findingOf } from "./_finding.ts";
import { listenerOf, listeningAt, listenOverrides } from "./_listening.ts";
import { type Loaded, loadSource, type Source } from "./_load-source.ts";
import { type OpenedServer, openServer } from "./_open-server.ts";

/** A topology on the disk. Files it names are read from its folder, and nothing outside of it. */
export interface FromFile {
  /** Its path, relative to the folder that the process runs in. */
  readonly config: string;
  readonly topology?: never;
  readonly files?: never;
}

/** A topology that stands in no file: nothing is read from the disk. */
export interface FromText {
  readonly config?: never;
  /** YAML, or the same as a plain object. */
  readonly topology: string | object;
  /** The files that it names, zone files as a rule: text by path, as the topology writes it. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Where a model comes from. */
export type ModelSource = FromFile | FromText;

/** Somewhere to answer. */
export interface ListenAt {
  /**
   * As whom: a network, a resolver, `internet`, `platform`, `NETWORK/platform`, `authoritative`, `NETWORK/authoritative`. Absent:
   * as the DNS of whoever asks, told by source address and client subnet.
   */
  readonly as?: string;
  /** An IP address; 127.0.0.1 unless said. */
  readonly address?: string;
  /** 0 to 65535; 0, any free port, unless said. */
  readonly port?: number;
}

/** How a server is to run. */
export interface ServerSettings {
  /** Unless said: a free port of 127.0.0.1 for each network, for `internet`, and for whoever asks. */
  readonly listen?: readonly ListenAt[];
  /** How many questions are kept in `queries`, the latest; 10000 unless said. */
  readonly queriesKept?: number;
  /** What is written to standard error, a line an event: `error` unless said. */
  readonly log?: "silent" | "error" | "warn" | "info" | "debug";
}

export type ServerOptions = ModelSource & ServerSettings;

/** An open listener, over UDP and TCP. */
export interface ListeningAt {
  /** As it was asked for. */
  readonly as?: string;
  readonly address: string;
  readonly port: number;
  /** `127.0.0.1:40001`, `[::1]:40001`: what `Resolver.setServers` takes. */
  readonly text: string;
}

/** A question that was answered. */
export interface SeenQuery {
  /** The address and the port that it came from. */
  readonly client: string;
  readonly port: number;
  /** Whom it was answered as: a network, or `internet`. */
  readonly network: string;
  readonly transport: "udp" | "tcp";
  /** Without a final dot, as it was written: `myregistry.azurecr.io`. */
  readonly name: string;
  /** `A`, `TYPE65280`. */
  readonly type: string;
  /** `NOERROR`, `NXDOMAIN`, …; `dropped` where the listener stayed silent. */
  readonly rcode: string;
  /** The resolver of the model that answered. */
  readonly resolver?: string;
  /** The zone that had the last word. */
  readonly zone?: string;
  /** The names that it is an alias of, in order, without a final dot. */
  readonly chain: readonly string[];
  readonly durationMs: number;
  /** Octets of the question, and of its reply: 0 where there was none. */
  readonly querySize: number;
  readonly replySize: number;
}

/** Something to be said of a file. */
export interface Finding {
  /** `zone/cname-beside-data`: `privlink explain-code` tells of it. */
  readonly code: string;
  readonly severity: "error" | "warning" | "info";
  /** A sentence without a full stop. */
  readonly message: string;
  /** What to change. */
  readonly hint?: string;
  /** The file's path as a user would type it; of a topology that stands in no file, `given:privlink.yaml`. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Characters, counted from 1. */
  readonly column: number;
}

/** A place in a file; line and column are counted from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What a name resolves to for somebody, and why. */
export interface Explanation {
  readonly name: string;
  readonly type: string;
  /** Who asked. */
  readonly from: string;
  /** `answer`, `nodata`, `nxdomain`, `refused`, `failed`, `no-reply`, …; `upstream` where only a real server knows. */
  readonly outcome: string;
  /** Whose data ended it; absent where there was none. */
  readonly origin?: "private" | "public" | "built-in";
  /** The rdata of the answer's last name, as text: addresses, as a rule. Empty unless `outcome` is `answer`. */
  readonly answers: readonly string[];
  /** Every record of the reply, aliases first: `www.corp.example. 60 IN A 10.0.0.1`. */
  readonly records: readonly string[];
  /** The decisions, in order, each with the places in the files that it rests on. */
  readonly steps: readonly { readonly text: string; readonly places: readonly Place[] }[];
  /** Why it is not the private answer although an endpoint exists, and what to change: sentences without a full stop. */
  readonly reason?: { readonly sentence: string; readonly change: string };
  /** All of it, as `privlink explain` prints it. */
  readonly text: string;
}

/** Who asks for what. */
export interface Asking {
  /** A network, `HOST@NETWORK`, an IP address, or `internet`. */
  readonly from: string;
  /** `A` unless said. */
  readonly type?: string;
}

/** A model that can be asked. */
export interface Model {
  /** The networks that there are. */
  readonly networks: readonly string[];
  /** Warnings and notes of its files. */
  readonly findings: readonly Finding[];
  /** Walks the model as the server would; no real server is asked. Throws a `RangeError` for a name, type or asker that is none. */
  explain(name: string, asking: Asking): Explanation;
}

/** A server that runs in this process until it is closed. */
export interface Server extends Model {
  readonly listeners: readonly ListeningAt[];
  /** The listener that answers as `as`, or as whoever asks. Throws a `RangeError` that says which there are. */
  at(as?: string): ListeningAt;
  /** The questions that were answered, the oldest first. */
  readonly queries: readonly SeenQuery[];
  forgetQueries(): void;
  /**
   * Takes another model over, whole: its own files as they are now, or those of `source`. The listeners stay. Rejects with a
   * `ModelError` where it cannot be used; the old one goes on answering then.
   */
  reload(source?: ModelSource): Promise<void>;
  /** Answers what is under way, then closes its sockets: nothing of it keeps the process from ending. */
  close(): Promise<void>;
}

/** The files are not such that anything could be answered from them. */
export class ModelError extends Error {
  override readonly name = "ModelError";
  /** What is wrong with them, by file and place; empty where there is no file to speak of. */
  readonly findings: readonly Finding[];

  constructor(message: string, findings: readonly Finding[] = []) {
    super(message);
    this.findings = findings;
  }
}

/** The machine does not let it listen: the address is not its own, or the port is taken or not for this user. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

/** Reads a model and compiles it. Throws a `ModelError` that has every finding. */
export function openModel(source: ModelSource): Model {
  const loaded = loadedFrom(sourceOf(source));
  return {
    networks: [...loaded.snapshot.topology.networks.keys()],
    findings: loaded.diagnostics.map(findingOf),
    explain: (name, asking) => explained(loaded.snapshot, name, asking),
  };
}

/**
 * Starts a server, and gives it once everything answers. Rejects with a `ModelError` for what is wrong with the files, a
 * `ListenError` where the machine does not let it listen, a `RangeError` for options that mean nothing.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const source = sourceOf(options);
  const settings = settingsOf(options);
  const first = loadedFrom(source);
  const listen = options.listen ?? everybodysListeners(first);
  const opened = await openServer(first, listenOverrides(listen), settings);
  switch (opened.kind) {
    case "model-problem":
      throw new ModelError(opened.message);
    case "listen-problem":
      throw new ListenError(opened.message);
    case "open":
      return serverOf(source, first, listen, opened);
  }
}

function serverOf(source: Source, first: Loaded, listen: readonly ListenAt[], opened: OpenedServer): Server {
  let current = first;
  const listeners = opened.places.map(({ order, at }) => listeningAt(listen[order]?.as, at));
  return {
    listeners,
    get networks() {
      return [...current.snapshot.topology.networks.keys()];
    },
    get findings() {
      return current.diagnostics.map(findingOf);
    },
    get queries() {
      return opened.seen.list();
    },
    forgetQueries: () => opened.seen.forget(),
    at: (as) => listenerOf(listeners, as),
    explain: (name, asking) => explained(current.snapshot, name, asking),
    async reload(next) {
      const loaded = loadedFrom(next === undefined ? source : sourceOf(next));
      const problem = opened.swap(loaded);
      if (problem !== undefined) throw new ModelError(problem);
      current = loaded;
    },
    close: () => opened.close(),
  };
}

/** A listener for each network and the internet, and one for whoever asks. */
function everybodysListeners({ snapshot }: Loaded): readonly ListenAt[] {
  return [...[...snapshot.topology.networks.keys(), "internet"].map((as) => ({ as })), {}];
}

const QUERIES_KEPT = 10_000;

function settingsOf({
  queriesKept = QUERIES_KEPT,
  log = "error",
}: ServerSettings): Required<Omit<ServerSettings, "listen">> {
  if (!Number.isSafeInteger(queriesKept) || queriesKept < 0)
    throw new RangeError(`queriesKept is ${queriesKept}, expected a whole number from 0`);
  return { queriesKept, log };
}

function sourceOf({ config, topology, files = {} }: ModelSource): Source {
  if (config !== undefined && topology === undefined) return { kind: "file", path: config };
  if (topology === undefined || config !== undefined)
    throw new RangeError(
      "name one source of the model: config, the path of a topology, or topology, the topology itself",
    );
  const text = typeof topology === "string" ? topology : JSON.stringify(topology, undefined, 2);
  return { kind: "text", topology: text, files: new Map(Object.entries(files)) };
}

function loadedFrom(source: Source): Loaded {
  const loaded = loadSource(source, process.cwd());
  if (loaded.kind === "problem") throw new ModelError(loaded.message, loaded.diagnostics.map(findingOf));
  return loaded;
}
