import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import { type DomainName, foldLabel } from "../name/domain-name.ts";
import { nearest } from "../name/nearest.ts";
import type { SourceFile, SourceSpan } from "../source/source-file.ts";
import { isPattern, matchesPattern } from "./_pattern.ts";
import { looksLikeTwo, reportTwo } from "./_scalars.ts";
import { someOf } from "./_some-of.ts";
import type { Mapping, Written } from "./_value.ts";
import type { Assume, NetworkKind } from "./model.ts";
import type { TopologyPorts } from "./ports.ts";

/** A thing with a key, before its values are read: so that every reference can be looked up, whatever stands first. */
export interface Declaration {
  readonly key: string;
  /** The key's place. */
  readonly span: SourceSpan;
  /** What DNS or the platform calls it, in the form that references are compared in. */
  readonly name: string;
  readonly file: SourceFile;
  /** Its own values first, then defaults. */
  readonly layers: readonly Mapping[];
  /** Something that is not whole: defaults, or an object that could not be read and whose key alone counts. */
  readonly isPartial?: true;
  /** For a zone out of a folder: the folder's key, and the zone's file. */
  readonly folder?: { readonly key: string; readonly path: string; readonly origin: DomainName };
}

/** Declarations of one kind by folded key, in file order. */
export type Section = ReadonlyMap<string, Declaration>;

export interface Declarations {
  readonly networks: Section;
  readonly zones: Section;
  readonly services: Section;
  readonly endpoints: Section;
  readonly rulesets: Section;
  readonly resolvers: Section;
}

/** What every reader of a part of a topology is given. */
export interface Reading {
  readonly declarations: Declarations;
  readonly diagnostics: Diagnostics;
  readonly ports: TopologyPorts;
  /** False when a part of the text was not understood: then a reference to nothing is no news. */
  readonly complete: boolean;
  /** Networks by key, as far as other objects must know them. */
  readonly kinds: ReadonlyMap<string, NetworkKind>;
  readonly assume: Assume;
}

/** The form in which keys are compared: ASCII case folded, without a last dot. */
export function foldKey(key: string): string {
  const folded = foldLabel(key);
  return folded.length > 1 && folded.endsWith(".") ? folded.slice(0, -1) : folded;
}

/** The part after the last slash: what a thing is called unless it has a `name`. */
export function nameInKey(key: string): string {
  return key.slice(key.lastIndexOf("/") + 1);
}

/** What references to a kind of thing are called in sentences, and the code of one that leads nowhere. */
const REFERENCES = {
  networks: { noun: "network", code: "network/unknown" },
  zones: { noun: "zone", code: "topology/unknown-zone" },
  services: { noun: "service", code: "service/unknown" },
  resolvers: { noun: "resolver", code: "resolver/unknown" },
} as const;

/** The declarations that a reference means: the one of that key, or all that have the name. */
export function lookUp(section: Section, text: string, name: string = foldKey(text)): readonly Declaration[] {
  const exact = section.get(foldKey(text));
  return exact === undefined ? [...section.values()].filter((one) => one.name === name) : [exact];
}

/** The key that a reference means; otherwise it reports that none, or more than one, fits. */
export function referenceTo(reading: Reading, kind: keyof typeof REFERENCES, text: Written): string | undefined {
  return referenceOf(reading, kind, text.text, text.span);
}

/** As `referenceTo`, for a reference that is a part of a text. */
export function referenceOf(
  reading: Reading,
  kind: keyof typeof REFERENCES,
  text: string,
  span: SourceSpan,
): string | undefined {
  const section = reading.declarations[kind];
  const [found, ...others] = lookUp(section, text);
  if (found === undefined) return reportUnknown(reading, kind, text, span);
  if (others.length === 0) return found.key;
  reportAmbiguous(reading, kind, text, span, [found, ...others]);
  return undefined;
}

export function reportAmbiguous(
  { diagnostics }: Reading,
  kind: keyof typeof REFERENCES,
  text: string,
  span: SourceSpan,
  found: readonly Declaration[],
): void {
  const { noun } = REFERENCES[kind];
  diagnostics.report(
    "topology/ambiguous-name",
    `${text} is the name of ${found.length} ${noun}s, expected a key`,
    span,
    {
      related: found.map((one) => ({ message: `${one.key} is here`, span: one.span })),
      hint: `write one of ${someOf(found.map((one) => one.key))}`,
    },
  );
}

export function reportUnknown(
  reading: Reading,
  kind: keyof typeof REFERENCES,
  text: string,
  span: SourceSpan,
): undefined {
  const { diagnostics, complete, declarations } = reading;
  if (looksLikeTwo(text)) return reportTwo({ text, span }, diagnostics);
  if (!complete) return undefined;
  const { noun, code } = REFERENCES[kind];
  const keys = [...declarations[kind].values()].map((one) => one.key);
  const near = nearest(text, keys) ?? nearest(text, keys.map(nameInKey));
  const declared = keys.length === 0 ? `none is declared` : `declared: ${someOf(keys)}`;
  const hint = near === undefined ? declared : `did you mean ${near}?`;
  diagnostics.report(code, `there is no ${noun} ${text}`, span, { hint });
  return undefined;
}

/** Whether a reference to networks means several: a pattern, or `all`. A network of that very key comes first. */
export function meansSeveral({ declarations }: Reading, text: string): boolean {
  return (isPattern(text) || foldKey(text) === "all") && !declarations.networks.has(foldKey(text));
}

/**
 * The networks that a reference means, in file order: one, those of a pattern, or `all`. With `can`, a pattern passes over
 * the networks that cannot be meant here.
 */
export function networksOf(reading: Reading, text: Written, can: (key: string) => boolean = () => true): string[] {
  if (!meansSeveral(reading, text.text)) {
    const key = referenceTo(reading, "networks", text);
    return key === undefined ? [] : [key];
  }
  const keys = [...reading.declarations.networks.values()].map(({ key }) => key);
  const matching = foldKey(text.text) === "all" ? keys : keys.filter((key) => matchesPattern(text.text, key));
  const found = matching.filter(can);
  if (found.length === 0 && reading.complete) {
    const why = matching.length === 0 ? "matches no network" : "matches only networks that cannot be meant here";
    const hint = keys.length === 0 ? "none is declared" : `declared: ${someOf(keys)}`;
    reading.diagnostics.report("topology/no-match", `${text.text} ${why}`, text.span, { hint });
  }
  return found;
}
