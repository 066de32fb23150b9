import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { makeFolder, run } from "../../../test/support/memory-io.ts";

const PLAN = join(import.meta.dirname, "..", "..", "..", "test", "import", "terraform", "plan.json");
const OLD = `networks: { hub: { kind: azure, prefixes: 10.0.0.0/16 }, spoke: { kind: azure, prefixes: 10.1.0.0/16 } }
zones:
  corp.example: { links: [hub, spoke], file: corp.zone }
public:
  records: |
    www.corp.example. 60 A 192.0.2.1
    api.shop.example. 60 A 192.0.2.2
`;
const ZONE = "www 60 A 10.0.0.7\nmail 60 A 10.0.0.8\nold 60 CNAME www\nmx 60 MX 10 mail\n";

const folder = makeFolder({
  "old/privlink.yaml": OLD,
  "old/corp.zone": ZONE,
  "unlinked/privlink.yaml": OLD.replace("[hub, spoke]", "[hub]"),
  "unlinked/corp.zone": ZONE,
  "records/privlink.yaml": OLD,
  "records/corp.zone": "www 60 A 10.0.0.9\nold 60 CNAME www\nmail 90 A 10.0.0.8\nmx 60 MX 10 MAIL\n",
  "hidden/privlink.yaml": OLD.replace("public:", "  shop.example: { links: spoke }\npublic:"),
  "hidden/corp.zone": ZONE,
  "broken/privlink.yaml": OLD.replace("links", "lynks"),
  "network/privlink.yaml": OLD.replace("spoke: {", "other: {").replace("[hub, spoke]", "hub"),
  "network/corp.zone": ZONE,
  "zones/a.zone": "$ORIGIN a.example.\n@ 60 SOA ns me 1 2 3 4 5\nwww 60 A 192.0.2.1\n",
  "other-zones/a.zone": "$ORIGIN a.example.\n@ 60 SOA ns me 2 2 3 4 5\nwww 60 A 192.0.2.2\n",
  "empty/README": "",
});
afterAll(() => folder.remove());
cpSync(PLAN, join(folder.path, "plan.json"));

function git(cwd: string, ...args: readonly string[]): void {
  const who = ["-c", "user.name=a", "-c", "user.email=a@example", "-c", "commit.gpgsign=false"];
  execFileSync("git", [...who, ...args], { cwd, stdio: "ignore" });
}

describe("diff of two sides", () => {
  test.each([
    { title: "the same", line: "diff old old", code: 0, says: /^no answer changes\n$/ },
    {
      title: "a link taken away",
      line: "diff old unlinked",
      code: 2,
      says: /^! www\.corp\.example A, from spoke\n {4}private → public: 10\.0\.0\.7 \(private\) → 192\.0\.2\.1 \(public\)\n/m,
    },
    {
      title: "what decided, by file and line",
      line: "diff old unlinked",
      code: 2,
      says: / {4}before: zone corp\.example, linked to network spoke.*\[.*old\/privlink\.yaml:3\]\n {4}now: public data: .*\[unlinked\/privlink\.yaml:6\]/,
    },
    {
      title: "a record with another address",
      line: "diff old records",
      code: 0,
      says: /^ {2}old\.corp\.example, www\.corp\.example A, from hub, spoke\n {4}changed: 10\.0\.0\.7 \(private\) → 10\.0\.0\.9 \(private\)\n/m,
    },
    {
      title: "a TTL, apart",
      line: "diff old records",
      code: 0,
      says: /^ {2}mail\.corp\.example A, from hub, spoke\n {4}ttl: 60 s → 90 s\n/m,
    },
    { title: "nothing of case in names", line: "diff old records -t MX", code: 0, says: /^no answer changes\n$/ },
    {
      title: "anything, when asked to",
      line: "diff old records --fail-on any",
      code: 2,
      says: /6 answers change, 0 breaking/,
    },
    { title: "nothing, when asked to", line: "diff old unlinked --fail-on none", code: 0, says: /breaking/ },
    {
      title: "a zone over public names",
      line: "diff old hidden",
      code: 2,
      says: /^! api\.shop\.example A, from spoke\n {4}answer → none: 192\.0\.2\.2 \(public\) → NXDOMAIN \(private\)\n/,
    },
    {
      title: "names that are not there",
      line: "diff old hidden",
      code: 2,
      says: /^ {2}\*\.shop\.example A, from spoke\n {4}changed: whatever the internet says → NXDOMAIN \(private\)\n/m,
    },
    {
      title: "a name that nobody has",
      line: "diff old hidden --name x.y.shop.example",
      code: 2,
      says: /^ {2}x\.y\.shop\.example, \*\.shop\.example A, from spoke\n/m,
    },
    { title: "one asker alone", line: "diff old unlinked --from hub", code: 0, says: /^no answer changes\n$/ },
    {
      title: "zone files, and no serial",
      line: "diff zones other-zones",
      code: 0,
      says: /^ {2}www\.a\.example A, from internet\n[^]*\n1 answer changes/,
    },
    {
      title: "serials, when asked to",
      line: "diff zones other-zones -t SOA",
      code: 0,
      says: /^ {2}a\.example SOA, from internet\n/,
    },
    {
      title: "a plan, before and after",
      line: "diff plan.json --fail-on any",
      code: 2,
      says: /^ {2}contosodata\.blob\.core\.windows\.net\.edge\.example A, from internet\n/m,
    },
  ])("tells $title: $line", async ({ line, code, says }) => {
    const ran = await run(line, folder.path);
    expect(ran.stdout).toMatch(says);
    expect(ran.code).toBe(code);
  });

  test("of models with other networks, those that both have are compared, and the others named", async () => {
    const { stderr } = await run("diff old network", folder.path);
    expect(stderr).toBe(
      "privlink: only in old, and not compared: spoke\nprivlink: only in network, and not compared: other\n",
    );
  });

  test("as data has a version, counts and places", async () => {
    const { stdout } = await run("diff old unlinked --format json --name www.corp.example", folder.path);
    const { schema, summary, changes }: { schema: string; summary: unknown; changes: readonly unknown[] } =
      JSON.parse(stdout);
    expect(schema).toBe("privlink/diff/v1");
    expect(summary).toMatchObject({ breaking: 4, "private-to-public": 4 });
    expect(changes[3]).toMatchObject({
      kind: "private-to-public",
      breaking: true,
      askers: ["spoke"],
      names: ["www.corp.example."],
      before: { outcome: "answer", records: ["10.0.0.7"], decided: { kind: "zone" } },
      after: {
        outcome: "answer",
        records: ["192.0.2.1"],
        decided: { places: [{ file: "unlinked/privlink.yaml", line: 6 }] },
      },
    });
  });

  test("is red where a terminal shows colours", async () => {
    const { stdout } = await run("diff old unlinked", folder.path, { env: { FORCE_COLOR: "1" } });
    expect(stdout.startsWith("\u001b[1;31m! mail.corp.example A, from spoke\u001b[0m\n")).toBe(true);
  });

  test.each([
    { line: "diff old gone", says: "privlink: gone: " },
    { line: "diff old broken", says: "privlink: broken cannot be compared: " },
    { line: "diff broken old", says: "broken/privlink.yaml:3:" },
    { line: "diff old empty", says: "the folder empty/ has no *.zone file in it or below it" },
    { line: "diff", says: "no privlink.yaml here: name both sides" },
    { line: "diff -c old/privlink.yaml old records", says: "records stands beside -c old/privlink.yaml" },
    { line: "diff old records --from nobody", says: "--from: nobody is called nobody" },
    { line: "diff old network --from other", says: "--from: other is on one side alone" },
    { line: "diff old records --type AAA", says: "--type: AAA is no record type" },
    { line: "diff old records --type ANY", says: "--type: ANY is no type that records have" },
    { line: "diff old records --name a..b", says: "--name: a..b" },
    { line: "diff git:HEAD old", says: "lies in no git repository" },
  ])("says what is wrong: $line", async ({ line, says }) => {
    const ran = await run(line, folder.path, { env: {} });
    expect(ran.stderr).toContain(says);
    expect(ran.code).toBe(1);
  });
});

describe("diff with a revision", () => {
  const repository = makeFolder({
    "net/privlink.yaml": OLD.replace("corp.zone", "zones/corp.zone").replace(
      "networks:",
      "include: more.yaml\nnetworks:",
    ),
    "net/more.yaml": "zones: { made.example: { links: hub, file: made.zone } }\n",
    "net/made.zone": "$INCLUDE parts/hosts.part\n",
    "net/parts/hosts.part": "a 60 A 10.0.0.1\n",
    "net/zones/corp.zone": ZONE,
    "net/folder.yaml": "networks: { hub: { prefixes: 10.0.0.0/16 } }\nzones: { all: { folder: deep, links: hub } }\n",
    "net/deep/x/x.example.zone": "@ 60 A 10.0.0.1\n",
    "net/outside.yaml":
      "networks: { hub: { prefixes: 10.0.0.0/16 } }\nzones: { a.example: { file: ../other.zone, links: hub } }\n",
    "other.zone": "@ 60 A 10.0.0.1\n",
    "net/lfs.yaml":
      "networks: { hub: { prefixes: 10.0.0.0/16 } }\nzones: { a.example: { file: big.zone, links: hub } }\n",
    "net/big.zone": "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n",
    "net/linked.yaml":
      "networks: { hub: { prefixes: 10.0.0.0/16 } }\nzones: { a.example: { file: current/a.zone, links: hub } }\n",
    "net/generations/a.zone": "www 60 A 10.0.0.1\n",
    "net/escaping.yaml":
      "networks: { hub: { prefixes: 10.0.0.0/16 } }\nzones: { a.example: { file: out.zone, links: hub } }\n",
    "net/circle.yaml":
      "networks: { hub: { prefixes: 10.0.0.0/16 } }\nzones: { a.example: { file: one.zone, links: hub } }\n",
  });
  afterAll(() => repository.remove());
  const net = join(repository.path, "net");
  symlinkSync("generations", join(net, "current"));
  symlinkSync("../other.zone", join(net, "out.zone"));
  symlinkSync("two.zone", join(net, "one.zone"));
  symlinkSync("one.zone", join(net, "two.zone"));
  git(repository.path, "init", "-q", "-b", "trunk");
  git(repository.path, "add", ".");
  git(repository.path, "commit", "-qm", "one");
  git(repository.path, "tag", "v1");
  git(repository.path, "branch", "team/dns");
  writeFileSync(join(net, "parts", "hosts.part"), "a 60 A 10.0.0.2\n");
  writeFileSync(join(net, "deep", "x", "x.example.zone"), "@ 60 A 10.0.0.2\n");
  writeFileSync(join(net, "generations", "a.zone"), "www 60 A 10.0.0.2\n");

  test.each([
    { line: "diff", before: "HEAD:net/parts/hosts.part:1" },
    { line: "diff git:v1", before: "v1:net/parts/hosts.part:1" },
    { line: "diff git:HEAD:net", before: "HEAD:net/parts/hosts.part:1" },
    { line: "diff git:HEAD:./privlink.yaml privlink.yaml", before: "HEAD:net/parts/hosts.part:1" },
    { line: "diff git:HEAD^{commit} .", before: "HEAD^{commit}:net/parts/hosts.part:1" },
    { line: "diff git:team/dns", before: /before: .*\[[0-9a-f]{10}:net\/parts\/hosts\.part:1, / },
    { line: "diff -c folder.yaml", before: "HEAD:net/deep/x/x.example.zone:1" },
    { line: "diff -c linked.yaml", before: "HEAD:net/current/a.zone:1" },
    { line: "diff git:HEAD:net/deep deep", before: "HEAD:net/deep/x/x.example.zone:1" },
  ])("reads includes, folders, links and $INCLUDE as they were: $line", async ({ line, before }) => {
    const ran = await run(line, net);
    expect(ran.stderr).toBe("");
    expect(ran.stdout).toContain("10.0.0.1");
    expect(ran.stdout).toContain("10.0.0.2");
    if (typeof before === "string") expect(ran.stdout).toContain(`[${before}`);
    else expect(ran.stdout).toMatch(before);
    expect(ran.code).toBe(0);
  });

  test.each([
    { line: "diff git:v2", says: "git:v2: the repository has no revision v2" },
    { line: "diff git:--output=x", says: "the repository has no revision --output=x" },
    { line: "diff git:", says: "the repository has no revision without a name" },
    { line: "diff HEAD~3 .", says: "HEAD~3 does not exist: a commit is written git:HEAD~3" },
    { line: "diff git:HEAD:gone .", says: "gone does not exist in HEAD" },
    {
      line: "diff git:HEAD:zones .",
      says: "zones does not exist in HEAD: paths count from the top of the repository; did you mean ./zones?",
    },
    { line: "diff git:HEAD:../.. .", says: "lies outside the repository" },
    { line: "diff -c outside.yaml", says: "../other.zone lies outside the project's folder HEAD:net" },
    { line: "diff -c escaping.yaml", says: "out.zone lies outside the project's folder HEAD:net" },
    { line: "diff -c circle.yaml", says: "one.zone is a link that leads in a circle" },
    { line: "diff -c lfs.yaml", says: "big.zone is kept in Git LFS, and what is kept there is not read" },
  ])("says what is wrong: $line", async ({ line, says }) => {
    const ran = await run(line, net);
    expect(ran.stderr).toContain(says);
  });

  test("a repository without a commit, and a machine without git, are told", async () => {
    const fresh = join(repository.path, "fresh");
    mkdirSync(fresh);
    git(fresh, "init", "-q");
    writeFileSync(join(fresh, "privlink.yaml"), OLD);
    expect((await run("diff", fresh)).stderr).toContain("git:HEAD: the repository has no commit yet");
    const path = process.env["PATH"];
    process.env["PATH"] = fresh;
    try {
      expect((await run("diff", fresh)).stderr).toContain("git:HEAD: git is not installed");
    } finally {
      process.env["PATH"] = path;
    }
  });
});
