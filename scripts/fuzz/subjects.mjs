// What is fuzzed: packets, zone files and topologies, each with how inputs are made and what must hold of them.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadProject } from "../../dist/project/load-project.js";
import { ProjectFiles } from "../../dist/project/project-files.js";
import { sourceFile } from "../../dist/source/source-file.js";
import { packetFuzz } from "./packets.mjs";
import { topologyFuzz } from "./topologies.mjs";
import { RICH_ZONE, zoneFuzz } from "./zones.mjs";

/**
 * Every subject with its share of a hundred inputs (more of files where blocks are looked for: they have more of them), the milliseconds that an input may take, and its fuzz: `make` gives octets
 * of a random generator and of what was kept, `prepare` what runs them. `tally.past` is counted.
 */
export function subjectsOf(root, tally) {
  const example = join(root, "zones");
  const entry = readFileSync(join(example, "privlink.yaml"), "utf8");
  // The example, and an authoritative listener beside its own.
  const served = entry.replace(
    /^listen:$/m,
    "listen:\n  - { address: 127.0.0.1:5302, authoritative: true, network: hub }",
  );
  const { snapshot } = loadProject(sourceFile("privlink.yaml", served), new ProjectFiles(example, example));
  const files = textsBelow(example);
  const corpus = join(root, "test", "agreement", "zones");
  const estates = join(root, "test", "estates");
  const others = existsSync(estates) ? readdirSync(estates).filter((name) => name.endsWith(".yaml")) : [];
  const zones = Object.entries(files).flatMap(([path, text]) => (path.endsWith(".zone") ? [text] : []));
  const tricky = existsSync(corpus) ? Object.values(textsBelow(corpus)) : [];
  const topologies = [entry, entry, ...others.map((name) => readFileSync(join(estates, name), "utf8"))];
  return [
    { subject: "packet", share: { plain: 88, guided: 45 }, slowMs: 20, fuzz: packetFuzz(snapshot, RICH_ZONE, tally) },
    { subject: "zone file", share: { plain: 10, guided: 50 }, slowMs: 20, fuzz: zoneFuzz(zones, tricky) },
    // A topology has the whole example beside it, read anew each time.
    { subject: "topology", share: { plain: 2, guided: 5 }, slowMs: 50, fuzz: topologyFuzz(topologies, files) },
  ];
}

/** The texts of a folder's files by the path that the folder's topology gives them. */
function textsBelow(folder) {
  const paths = readdirSync(folder, { recursive: true }).filter((path) => path.endsWith(".zone"));
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), "latin1")]));
}
