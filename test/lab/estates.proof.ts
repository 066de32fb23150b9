import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { everybody } from "../../src/cli/who.ts";
import { formatAddressPort } from "../../src/net/address.ts";
import { platformKey } from "../../src/snapshot/compile.ts";
import type { Snapshot } from "../../src/snapshot/snapshot.ts";
import { needs, skipFor } from "../support/tools.ts";
import { digAnswers, loadFile, modelAnswer, namesOf, type Question } from "./asked.ts";
import { copyLab, type RealLab, whyNoLabHere, writtenLab } from "./real-lab.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const LAB_MS = 60_000;

const OVERLAP = "networks that overlap";
/** Two networks that nothing but their namespaces tells apart, hosts and forwarders at one address, and two strangers. */
const OVERLAPPING = `
defaults: { network: { kind: azure } }
networks:
  a: { prefixes: 10.0.0.0/16, dns: fa, hosts: { vm: 10.0.0.9, old: { address: 10.0.0.10, dns: 8.8.8.8 } }, peers: hub }
  b: { prefixes: 10.0.0.0/16, dns: fb, hosts: { vm: 10.0.0.9 } }
  hub: { prefixes: 10.1.0.0/16 }
  lan: { kind: generic, prefixes: [192.168.10.0/24, "fd00:10::/64"] }
  office: { kind: on-premises, prefixes: 192.168.0.0/24, dns: office-dns }
resolvers:
  fa: { network: a, address: 10.0.0.53, forward: { ".": platform } }
  fb: { network: b, address: 10.0.0.53, forward: { ".": platform } }
  hub-dns: { network: hub, address: 10.1.0.4 }
  office-dns: { network: office, address: 192.168.0.53, forward: { ".": internet } }
  lan-dns: { network: lan, address: "fd00:10::53", forward: { ".": platform } }
zones:
  one/corp.example: { links: a, records: "www A 10.0.0.80" }
  two/corp.example: { links: b, records: "www A 10.0.0.90" }
  three/corp.example: { links: [hub, lan], records: "www A 10.1.0.80" }
public:
  records: |
    www.corp.example. 300 A 203.0.113.80
`;

/** What is compared: the built-in example, those of examples/ that need no real server, and networks that overlap. */
const ESTATES: readonly { readonly title: string; readonly open: () => RealLab }[] = [
  { title: "the built-in example", open: () => copyLab(join(ROOT, "zones"), "privlink.yaml") },
  ...[
    ["azure-container-registry", "steps/08-on-premises.yaml"],
    ["ibm-container-registry", "steps/08-custom-resolver.yaml"],
    ["kubernetes-sidecar", "cluster.yaml"],
    ["many-services", "privlink.yaml"],
  ].map(([example = "", file = ""]) => ({
    title: `${example}/${file}`,
    open: () => copyLab(join(ROOT, "examples", example), file),
  })),
  { title: OVERLAP, open: () => writtenLab(OVERLAPPING) },
];

const here: { whyNot?: string } = {};
beforeAll(async () => {
  const whyNot = await whyNoLabHere();
  if (whyNot !== undefined) here.whyNot = whyNot;
}, LAB_MS);
beforeEach(async (context) => {
  await needs("ip", "dig", "setpriv")(context);
  if (here.whyNot !== undefined) skipFor(`this machine ${here.whyNot}`, context);
});

describe.each(ESTATES)("the lab of $title", ({ title, open }) => {
  const lab: { open?: RealLab } = {};
  const opened = (): RealLab => {
    if (lab.open === undefined) throw new Error("the lab was not opened");
    return lab.open;
  };
  beforeAll(async () => {
    if (here.whyNot !== undefined) return;
    lab.open = open();
    const { code, stderr } = await lab.open.up();
    if (code !== 0) throw new Error(stderr);
  }, LAB_MS);
  afterAll(async () => lab.open?.close(), LAB_MS);

  test(
    "everybody gets for every name what the model says, from their own servers and from the platform",
    async () => {
      const snapshot = loadFile(opened().file);
      const names = await namesOf(opened());
      let compared = 0;
      const compare = async ({ who, questions }: { who: string; questions: Question[] }): Promise<void> => {
        const expected = questions.map((question) => modelAnswer(snapshot, who, question));
        const answered = questions.filter((_, i) => expected[i] !== undefined);
        const got = await digAnswers(opened(), who, answered);
        const wanted = expected.filter((answer) => answer !== undefined);
        expect(pairs(who, answered, got)).toEqual(pairs(who, answered, wanted));
        compared += got.length;
      };
      await Promise.all(askers(snapshot, names).map(compare));
      expect(compared).toBeGreaterThan(names.length);
    },
    LAB_MS,
  );

  if (title !== OVERLAP) return;
  test(
    "what the model does not reach is silent, and what overlaps is told apart",
    async () => {
      const short = async (who: string, ...words: readonly string[]): Promise<string> => {
        const { stdout, code } = await opened().exec(
          who,
          "dig",
          "+short",
          "+time=1",
          "+tries=1",
          "www.corp.example",
          ...words,
        );
        return code === 9 && stdout.includes("timed out") ? "silence" : stdout.trim();
      };
      const rows: readonly (readonly [string, string, string])[] = [
        ["a", "@168.63.129.16", "10.0.0.80"],
        ["b", "@168.63.129.16", "10.0.0.90"],
        ["vm@a", "@10.0.0.53", "10.0.0.80"],
        ["vm@b", "@10.0.0.53", "10.0.0.90"],
        ["old@a", "+tcp", "203.0.113.80"],
        ["hub", "@10.0.0.53", "10.0.0.80"],
        ["a", "@10.1.0.4", "10.1.0.80"],
        ["b", "@10.1.0.4", "silence"],
        ["office", "@168.63.129.16", "silence"],
        ["office", "@192.168.0.53", "203.0.113.80"],
        ["internet", "@168.63.129.16", "silence"],
        ["hub", "@10.9.9.9", "silence"],
      ];
      const got = await Promise.all(rows.map(async ([who, server]) => [who, server, await short(who, server)]));
      expect(got).toEqual(rows);
      const { stdout } = await opened().exec(
        "lan",
        "sh",
        "-c",
        "getent ahostsv4 www.corp.example; ip -6 -brief address show eth0",
      );
      expect(stdout).toContain("10.1.0.80");
      expect(stdout).toContain("fd00:10::4/128");
    },
    LAB_MS,
  );
});

/** Everybody who may ask, with each name for their own servers, and for the platform where their network has one. */
function askers(snapshot: Snapshot, names: readonly string[]): { who: string; questions: Question[] }[] {
  const hosts = [...snapshot.topology.networks.values()].flatMap(({ key, hosts: own }) =>
    [...own.keys()].map((host) => ({ who: `${host}@${key}`, network: key })),
  );
  const networks = everybody(snapshot).map(({ text }) => ({ who: text, network: text }));
  return [...networks, ...hosts].map(({ who, network }) => {
    const [platform] = snapshot.resolvers.get(platformKey(network))?.addresses ?? [];
    const servers = [undefined, ...(platform === undefined ? [] : [formatAddressPort(platform).replace(/:53$/, "")])];
    const questions = names.flatMap((name) =>
      servers.flatMap((at) => ["A", "AAAA"].map((type) => ({ name, type, ...(at === undefined ? {} : { at }) }))),
    );
    return { who, questions };
  });
}

function pairs(who: string, questions: readonly Question[], answers: readonly unknown[]) {
  return questions.map(({ name, type, at }, i) => ({
    ask: `${who}: ${name} ${type} @${at ?? "its own"}`,
    gets: answers[i],
  }));
}
