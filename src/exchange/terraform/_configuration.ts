import { itemsOf, ownField, textOf, textsOf, type Value } from "../azure/value.ts";

/** A resource as a plan names it, with what is known of it. */
export interface Instance {
  readonly address: string;
  /** `module.a["x"].module.b`, empty at the root. */
  readonly module: string;
  /** `azurerm_subnet.pe`, with `data.` before it where it is read only. */
  readonly name: string;
  /** Its `count` or `for_each` key, as written between the brackets. */
  readonly index: string;
}

/**
 * Follows the references of a plan's configuration: what a value that is not known yet will be the identifier of. Only
 * plain references are followed, through variables and outputs of modules; anything computed stays unknown.
 */
export class Configuration {
  private readonly root: Value | undefined;
  private readonly byName = new Map<string, Instance[]>();

  constructor(root: Value | undefined, instances: readonly Instance[]) {
    this.root = root;
    for (const instance of instances) {
      const key = `${instance.module} ${instance.name}`;
      this.byName.set(key, [...(this.byName.get(key) ?? []), instance]);
    }
  }

  /** The expressions that a resource is declared with. */
  expressionsOf({ module, name }: Instance): Value | undefined {
    const declared = itemsOf(ownField(this.moduleAt(module), "resources"));
    return ownField(
      declared.find((one) => textOf(ownField(one, "address")) === name),
      "expressions",
    );
  }

  /** The instances whose identifier an expression is: none where it is anything else. */
  targetsOf(expression: Value | undefined, from: Instance): readonly Instance[] {
    return this.follow(expression, from.module, from.index, 0);
  }

  private follow(expression: Value | undefined, module: string, index: string, depth: number): readonly Instance[] {
    if (depth > 20) return [];
    const references = textsOf(ownField(expression, "references"));
    // Of `azurerm_subnet.pe.id` the shorter forms follow: the longest of each says which attribute is meant.
    const longest = references.filter(
      (one) =>
        !references.some((other) => other !== one && (other.startsWith(`${one}.`) || other.startsWith(`${one}[`))),
    );
    return longest.flatMap((reference) => this.target(reference, module, index, depth));
  }

  private target(reference: string, module: string, index: string, depth: number): readonly Instance[] {
    const variable = /^var\.([\w-]+)$/.exec(reference)?.[1];
    if (variable !== undefined) {
      const { parent, name, key } = above(module);
      if (name === undefined) return [];
      const call = ownField(ownField(this.moduleAt(parent), "module_calls"), name);
      return this.follow(ownField(ownField(call, "expressions"), variable), parent, key, depth + 1);
    }
    const output = /^module\.([\w-]+)(\[[^\]]*\])?\.([\w-]+)/.exec(reference);
    if (output !== null) {
      const [, name = "", key = "", out = ""] = output;
      const inner = `${module === "" ? "" : `${module}.`}module.${name}${key}`;
      const declared = ownField(ownField(this.moduleAt(inner), "outputs"), out);
      return this.follow(ownField(declared, "expression"), inner, index, depth + 1);
    }
    const match = /^((?:data\.)?[a-z]\w*\.[\w-]+)(?:\[([^\]]*)\])?(?:\.(id|virtual_network_id))?$/.exec(reference);
    if (match?.[1] === undefined) return [];
    const all = this.byName.get(`${module} ${match[1]}`) ?? [];
    const key = match[2] ?? index;
    const same = all.filter((one) => one.index === key);
    return all.length === 1 ? all : same.length > 0 ? same : match[2] === undefined ? all : [];
  }

  private moduleAt(path: string): Value | undefined {
    let module = ownField(this.root, "root_module");
    for (const { name } of steps(path)) module = ownField(ownField(ownField(module, "module_calls"), name), "module");
    return module;
  }
}

/** The steps of `module.a["x"].module.b`. */
function steps(path: string): { readonly name: string; readonly text: string; readonly key: string }[] {
  return [...path.matchAll(/module\.([\w-]+)(?:\[((?:"[^"]*"|[^\]])*)\])?/g)].map(([text, name = "", key = ""]) => ({
    name,
    text,
    key,
  }));
}

/** The module around one, and the name and key it is called by there. */
function above(path: string): { readonly parent: string; readonly name?: string; readonly key: string } {
  const all = steps(path);
  const last = all.pop();
  const parent = all.map(({ text }) => text).join(".");
  return last === undefined ? { parent, key: "" } : { parent, name: last.name, key: last.key };
}
