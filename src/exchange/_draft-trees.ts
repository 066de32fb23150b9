import { type Branch, type Twig } from "./_yaml-tree.ts";
import type { DraftEndpoint, Drafted } from "./draft.ts";
import { originText } from "./origin-text.ts";

/** A section, sorted by key, each part under where it came from. */
export function section<T extends Drafted>(
  parts: readonly T[],
  keys: ReadonlyMap<string, string>,
  treeOf: (part: T, key: string) => Branch,
): Branch | undefined {
  const keyed = parts.map((part) => ({ part, key: keys.get(part.id) ?? part.name }));
  keyed.sort((a, b) => byCodeUnits(a.key, b.key));
  return mapTree(
    keyed.map(({ part, key }) => ({
      key,
      value: treeOf(part, key),
      comments: [originText(part.origin), ...(part.notes ?? [])],
    })),
  );
}

/** A map of at least one entry, or nothing. */
export function mapTree(entries: readonly Twig[], empty?: "empty"): Branch | undefined {
  return entries.length === 0 && empty === undefined ? undefined : { kind: "map", entries };
}

export function textsTree(texts: ReadonlyMap<string, string> | undefined): Branch | undefined {
  return mapTree([...(texts ?? [])].map(([key, value]) => ({ key, value })));
}

export function membersOf(address: ReadonlyMap<string, readonly string[]> | undefined): Twig[] {
  return [...(address ?? [])].map(([key, [only = "", ...more]]) => ({
    key,
    value: more.length === 0 ? only : { kind: "list", items: [only, ...more].map((value) => ({ value })) },
  }));
}

export function isList(address: DraftEndpoint["address"]): address is readonly string[] | undefined {
  return address === undefined || Array.isArray(address);
}

export function tail(key: string): string {
  return key.slice(key.lastIndexOf("/") + 1);
}

/** A key as the name of a file, one that no file system minds and that leads nowhere else. */
export function fileName(key: string): string {
  const plain = key
    .replaceAll("/", "--")
    .replace(/[^\w.-]+/g, "_")
    .replace(/^[.-]+/, "_");
  return plain.slice(0, 180) || "_";
}

export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
