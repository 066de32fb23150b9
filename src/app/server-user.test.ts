import { describe, expect, test } from "vitest";
import { type Accounts, becomeUser, findServerUser, keptBy, type OwnRights } from "./server-user.ts";

const MACHINE: Accounts = {
  platform: "linux",
  euid: 0,
  passwd: "root:x:0:0:root:/root:/bin/sh\nprivlink:x:990:985::/:/usr/sbin/nologin\ntoor:x:0:0::/:/bin/sh\n",
  group: "root:x:0:\nprivlink:x:985:\ndns:x:53:privlink\n",
};

describe("a user is found", () => {
  test.each([
    { text: "privlink", is: { uid: 990, gid: 985, groupsOf: "privlink" } },
    { text: "990", is: { uid: 990, gid: 985, groupsOf: "privlink" } },
    { text: "privlink:dns", is: { uid: 990, gid: 53 } },
    { text: "privlink:12", is: { uid: 990, gid: 12 } },
    { text: "65532:65532", is: { uid: 65532, gid: 65532 } },
    { text: "65532:0", is: { uid: 65532, gid: 0 } },
  ])("by $text", ({ text, is }) => {
    expect(findServerUser(text, MACHINE)).toEqual({ text, ...is });
  });

  test.each([
    { text: "nosuch", says: "--user: there is no user nosuch in /etc/passwd: add it, or write UID:GID" },
    { text: "65532", says: "--user: /etc/passwd has no group of user 65532: write 65532:GID" },
    { text: "privlink:nosuch", says: "--user: there is no group nosuch in /etc/group" },
    { text: "root", says: "--user: root is root, who may do everything" },
    { text: "0", says: "--user: 0 is root" },
    { text: "0:65532", says: "--user: 0 is root" },
    { text: "toor", says: "--user: toor is root" },
    { text: "a b", says: "--user: a b is no NAME, UID, NAME:GROUP or UID:GID" },
    { text: "1:2:3", says: "--user: 1:2:3 is no NAME" },
    { text: "99999999999:1", says: "--user: there is no user 99999999999" },
  ])("or not: $says", ({ text, says }) => {
    expect(findServerUser(text, MACHINE)).toContain(says);
  });

  test.each([
    {
      what: "without files of users, by numbers",
      machine: { ...MACHINE, passwd: undefined, group: undefined },
      text: "5:6",
      is: { text: "5:6", uid: 5, gid: 6 },
    },
    {
      what: "never by somebody who is not root",
      machine: { ...MACHINE, euid: 1000 },
      text: "privlink",
      is: "--user: only root may become another user: start it as root, or leave --user out",
    },
    {
      what: "never on Windows",
      machine: { ...MACHINE, platform: "win32", euid: undefined },
      text: "privlink",
      is: "--user: a process of win32 cannot become another user: run it as that user and leave --user out",
    },
  ])("$what", ({ machine, text, is }) => {
    expect(findServerUser(text, machine)).toEqual(is);
  });
});

const CLEAN =
  "Name:\tnode\nUid:\t990\t990\t990\t990\nGid:\t985\t985\t985\t985\nCapInh:\t0000000000000000\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nCapBnd:\t000001ffffffffff\nCapAmb:\t0000000000000000\n";

test.each([
  { what: "nothing", status: CLEAN, kept: [] },
  {
    what: "a saved user",
    status: CLEAN.replace("990\t990\t990\t990", "990\t990\t0\t990"),
    kept: ["Uid is 990 990 0 990"],
  },
  { what: "a group", status: CLEAN.replace("985\t985\t985\t985", "985\t0\t985\t985"), kept: ["Gid is 985 0 985 985"] },
  {
    what: "a capability",
    status: CLEAN.replace("CapEff:\t0000000000000000", "CapEff:\t0000000000000400"),
    kept: ["CapEff is 0000000000000400"],
  },
])("a thread that kept $what", ({ status, kept }) => {
  expect(keptBy(status, 990, 985)).toEqual(kept);
});

describe("becoming a user", () => {
  /** A process that gives up what it is asked to, but for what a test changes. */
  function process(steps: string[], more: Partial<OwnRights> = {}): OwnRights {
    return {
      setgroups: (groups) => void steps.push(`setgroups ${groups.join()}`),
      initgroups: (user, group) => void steps.push(`initgroups ${user} ${group}`),
      setgid: (id) => void steps.push(`setgid ${id}`),
      setuid(id) {
        if (id === 0) throw new Error("EPERM");
        steps.push(`setuid ${id}`);
      },
      statuses: () => [CLEAN],
      ...more,
    };
  }
  const user = { text: "privlink", uid: 990, gid: 985 };

  test("takes its groups first and itself last, as each step needs the rights of before", () => {
    const steps: string[] = [];
    expect(becomeUser({ ...user, groupsOf: "privlink" }, process(steps))).toBeUndefined();
    expect(steps).toEqual(["initgroups privlink 985", "setgid 985", "setuid 990"]);
  });

  test("without further groups leaves those of root behind", () => {
    const steps: string[] = [];
    expect(becomeUser(user, process(steps))).toBeUndefined();
    expect(steps).toEqual(["setgroups 985", "setgid 985", "setuid 990"]);
  });

  test.each([
    {
      what: "the system does not allow it",
      more: {
        setgid: () => {
          throw new Error("EPERM: operation not permitted");
        },
      },
      says: "--user: the system does not let it become privlink: EPERM",
    },
    { what: "root can be had back", more: { setuid: () => undefined }, says: "root could be had back" },
    {
      what: "a thread stays behind",
      more: { statuses: () => [CLEAN, CLEAN.replaceAll("990", "0")] },
      says: "a thread is not privlink after becoming it: Uid is 0 0 0 0",
    },
  ])("fails when $what", ({ more, says }) => {
    expect(becomeUser(user, process([], more))).toContain(says);
  });
});
