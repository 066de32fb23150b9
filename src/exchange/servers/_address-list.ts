import { type Cidr, parseCidr } from "../../net/cidr.ts";
import type { Unmapped } from "../draft.ts";
import { blockOf, type NamedStatement, wordsOf } from "./_named-text.ts";
import { partly } from "./_servers-draft.ts";
import { type AddressElement, EVERYWHERE } from "./_view-claims.ts";

/** The `acl` statements of a configuration, by name, and which of them nobody asked for. */
export class AddressLists {
  private readonly byName = new Map<string, NamedStatement>();
  private readonly idle = new Set<NamedStatement>();

  add(statement: NamedStatement): void {
    const [, name = ""] = wordsOf(statement);
    this.byName.set(name, statement);
    this.idle.add(statement);
  }

  /** What a list holds; it counts as used from here on. */
  find(name: string): readonly NamedStatement[] | undefined {
    const statement = this.byName.get(name);
    if (statement === undefined) return undefined;
    this.idle.delete(statement);
    return blockOf(statement) ?? [];
  }

  /** Lists that no view is told by, in the order of the file. */
  get unused(): readonly NamedStatement[] {
    return [...this.idle];
  }
}

/** Lists in lists; a list that holds itself is cut here. */
const MAX_DEPTH = 20;

/**
 * The addresses of an address match list, in its order. `localhost` is loopback; what depends on the machine, a key or a place
 * on earth is told, and matches nobody.
 */
export function readAddressList(
  statements: readonly NamedStatement[],
  lists: AddressLists,
  unmapped: Unmapped[],
  depth = 0,
): readonly AddressElement[] {
  return statements.flatMap((statement) => {
    const words = wordsOf(statement);
    const isNegated = words[0] === "!";
    const rest = isNegated ? words.slice(1) : words;
    const inside = elementsOf(statement, rest, lists, unmapped, depth);
    // Who matches a list that is negated is out; who does not match it goes on.
    return isNegated ? inside.flatMap((one) => (one.isIn ? [{ ...one, isIn: false }] : [])) : inside;
  });
}

function elementsOf(
  statement: NamedStatement,
  words: readonly string[],
  lists: AddressLists,
  unmapped: Unmapped[],
  depth: number,
): readonly AddressElement[] {
  const nested = blockOf(statement);
  const [first = "", ...more] = words;
  const tell = (reason: string): [] => {
    unmapped.push(partly("address match list", words.join(" "), statement.span, reason));
    return [];
  };
  if (depth > MAX_DEPTH) return tell("it is in itself, or in too many others");
  if (nested !== undefined && words.length === 0) return readAddressList(nested, lists, unmapped, depth + 1);
  if (more.length > 0) return tell(`${first} is not told by an address, so it matches nobody here`);
  const isIn = true;
  switch (first) {
    case "any":
      return EVERYWHERE.map((cidr) => ({ cidr, isIn }));
    case "none":
      return EVERYWHERE.map((cidr) => ({ cidr, isIn: false }));
    case "localhost":
      return ["127.0.0.0/8", "::1/128"].flatMap((text) => prefixOf(text)).map((cidr) => ({ cidr, isIn }));
    case "localnets":
      return tell("the networks of the machine are not in its configuration: nobody is matched");
  }
  const named = lists.find(first);
  if (named !== undefined) return readAddressList(named, lists, unmapped, depth + 1);
  const cidrs = prefixOf(first);
  return cidrs.length === 0
    ? tell(`${first} is no address, no prefix and no list`)
    : cidrs.map((cidr) => ({ cidr, isIn }));
}

/** A prefix, of IPv4 also with the zeros at its end left out: `10/8`. */
function prefixOf(text: string): readonly Cidr[] {
  const short = /^(\d+(?:\.\d+){0,2})\.?\/(\d+)$/.exec(text);
  const octets = short?.[1]?.split(".") ?? [];
  const whole = short === null ? text : `${[...octets, "0", "0", "0"].slice(0, 4).join(".")}/${short[2]}`;
  const parsed = parseCidr(whole);
  return parsed.kind === "cidr" ? [parsed.cidr] : [];
}
