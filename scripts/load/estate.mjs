// What a server under load answers from: two zones in which every record says the generation that it is of.
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Names that are asked; each is an alias into another zone. */
export const NAMES = 100;
export const FIRST = "first.test";
/** What a real server answers, or does not. */
export const FORWARDED = "elsewhere.test";
/** A sentence that the loader says of a broken generation. */
export const BROKEN_SAYS = /reload failed, the old model goes on answering/;

/** The project's folder below `root`, and writers that put a whole file into its place at once. */
export function openEstate(root, upstreamPort) {
  // A server watches the folder of its files and the one above it: what is not finished lies beside both.
  const staging = join(root, "staging");
  const folder = join(root, "served", "project");
  for (const path of [staging, folder]) mkdirSync(path, { recursive: true });
  const put = (text) => {
    writeFileSync(join(staging, "privlink.yaml"), text);
    renameSync(join(staging, "privlink.yaml"), join(folder, "privlink.yaml"));
  };
  return {
    folder,
    write: (generation) => put(topologyOf(generation, upstreamPort)),
    /** A file that cannot be taken over, in a way of several: by shape, by sense, by a zone, empty, cut short. */
    writeBroken: (number) => put(brokenText(number, topologyOf(number, upstreamPort))),
  };
}

/** Every owner of the first zone is an alias with the generation for its TTL; the address it leads to says it twice. */
function topologyOf(generation, upstreamPort) {
  const lines = (line) => Array.from({ length: NAMES }, (_, i) => `      ${line(i)}\n`).join("");
  const address = [10, generation >> 16, (generation >> 8) & 255, generation & 255].join(".");
  return `networks:
  office: { prefixes: 192.168.0.0/16, forward: { ${FORWARDED}: real } }
resolvers:
  real: { external: true, network: office, address: "127.0.0.1:${upstreamPort}" }
zones:
  ${FIRST}:
    links: office
    records: |
${lines((i) => `n${i} ${generation} CNAME t${i}.second.test.`)}  second.test:
    links: office
    records: |
${lines((i) => `t${i} ${generation} A ${address}`)}`;
}

function brokenText(number, text) {
  switch (number % 5) {
    case 0:
      return `${text}  : [`;
    case 1:
      return text.replace("links: office", "links: nowhere");
    case 2:
      return text.replace(/ A 10\.\S+$/m, " A 10.0.0.300");
    case 3:
      return text.slice(0, text.indexOf("zones:") + 4);
    default:
      return text.replace("external: true", "external: perhaps");
  }
}
