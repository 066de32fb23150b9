import { accessSync, chownSync, constants, readdirSync, readFileSync } from "node:fs";

/** Whom a server becomes once its sockets are open. */
export interface ServerUser {
  /** As it was named. */
  readonly text: string;
  readonly uid: number;
  readonly gid: number;
  /** Whose further groups it has; absent: it has none. */
  readonly groupsOf?: string;
}

/** What is needed of a machine to find a user. */
export interface Accounts {
  /** As Node calls it. */
  readonly platform: string;
  /** Who the process is; absent where users have no numbers. */
  readonly euid: number | undefined;
  /** The files, where they can be read. */
  readonly passwd: string | undefined;
  readonly group: string | undefined;
}

/** Of this machine. */
export function accountsHere(platform: string): Accounts {
  return { platform, euid: process.geteuid?.(), passwd: textOf("/etc/passwd"), group: textOf("/etc/group") };
}

/** Past every number of a user: -1 means nobody to the system. */
const MAX_NUMBER = 0xffff_fffe;

/** Finds `NAME`, `UID`, `NAME:GROUP` or `UID:GID`; a sentence when there is nobody, or this process cannot become anybody. */
export function findServerUser(text: string, { platform, euid, passwd, group }: Accounts): ServerUser | string {
  if (euid === undefined)
    return `--user: a process of ${platform} cannot become another user: run it as that user and leave --user out`;
  if (euid !== 0) return "--user: only root may become another user: start it as root, or leave --user out";
  const parts = /^([^:\s]+)(?::([^:\s]+))?$/.exec(text);
  if (parts === null) return `--user: ${text === "" ? "nothing" : text} is no NAME, UID, NAME:GROUP or UID:GID`;
  const [, who = "", groupText] = parts;
  const number = readNumber(who);
  const account = rowsOf(passwd).find(([name, , uid]) =>
    number === undefined ? name === who : uid === String(number),
  );
  const uid = number ?? readNumber(account?.[2] ?? "");
  if (uid === undefined) return `--user: there is no user ${who} in /etc/passwd: add it, or write UID:GID`;
  if (uid === 0) return `--user: ${who} is root, who may do everything: name somebody who may not`;
  if (groupText !== undefined) {
    const gid = readNumber(groupText) ?? readNumber(rowsOf(group).find(([name]) => name === groupText)?.[2] ?? "");
    return gid === undefined
      ? `--user: there is no group ${groupText} in /etc/group: add it, or write its number`
      : { text, uid, gid };
  }
  const gid = readNumber(account?.[3] ?? "");
  if (gid === undefined) return `--user: /etc/passwd has no group of user ${who}: write ${who}:GID`;
  return { text, uid, gid, groupsOf: account?.[0] ?? who };
}

/** What a process may change about itself. */
export interface OwnRights {
  setgroups?(groups: readonly number[]): void;
  initgroups?(user: string, extraGroup: number): void;
  setgid?(id: number): void;
  setuid?(id: number): void;
  /** The `status` of each thread (proc(5)); none where the system has no such thing. */
  statuses(): readonly string[];
}

/** Gives up every privilege: becomes the user, in all threads, for good. Says why it could not; nobody may be answered then. */
export function becomeUser(user: ServerUser, rights: OwnRights = rightsOfProcess): string | undefined {
  const { text, uid, gid, groupsOf } = user;
  try {
    // Groups first and the user last: each takes a right that the next step would not have any more (setuid(2)).
    if (groupsOf === undefined) rights.setgroups?.([gid]);
    else rights.initgroups?.(groupsOf, gid);
    rights.setgid?.(gid);
    rights.setuid?.(uid);
  } catch (error) {
    return `--user: the system does not let it become ${text}: ${messageOf(error)}`;
  }
  try {
    rights.setuid?.(0);
    return `--user: root could be had back after becoming ${text}: the system keeps privileges, which a security setting of this process does`;
  } catch {
    // As it must be.
  }
  const kept = rights.statuses().flatMap((status) => keptBy(status, uid, gid));
  return kept.length === 0 ? undefined : `--user: a thread is not ${text} after becoming it: ${kept[0]}`;
}

/** What a thread has that it should not, out of its `status`: who it is four times over, and capabilities. */
export function keptBy(status: string, uid: number, gid: number): string[] {
  const fields = new Map(
    status.split("\n").map((line) => {
      const [name = "", ...values] = line.split(/[:\s]+/);
      return [name, values.filter((value) => value !== "")] as const;
    }),
  );
  const wanted = [
    { name: "Uid", is: (value: string) => value === String(uid) },
    { name: "Gid", is: (value: string) => value === String(gid) },
    ...["CapInh", "CapPrm", "CapEff", "CapAmb"].map((name) => ({ name, is: (value: string) => /^0*$/.test(value) })),
  ];
  return wanted.flatMap(({ name, is }) => {
    const values = fields.get(name) ?? [];
    return values.every(is) ? [] : [`${name} is ${values.join(" ")}`];
  });
}

/** The first of the paths that this process has no right to read; what is not there is nobody's. */
export function unreadable(paths: readonly string[]): string | undefined {
  return paths.find((path) => {
    try {
      accessSync(path, constants.R_OK);
      return false;
    } catch (error) {
      return error instanceof Error && "code" in error && error.code === "EACCES";
    }
  });
}

/** Gives a file to a user, for the time after root. Says why it could not. */
export function giveTo({ text, uid, gid }: ServerUser, path: string): string | undefined {
  try {
    chownSync(path, uid, gid);
    return undefined;
  } catch (error) {
    return `--user: ${path} cannot be given to ${text}: ${messageOf(error)}`;
  }
}

const rightsOfProcess: OwnRights = {
  setgroups: (groups) => process.setgroups?.([...groups]),
  initgroups(user, extraGroup) {
    if (takesGroups(process)) process.initgroups(user, extraGroup);
  },
  setgid: (id) => process.setgid?.(id),
  setuid: (id) => process.setuid?.(id),
  statuses() {
    try {
      return readdirSync("/proc/self/task").flatMap((thread) => textOf(`/proc/self/task/${thread}/status`) ?? []);
    } catch {
      return []; // No Linux, or no /proc.
    }
  },
};

/** What the types of Node's process leave out. */
interface TakesGroups {
  initgroups(user: string, extraGroup: number): void;
}

function takesGroups(candidate: object): candidate is TakesGroups {
  return "initgroups" in candidate && typeof candidate.initgroups === "function";
}

/** The fields of a file of `/etc`, a row each. */
function rowsOf(text: string | undefined): string[][] {
  return (text ?? "").split("\n").map((line) => line.split(":"));
}

function readNumber(text: string): number | undefined {
  const number = /^\d{1,10}$/.test(text) ? Number.parseInt(text, 10) : undefined;
  return number === undefined || number > MAX_NUMBER ? undefined : number;
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
