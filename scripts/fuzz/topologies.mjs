// Topologies: mutated YAML through the whole config flow, and questions asked of what still loads.
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { explain, explanationJson, explanationText } from "../../dist/explain/explain.js";
import { knownName } from "../../dist/name/name-text.js";
import { loadProject } from "../../dist/project/load-project.js";
import { resolveOffline } from "../../dist/resolve/resolve.js";
import { sourceFile } from "../../dist/source/source-file.js";
import { checkDiagnostics, poolOf } from "./checks.mjs";
import { mutateText } from "./mutate-text.mjs";

const WORDS = [
  "networks:",
  "zones:",
  "public:",
  "services:",
  "endpoints:",
  "resolvers:",
  "listen:",
  "expect:",
  "defaults:",
  "include:",
  "assume:",
  "version: 2",
  "x-a:",
  "hub",
  "spoke",
  "onprem",
  "internet",
  "platform",
  "network",
  "all",
  "*",
  "spoke-*",
  "auto",
  "none",
  "azure",
  "on-premises",
  "generic",
  "10.0.0.0/16",
  "10.0.0.0/33",
  "0.0.0.0/0",
  "::/0",
  "10.0.0.4",
  "10.0.0.4:53",
  "[::1]:53",
  "::1",
  "168.63.129.16",
  "127.0.0.1:0",
  "256.1.1.1",
  "tls://a@1.1.1.1",
  "- ",
  "- - -",
  "? ",
  ": ",
  "{",
  "}",
  "[",
  "]",
  "{}",
  "[]",
  "~",
  "null",
  "true",
  "no",
  "0x10",
  "1e3",
  "1h",
  "&a",
  "*a",
  "*b",
  "&a [*a]",
  "<<: *a",
  "!!str",
  "!legacy",
  "!<tag:x>",
  "|",
  "|2-",
  ">",
  "|\n    www A 10.0.0.1\n",
  '"',
  "'",
  "%YAML 1.2\n---",
  "---",
  "...",
  "#",
  "\t",
  "\uFEFF",
  "é",
  "😀",
  "\u0000",
  "\u2028",
  "myregistry.azurecr.io",
  "privatelink.azurecr.io",
  "a/b/c",
  "__proto__",
  "constructor",
  "toString",
  "azure/container-registry",
  "azure/storage-account",
  "approved",
  "rejected",
  "onMiss: internet",
  "missing.zone",
  "privlink.yaml",
  "**/*.zone",
  "../..",
  "/etc/passwd",
  "www A 10.0.0.1",
  "@ SOA . . 1 2 3 4 5",
  "x".repeat(300),
  "a.".repeat(140),
];
const NAMES = [
  ".",
  "myregistry.azurecr.io",
  "nobody.example",
  "www.privatelink.azurecr.io",
  "localhost",
  "7.0.0.10.in-addr.arpa",
];
const TYPES = [1, 28, 5, 6, 255, 43];

/** Fuzzes topologies: `entries` are texts to start from, `files` is what lies beside them. */
export function topologyFuzz(entries, files) {
  return {
    seeds: entries.map((text) => Buffer.from(text, "utf8")),
    make(random, kept) {
      const texts = kept.map((octets) => Buffer.from(octets).toString("utf8"));
      return Buffer.from(mutateText(random, poolOf(random, texts, entries), WORDS), "utf8");
    },
    prepare(random, octets) {
      const name = knownName(random.pick(NAMES));
      const type = random.pick(TYPES);
      const isCloned = random.oneIn(10);
      return () => checkTopology(Buffer.from(octets).toString("utf8"), files, { name, type }, isCloned);
    },
  };
}

/** Gives what the input is worth in records. */
function checkTopology(text, files, question, isCloned) {
  const { input, snapshot, diagnostics, hasErrors } = loadProject(
    sourceFile("privlink.yaml", text),
    memoryFiles({ ...files, "privlink.yaml": text }),
  );
  checkDiagnostics(diagnostics);
  if (isCloned) structuredClone(input);
  if (!hasErrors) {
    for (const addressee of addressees(snapshot)) {
      const resolution = resolveOffline(snapshot, addressee, question);
      const explanation = explain(snapshot, addressee.network ?? "internet", resolution);
      explanationText(explanation);
      JSON.stringify(explanationJson(explanation));
    }
  }
  return input.publicZones.length + input.zones.size;
}

function addressees({ topology, resolvers }) {
  const found = [{ kind: "servers-of" }];
  for (const { key, hosts } of topology.networks.values()) {
    found.push({ kind: "servers-of", network: key });
    for (const host of hosts.keys()) found.push({ kind: "servers-of", network: key, host });
  }
  for (const key of resolvers.keys()) found.push({ kind: "resolver", key });
  return found.slice(0, 20);
}

/** The files of a project without a disk. */
function memoryFiles(files) {
  return {
    open(path, encoding) {
      const text = Object.hasOwn(files, path) ? files[path] : undefined;
      return text === undefined
        ? { kind: "problem", message: "does not exist" }
        : { kind: "file", file: sourceFile(path, text, encoding) };
    },
    identify: (path) =>
      Object.hasOwn(files, path)
        ? { kind: "contents", digest: createHash("sha256").update(files[path]).digest("hex") }
        : { kind: "problem", message: "does not exist" },
    release: () => undefined,
    show: (path) => path,
    list: (pattern) =>
      Object.keys(files).filter(
        (path) =>
          path === pattern || (path.endsWith(".zone") && dirname(path) === join(pattern.replace(/\*.*$/, "x"), "..")),
      ),
    isFolder: (path) => Object.keys(files).some((file) => file.startsWith(`${path}/`)),
  };
}
