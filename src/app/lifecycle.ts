/** The signals that a server listens to, by name: handed in, so that a test can send them without a process. */
export type SignalName = "SIGINT" | "SIGTERM" | "SIGHUP";

export type OnSignal = (name: SignalName, handler: () => void) => () => void;

/** What signals mean on a platform. */
export interface SignalMeanings {
  readonly stop: readonly SignalName[];
  readonly reload: readonly SignalName[];
}

/** On Windows nobody sends signals: Node calls it SIGHUP there when the console is closed, and ends soon after. */
export function signalMeanings(platform: string): SignalMeanings {
  if (platform === "win32") return { stop: ["SIGINT", "SIGTERM", "SIGHUP"], reload: [] };
  return { stop: ["SIGINT", "SIGTERM"], reload: ["SIGHUP"] };
}

/** How a server is told to stop: politely once, at once the second time. */
export interface StopSignals {
  /** Settles at the first of the signals. */
  readonly asked: Promise<SignalName>;
  /** Settles at the second. */
  readonly insisted: Promise<SignalName>;
  close(): void;
}

export function listenForStop(onSignal: OnSignal, names: readonly SignalName[]): StopSignals {
  let first: (name: SignalName) => void = () => undefined;
  let second: (name: SignalName) => void = () => undefined;
  const asked = new Promise<SignalName>((resolve) => {
    first = resolve;
  });
  const insisted = new Promise<SignalName>((resolve) => {
    second = resolve;
  });
  let count = 0;
  const handle = (name: SignalName) => (): void => {
    count += 1;
    if (count === 1) first(name);
    else second(name);
  };
  const closers = names.map((name) => onSignal(name, handle(name)));
  return {
    asked,
    insisted,
    close() {
      for (const close of closers) close();
    },
  };
}

/** What keeps a server from being ready: probes are told. */
export interface Readiness {
  /** What is missing, a line each; empty when everything answers. */
  missing(this: void): readonly string[];
  /** Everything answers from now on. */
  start(): void;
  /** No new questions, please: what is under way is answered still. */
  stop(): void;
}

export function createReadiness(): Readiness {
  let missing: readonly string[] = ["listeners: not open yet"];
  return {
    missing: () => missing,
    start() {
      missing = [];
    },
    stop() {
      missing = ["stopping: no new questions, please"];
    },
  };
}
