import { join } from "node:path";

/** A tree of folders, wherever it is kept. Paths are absolute. */
export interface FolderTree {
  isFolder(path: string): boolean;
  /** Names of what lies right in a folder, in any order; `undefined` where it cannot be listed. */
  namesIn(folder: string): readonly string[] | undefined;
  /** What a folder is, whatever links led there. */
  identityOf(folder: string): string;
}

/**
 * The files that fit a pattern, sorted folder by folder: `*` stands for any part of one name, `**` for any folders. Names that
 * begin with a dot never fit: a mounted volume keeps its generations in `..data` beside the links. A path without `*` is itself.
 */
export function filesMatching(pattern: string, tree: FolderTree): string[] {
  const parts = pattern.split("/");
  const firstWild = parts.findIndex((part) => part.includes("*"));
  if (firstWild === -1) return [pattern];
  return matching(parts.slice(0, firstWild).join("/") || "/", parts.slice(firstWild), tree, new Set());
}

/** `seen`: folders that `**` was in. A link leads in a circle, or to what was found before: each is searched once. */
function matching(folder: string, parts: readonly string[], tree: FolderTree, seen: Set<string>): string[] {
  const [part, ...rest] = parts;
  if (part === undefined || !tree.isFolder(folder)) return [];
  if (part === "**") {
    const identity = tree.identityOf(folder);
    if (seen.has(identity)) return [];
    seen.add(identity);
  }
  const names = tree.namesIn(folder)?.toSorted();
  if (names === undefined) return [folder]; // Whoever opens it is told why it cannot be read.
  const found = part === "**" ? matching(folder, rest, tree, seen) : [];
  const pattern = new RegExp(`^${part.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`);
  for (const entry of names) {
    if (entry.startsWith(".")) continue;
    const path = join(folder, entry);
    if (part === "**") found.push(...(tree.isFolder(path) ? matching(path, parts, tree, seen) : []));
    else if (pattern.test(entry)) found.push(...(rest.length === 0 ? [path] : matching(path, rest, tree, seen)));
  }
  return found;
}
