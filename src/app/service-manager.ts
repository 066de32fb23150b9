/** What a service manager put into the environment of a process that it started: systemd, or whoever speaks as it does. */
export interface ServiceManager {
  /** Where it is told how the service does (sd_notify(3)). */
  readonly notify?: NotifyPlace;
  /** The sockets that it opened for the process (sd_listen_fds(3)). */
  readonly activation?: Activation;
}

export interface NotifyPlace {
  /** The value of `NOTIFY_SOCKET`. */
  readonly socket: string;
  /** A sign of life is expected at least this often. */
  readonly watchdogMs?: number;
}

/** Descriptors from 3 on, one behind the other. */
export interface Activation {
  readonly count: number;
  /** What their unit calls each; shorter than `count` where it does not. */
  readonly names: readonly string[];
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Everything that the manager says to the process that it started, and not to the children of that. */
const VARIABLES = [
  "NOTIFY_SOCKET",
  "WATCHDOG_USEC",
  "WATCHDOG_PID",
  "LISTEN_FDS",
  "LISTEN_PID",
  "LISTEN_FDNAMES",
  "LISTEN_PIDFDID",
];

/** More than any unit has; a larger number is a mistake. */
const MAX_DESCRIPTORS = 1024;

/** What the manager said to the process `pid`; a sentence when it cannot be understood. What was meant for another process is not ours. */
export function readServiceManager(env: Environment, pid: number): ServiceManager | string {
  const activation = readActivation(env, pid);
  if (typeof activation === "string") return activation;
  const notify = readNotify(env, pid);
  if (typeof notify === "string") return notify;
  return { ...(notify === undefined ? {} : { notify }), ...(activation === undefined ? {} : { activation }) };
}

/** An environment for a child: without what was said to its parent alone. */
export function environmentForChildren(env: Environment): Record<string, string | undefined> {
  return { ...env, ...Object.fromEntries(VARIABLES.map((name) => [name, undefined])) };
}

function readActivation(
  { LISTEN_FDS: fds, LISTEN_PID: listenPid, LISTEN_FDNAMES: names }: Environment,
  pid: number,
): Activation | undefined | string {
  if (fds === undefined || listenPid !== String(pid)) return undefined;
  const count = readNumber(fds);
  if (count === undefined || count > MAX_DESCRIPTORS)
    return `LISTEN_FDS: ${fds} is no number of descriptors up to ${MAX_DESCRIPTORS}: whoever starts privlink sets it`;
  return count === 0 ? undefined : { count, names: names === undefined ? [] : names.split(":") };
}

function readNotify(
  { NOTIFY_SOCKET: socket, WATCHDOG_USEC: usec, WATCHDOG_PID: watchdogPid }: Environment,
  pid: number,
): NotifyPlace | undefined | string {
  if (socket === undefined || socket === "") return undefined;
  if (usec === undefined || (watchdogPid !== undefined && watchdogPid !== String(pid))) return { socket };
  const microseconds = readNumber(usec);
  if (microseconds === undefined || microseconds === 0)
    return `WATCHDOG_USEC: ${usec} is no number of microseconds: whoever starts privlink sets it, systemd from WatchdogSec=`;
  return { socket, watchdogMs: microseconds / 1000 };
}

function readNumber(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number.parseInt(text, 10) : undefined;
}
