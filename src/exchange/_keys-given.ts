import { foldLabel } from "../name/domain-name.ts";
import { parseAddress, parseAddressPort } from "../net/address.ts";
import { parseCidr } from "../net/cidr.ts";
import type { Drafted } from "./draft.ts";
import { oneLine } from "./origin-text.ts";

/** The sections of a topology whose keys are identities. */
export type Section = "networks" | "zones" | "rulesets" | "resolvers" | "services" | "endpoints";

/** The keys of the parts of one section. */
export interface GivenKeys {
  /** By id. */
  readonly keys: ReadonlyMap<string, string>;
  /** Parts whose key is not their name, with why. */
  readonly renamed: readonly { readonly part: Drafted; readonly key: string; readonly why: string }[];
}

/** Words that mean something else where a key may stand; what is refused of the others only costs a part before a slash. */
const RESERVED: ReadonlySet<string> = new Set(["internet", "platform", "network", "all", "auto", "none"]);

/**
 * Gives every part a key: its name, or with a part before a slash where several have the name or no key can be so. The
 * part behind the last slash stays the name, for that is what DNS calls a zone or a service. Which of two gets a number
 * depends on their ids and on nothing else, so that the keys do not change with the order of a source.
 */
export function giveKeys(section: Section, parts: readonly Drafted[]): GivenKeys {
  const groups = new Map<string, Drafted[]>();
  for (const part of [...parts].sort((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)))) {
    const folded = foldKey(plainKey(section, part.name));
    groups.set(folded, [...(groups.get(folded) ?? []), part]);
  }
  const keys = new Map<string, string>();
  const taken = new Set<string>();
  const renamed: { part: Drafted; key: string; why: string }[] = [];
  for (const group of groups.values()) {
    for (const part of group) {
      const name = plainKey(section, part.name);
      const isFree = group.length === 1 && !isRefused(section, name) && !taken.has(foldKey(name));
      const key = isFree ? name : qualified(section, part, name, group, taken);
      taken.add(foldKey(key));
      keys.set(part.id, key);
      if (key === part.name) continue;
      const why =
        group.length > 1
          ? `${group.length} ${section} are called ${oneLine(part.name)}`
          : `${oneLine(part.name)} cannot be the key of a part of ${section}`;
      renamed.push({ part, key, why });
    }
  }
  return { keys, renamed };
}

function foldKey(key: string): string {
  return foldLabel(key).replace(/(.)\.$/, "$1");
}

/** The name as a key can have it: without what would be a pattern, a host or a path in a reference. */
function plainKey(section: Section, name: string): string {
  const line = oneLine(name);
  if (section === "zones" || section === "services") return line === "" ? "unnamed" : line;
  const plain = line.replace(/[*?@/]+/g, "-");
  return plain === "" ? "unnamed" : plain;
}

/** Whether no part of this section can have the key: as `topology/reserved-key` says it. */
function isRefused(section: Section, key: string): boolean {
  if (RESERVED.has(foldKey(key))) return true;
  return (section === "networks" || section === "resolvers") && readsAsAddress(key);
}

function readsAsAddress(text: string): boolean {
  if (parseAddress(text) !== undefined || parseAddressPort(text, 53) !== undefined) return true;
  return (text.includes("/") && parseCidr(text).kind === "cidr") || /^[0-9.]+(?::.*)?$|^\[|^[0-9a-f]*:.*:/i.test(text);
}

/** The shortest of its scopes that no other of the name has, before a slash; where all of them are shared, with a number. */
function qualified(
  section: Section,
  part: Drafted,
  name: string,
  group: readonly Drafted[],
  taken: ReadonlySet<string>,
): string {
  const scopes = (part.scope ?? []).map((scope) => plainKey("networks", scope)).filter((scope) => scope !== "unnamed");
  // A name that is reserved behind a slash too must change itself.
  const own = section !== "zones" && section !== "services" && RESERVED.has(foldKey(name)) ? `${name}-1` : name;
  for (let depth = 1; depth <= scopes.length; depth++) {
    const scope = scopes.slice(0, depth).toReversed().join("/");
    const others = group.filter((one) => one !== part);
    const isShared = others.some((one) => (one.scope ?? []).slice(0, depth).toReversed().join("/") === scope);
    const key = `${scope}/${own}`;
    if (!isShared && !taken.has(foldKey(key)) && !isRefused(section, key)) return key;
  }
  // A word of our own in front where the scope would make any key read as an address: so a number is found.
  const before = scopes.find((scope) => !isRefused(section, `${scope}-1/${own}`)) ?? section.slice(0, -1);
  for (let number = 1; ; number++) {
    const key = `${before}-${number}/${own}`;
    if (!taken.has(foldKey(key)) && !isRefused(section, key)) return key;
  }
}
