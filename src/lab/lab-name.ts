import { createHash } from "node:crypto";

/** Hexadecimal digits of a lab's name. */
const NAME_LENGTH = 8;
/** What may stand in the name of a namespace as it is; everything else is exchanged, and told apart by a digest. */
const PLAIN = /^[a-z0-9][a-z0-9._@-]{0,63}$/;

/**
 * The name of the lab of a topology, made of the absolute path of its file: two labs can stand side by side, and each is
 * found again by its names, without a file that remembers it.
 */
export function labName(path: string): string {
  return digestOf(path);
}

/**
 * The namespace of somebody who asks, called as `--from` calls them: NETWORK, HOST@NETWORK, `internet`. Case does not count,
 * as in keys.
 */
export function placeNamespace(lab: string, who: string): string {
  const folded = who.toLowerCase();
  if (PLAIN.test(folded)) return `${prefixOf(lab)}${folded}`;
  const readable = folded.replaceAll(/[^a-z0-9._@-]+/g, "-").slice(0, 48);
  return `${prefixOf(lab)}${readable}~${digestOf(folded)}`; // No name that is used as it is has a tilde.
}

/** The namespace of a server, counted from 1. */
export function serverNamespace(lab: string, number: number): string {
  return `${prefixOf(lab)}~dns${number}`;
}

/** The names that belong to a lab, of anything that is called after namespaces. */
export function namesOfLab(lab: string, names: Iterable<string>): string[] {
  return [...names].filter((name) => name.startsWith(prefixOf(lab)));
}

/** The namespaces in what `ip netns list` prints: `NAME` or `NAME (id: 0)`. */
export function listedNamespaces(listing: string): string[] {
  return listing.split("\n").flatMap((line) => /^\S+/.exec(line)?.[0] ?? []);
}

/** Where a namespace has the files that stand in place of those in `/etc`; `ip netns exec` knows it. */
export function filesOf(namespace: string): string {
  return `/etc/netns/${namespace}`;
}

/** The folder of a lab's logs, and of what its servers say once they answer. */
export function logFolder(lab: string): string {
  return `/run/${prefixOf(lab)}logs`;
}

function prefixOf(lab: string): string {
  return `privlink-${lab}-`;
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, NAME_LENGTH);
}
