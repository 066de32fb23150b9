import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ExportedModel, type ExportKind, exportModel } from "../../src/exchange/export/export-model.ts";
import type { ExportFile } from "../../src/exchange/export/zone-paths.ts";
import { safePart } from "../../src/exchange/export/zone-paths.ts";
import { RecordTypes } from "../../src/record/record-type.ts";
import { needs, skipFor } from "../support/tools.ts";
import {
  type Leniency,
  type ProofAsker,
  type ProofModel,
  type ProofQuestion,
  proofAskers,
  proofModels,
  proofOf,
  serverAddress,
} from "./export-proof.ts";
import { askInside, type InsideServer, whyNotInside } from "./export-servers.ts";

/**
 * Every model as it is exported, in the servers that it is exported for, asked from the addresses of its networks: what the
 * model says for each name, or a loss that says otherwise. `EXPORT_PROOFS=all` takes every example and twenty made models;
 * without it some are enough to see a break.
 */
const IS_WHOLE = process.env["EXPORT_PROOFS"] === "all";
const MODELS = proofModels(IS_WHOLE ? 20 : 3).filter(
  ({ title }) => IS_WHOLE || /^(?:zones|made|home-office)/.test(title),
);
const PROOF_MS = 60_000;

const here: { whyNot?: string | undefined } = {};
beforeAll(async () => {
  here.whyNot = await whyNotInside();
});
beforeEach(async (context) => {
  await needs("named", "unbound", "dnsmasq", "unshare", "ip")(context);
  if (here.whyNot !== undefined) skipFor(`this machine ${here.whyNot}`, context);
});

/** A server on an export, whom it answers, and what it is asked. */
interface Proving {
  readonly kind: ExportKind;
  readonly exported: ExportedModel;
  readonly server: InsideServer;
  readonly askers: readonly ProofAsker[];
}

const LENIENCY: Readonly<Record<Exclude<ExportKind, "zones" | "coredns">, Leniency>> = {
  bind: { excused: ["answer-differs", "ns-added"] },
  unbound: { excused: ["answer-differs", "wildcard-dropped", "name-denied"] },
  dnsmasq: {
    excused: ["answer-differs", "wildcard-dropped", "name-dropped", "name-denied", "type-dropped"],
    hasNoSoa: true,
    hasNoTtl: ["ttl-dropped"],
  },
  hosts: {
    excused: ["answer-differs", "wildcard-dropped", "name-dropped", "type-dropped"],
    isFlat: true,
    blursDenials: true,
    hasNoTtl: "always",
  },
};

describe("servers with an exported configuration answer as the model", () => {
  test.concurrent.each(MODELS)(
    "$title",
    async (model) => {
      const provings = provingsOf(model);
      const files = provings.flatMap(({ kind, exported }) => exported.files.map((file) => forTests(kind, file)));
      const results = await askInside(
        files,
        provings.map(({ server }) => server),
      );
      const differing: string[] = [];
      const compared = new Map<ExportKind, number>();
      for (const [i, { kind, exported, askers }] of provings.entries()) {
        for (const [j, { asker, questions }] of askers.entries()) {
          const leniency = kind === "zones" || kind === "coredns" ? undefined : LENIENCY[kind];
          if (leniency === undefined) throw new Error(`${kind} has no server here`);
          const proof = proofOf(model.snapshot, asker, exported, questions, results[i]?.[j] ?? [], leniency);
          differing.push(...proof.differing.map((text) => `${kind}: ${text}`));
          compared.set(kind, (compared.get(kind) ?? 0) + proof.compared);
        }
      }
      expect(differing).toEqual([]);
      for (const kind of ["bind", "unbound", "dnsmasq", "hosts"] as const)
        expect(compared.get(kind)).toBeGreaterThan(5);
    },
    PROOF_MS,
  );
});

function provingsOf({ snapshot, title }: ProofModel): Proving[] {
  const askers = proofAskers(snapshot);
  const exports = (kind: ExportKind): ExportedModel => exportModel(snapshot, kind, title);
  const proving = (
    kind: ExportKind,
    exported: ExportedModel,
    command: readonly string[],
    own: readonly ProofAsker[],
    index: number,
  ): Proving => {
    const at = index === 0 ? { address: "127.0.0.1", port: 53 } : { address: serverAddress(index), port: 5300 };
    const server = { command: command.map((word) => word.replace("AT", at.address)), at, batches: own };
    return { kind, exported, server, askers: own };
  };
  const [dnsmasq, hosts] = [exports("dnsmasq"), exports("hosts")];
  const isAddress = ({ type }: ProofQuestion): boolean => type === RecordTypes.A || type === RecordTypes.AAAA;
  const plain = [
    "dnsmasq",
    "-k",
    "--port=5300",
    "--listen-address=AT",
    "--bind-interfaces",
    "--pid-file=",
    "--user=root",
  ];
  return [
    proving("bind", exports("bind"), ["named", "-g", "-n", "1", "-c", "bind/named.conf"], askers, 0),
    proving("unbound", exports("unbound"), ["unbound", "-d", "-c", "unbound/unbound.conf"], askers, 1),
    ...askers.flatMap((one, i) => {
      const file = safePart(one.asker.key);
      return [
        proving("dnsmasq", dnsmasq, [...plain, "-C", `dnsmasq/${file}.conf`], [one], 2 + 2 * i),
        proving(
          "hosts",
          hosts,
          [
            ...plain,
            "-C",
            "/dev/null",
            "--no-resolv",
            "--no-hosts",
            "--address=/#/",
            `--addn-hosts={}/hosts/${file}.hosts`,
          ],
          [{ ...one, questions: one.questions.filter(isAddress) }],
          3 + 2 * i,
        ),
      ];
    }),
  ];
}

/** In a folder of its own, with what the server needs to leave the rest of the machine alone. */
function forTests(kind: ExportKind, { path, text }: ExportFile): ExportFile {
  return {
    path: `${kind}/${path}`,
    text: kind === "bind" ? named(path, text) : kind === "unbound" ? `${text}${UNBOUND}` : text,
  };
}

function named(path: string, text: string): string {
  if (path !== "named.conf") return text;
  const own =
    'directory "bind"; listen-on { 127.0.0.1; }; listen-on-v6 { none; }; pid-file none; session-keyfile none; managed-keys-directory ".";';
  return text.replace("options {\n", `controls { };\noptions {\n\t${own} max-cache-size 8m;\n`);
}

const UNBOUND = `server:
\tinterface: ${serverAddress(1)}
\tport: 5300
\tdo-daemonize: no
\tusername: ""
\tchroot: ""
\tpidfile: ""
\tuse-syslog: no
remote-control:
\tcontrol-enable: no
`;
