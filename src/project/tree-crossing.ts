import type { PackedTree } from "../zone/packed-tree.ts";
import type { ZoneTree } from "../zone/zone-tree.ts";
import type { LoadedModel, LoadResult } from "./load-order.ts";

/** A tree whose packed arrays are named by a number, which the other side may know already. */
type CrossingTree = Omit<ZoneTree, "base"> & { readonly base: number };

type Input = LoadedModel["input"];

interface CrossingInput extends Omit<Input, "zones" | "publicZones" | "publicRecords"> {
  readonly zones: ReadonlyMap<string, { readonly tree: CrossingTree } & Omit<ZoneInput, "tree">>;
  readonly publicZones: readonly ({ readonly tree: CrossingTree } & Omit<Input["publicZones"][number], "tree">)[];
  readonly publicRecords: CrossingTree;
}

type ZoneInput = Input["zones"] extends ReadonlyMap<string, infer Zone> ? Zone : never;

/** A result on its way between threads. */
export type Crossing =
  | Exclude<LoadResult, LoadedModel>
  | (Omit<LoadedModel, "input"> & {
      readonly input: CrossingInput;
      /** The arrays that the other side has not got. */
      readonly bases: ReadonlyMap<number, PackedTree>;
    });

/**
 * The side that sends. Each side remembers the arrays of the last model that crossed, so those of a zone that did not
 * change are the same objects as before: nothing is cloned, and nothing new has to be collected. Both begin with the same
 * `bases`: what the other side has already.
 */
export class TreeSender {
  private sent: ReadonlyMap<PackedTree, number>;
  private next: number;

  constructor(bases: readonly PackedTree[] = []) {
    this.sent = new Map(bases.map((base, number) => [base, number]));
    this.next = bases.length;
  }

  send(result: LoadResult): Crossing {
    if (result.kind !== "loaded") return result;
    const named = new Map<PackedTree, number>();
    const bases = new Map<number, PackedTree>();
    const cross = (tree: ZoneTree): CrossingTree => {
      const known = named.get(tree.base) ?? this.sent.get(tree.base);
      const number = known ?? this.next++;
      if (known === undefined) bases.set(number, tree.base);
      named.set(tree.base, number);
      return { ...tree, base: number };
    };
    const { zones, publicZones, publicRecords, ...rest } = result.input;
    const input = {
      ...rest,
      zones: new Map([...zones].map(([key, zone]) => [key, { ...zone, tree: cross(zone.tree) }] as const)),
      publicZones: publicZones.map((zone) => ({ ...zone, tree: cross(zone.tree) })),
      publicRecords: cross(publicRecords),
    };
    this.sent = named;
    return { ...result, input, bases };
  }
}

/** The arrays of a model, each once. */
export function basesIn({ input: { zones, publicZones, publicRecords } }: LoadedModel): PackedTree[] {
  const trees = [...[...zones.values()].map(({ tree }) => tree), ...publicZones.map(({ tree }) => tree), publicRecords];
  return [...new Set(trees.map(({ base }) => base))];
}

function octetsOf(base: PackedTree): number {
  return Object.values(base).reduce((sum, value) => sum + (ArrayBuffer.isView(value) ? value.byteLength : 0), 0);
}

/** The side that receives, for as long as the one that sends lives. */
export class TreeReceiver {
  private received: ReadonlyMap<number, PackedTree>;
  /**
   * V8 does not count shared memory, so nothing would tell it that old generations can go: they would stay until something
   * else fills the heap. An empty buffer as large as the arrays is counted for them, and is no memory as nobody writes to it.
   */
  private readonly weights = new WeakMap<PackedTree, ArrayBuffer>();

  constructor(bases: readonly PackedTree[] = []) {
    this.received = new Map(bases.entries());
    for (const base of bases) this.weigh(base);
  }

  /** @throws RangeError when a model names arrays that did not come: both sides must live equally long. */
  receive(crossing: Crossing): LoadResult {
    if (crossing.kind !== "loaded") return crossing;
    const { bases, input, ...rest } = crossing;
    for (const base of bases.values()) this.weigh(base);
    const named = new Map<number, PackedTree>();
    const land = (tree: CrossingTree): ZoneTree => {
      const base = bases.get(tree.base) ?? this.received.get(tree.base);
      if (base === undefined) throw new RangeError(`the arrays ${tree.base} never came`);
      named.set(tree.base, base);
      return { ...tree, base };
    };
    const { zones, publicZones, publicRecords, ...others } = input;
    const landed = {
      ...others,
      zones: new Map([...zones].map(([key, zone]) => [key, { ...zone, tree: land(zone.tree) }] as const)),
      publicZones: publicZones.map((zone) => ({ ...zone, tree: land(zone.tree) })),
      publicRecords: land(publicRecords),
    };
    this.received = named;
    return { ...rest, input: landed };
  }

  private weigh(base: PackedTree): void {
    this.weights.set(base, new ArrayBuffer(octetsOf(base)));
  }
}
