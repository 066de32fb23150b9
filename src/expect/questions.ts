import type { DomainName } from "../name/domain-name.ts";
import { displayName } from "../name/name-text.ts";
import { type RecordType, RecordTypes } from "../record/record-type.ts";
import { knownNames, namePlaces } from "../snapshot/known-names.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { AskedName, Asker, Expectation } from "../topology/model.ts";
import { fitsNamePattern } from "../topology/name-pattern.ts";

/** One question of an expectation: one asker, one name, one type. */
export interface ExpectedQuestion {
  readonly kind: "question";
  readonly expectation: Expectation;
  readonly asker: Asker;
  readonly name: DomainName;
  readonly type: RecordType;
}

/** A pattern that no name of the model fits: what it was written for has gone, or was never there. */
export interface Unmatched {
  readonly kind: "unmatched";
  readonly expectation: Expectation;
  readonly pattern: string;
}

/** What expectations ask, in their order: all of their askers × names × types. */
export function questionsOf(
  snapshot: Snapshot,
  expectations: readonly Expectation[],
): readonly (ExpectedQuestion | Unmatched)[] {
  const names = new ModelNames(snapshot);
  return expectations.flatMap((expectation) => {
    const { from, types } = expectation;
    return expectation.names.flatMap((asked): (ExpectedQuestion | Unmatched)[] => {
      const found = types.flatMap((type) => names.meantBy(asked, type).map((name) => ({ name, type })));
      if (found.length === 0 && asked.kind === "pattern")
        return [{ kind: "unmatched", expectation, pattern: asked.text }];
      return from.flatMap((asker) => found.map((one) => ({ kind: "question" as const, expectation, asker, ...one })));
    });
  });
}

interface ModelName {
  readonly name: DomainName;
  /** Folded, without a last dot. */
  readonly text: string;
  readonly types: ReadonlySet<RecordType>;
}

/** The names that a model knows; gathered when the first pattern is met, and each pattern is looked up once. */
class ModelNames {
  private readonly snapshot: Snapshot;
  private all: readonly ModelName[] | undefined;
  private readonly found = new Map<string, readonly DomainName[]>();

  constructor(snapshot: Snapshot) {
    this.snapshot = snapshot;
  }

  meantBy(asked: AskedName, type: RecordType): readonly DomainName[] {
    if (asked.kind === "name") return [asked.name];
    const key = `${type} ${asked.text}`;
    const known = this.found.get(key) ?? this.fitting(asked.text, type);
    this.found.set(key, known);
    return known;
  }

  private fitting(pattern: string, type: RecordType): readonly DomainName[] {
    this.all ??= gather(this.snapshot);
    return this.all
      .filter(({ text, types }) => hasSome(types, type) && fitsNamePattern(pattern, text))
      .map(({ name }) => name);
  }
}

/** A name that has neither the type nor an alias says nothing about it. */
function hasSome(types: ReadonlySet<RecordType>, type: RecordType): boolean {
  return types.has(type) || types.has(RecordTypes.CNAME) || type === RecordTypes.ANY;
}

function gather(snapshot: Snapshot): readonly ModelName[] {
  const names = new Map<string, { name: DomainName; text: string; types: Set<RecordType> }>();
  for (const { zone } of namePlaces(snapshot)) {
    for (const { owner, types } of knownNames(zone)) {
      const known = names.get(owner.key) ?? { name: owner, text: displayName(owner).toLowerCase(), types: new Set() };
      for (const type of types) known.types.add(type);
      names.set(owner.key, known);
    }
  }
  return [...names.values()];
}
