import { type PackedTree, sharedU8, sharedU16, sharedU32 } from "../zone/packed-tree.ts";
import type { LoadedModel } from "./load-order.ts";
import { type Crossing, TreeReceiver, TreeSender } from "./tree-crossing.ts";

/** Octets of an array that cross at once: whoever receives them has other things to do in between. */
const PIECE_OCTETS = 256 * 1024;

type CrossingModel = Extract<Crossing, { kind: "loaded" }>;

/** A model on its way between processes, which share no memory: parts of its arrays, and at the end what they belong to. */
export type ModelPiece =
  | {
      readonly kind: "octets";
      readonly base: number;
      readonly array: ArrayName;
      /** Of the whole array. */
      readonly total: number;
      readonly offset: number;
      readonly octets: Uint8Array;
    }
  | {
      readonly kind: "whole";
      /** Without arrays. */
      readonly crossing: Omit<CrossingModel, "bases">;
      /** By number: the files that places of the arrays that crossed speak of. */
      readonly files: ReadonlyMap<number, PackedTree["files"]>;
    };

/** The side that sends to one process: what a zone was made of crosses once, however many generations have it. */
export class PieceSender {
  private readonly sender = new TreeSender();
  private readonly pieceOctets: number;

  constructor(pieceOctets = PIECE_OCTETS) {
    this.pieceOctets = pieceOctets;
  }

  *piecesOf(model: LoadedModel): Generator<ModelPiece> {
    const crossing = this.sender.send({ ...model, diagnostics: [], touched: [], files: [] });
    if (crossing.kind !== "loaded") return;
    const { bases, ...rest } = crossing;
    for (const [base, tree] of bases) {
      for (const array of ARRAY_NAMES) {
        const { buffer, byteOffset, byteLength: total } = tree[array];
        for (let offset = 0; offset < total; offset += this.pieceOctets) {
          const octets = new Uint8Array(buffer, byteOffset + offset, Math.min(this.pieceOctets, total - offset));
          yield { kind: "octets", base, array, total, offset, octets };
        }
      }
    }
    yield { kind: "whole", crossing: rest, files: new Map([...bases].map(([base, { files }]) => [base, files])) };
  }
}

/** The side that receives. */
export class PieceReceiver {
  private readonly receiver = new TreeReceiver();
  /** Arrays of the model that is coming, by number of their tree and by name. */
  private coming = new Map<number, Map<ArrayName, Uint8Array>>();

  /** The model, once its last piece is there. */
  take(piece: ModelPiece): LoadedModel | undefined {
    if (piece.kind === "octets") {
      const { base, array, total, offset, octets } = piece;
      const arrays = this.coming.get(base) ?? new Map<ArrayName, Uint8Array>();
      const whole = arrays.get(array) ?? sharedU8(total);
      whole.set(octets, offset);
      this.coming.set(base, arrays.set(array, whole));
      return undefined;
    }
    const bases = new Map([...piece.files].map(([base, files]) => [base, treeOf(this.coming.get(base), files)]));
    this.coming = new Map();
    const received = this.receiver.receive({ ...piece.crossing, bases });
    return received.kind === "loaded" ? received : undefined;
  }
}

const ARRAY_NAMES = [
  "nodeParent",
  "nodeLabel",
  "nodeChildren",
  "nodeSets",
  "nodeFlags",
  "labels",
  "table",
  "setType",
  "setTtl",
  "setRecords",
  "recordRdata",
  "recordPlace",
  "rdata",
] as const;

type ArrayName = (typeof ARRAY_NAMES)[number];

/** The arrays of a tree from their octets; one that has none is empty. */
function treeOf(octets: ReadonlyMap<ArrayName, Uint8Array> | undefined, files: PackedTree["files"]): PackedTree {
  const u8 = (name: ArrayName): Uint8Array => octets?.get(name) ?? sharedU8(0);
  const u16 = (name: ArrayName): Uint16Array => {
    const { buffer, byteLength } = u8(name);
    return byteLength === 0 ? sharedU16(0) : new Uint16Array(buffer);
  };
  const u32 = (name: ArrayName): Uint32Array => {
    const { buffer, byteLength } = u8(name);
    return byteLength === 0 ? sharedU32(0) : new Uint32Array(buffer);
  };
  return {
    nodeParent: u32("nodeParent"),
    nodeLabel: u32("nodeLabel"),
    nodeChildren: u32("nodeChildren"),
    nodeSets: u32("nodeSets"),
    nodeFlags: u8("nodeFlags"),
    labels: u8("labels"),
    table: u32("table"),
    setType: u16("setType"),
    setTtl: u32("setTtl"),
    setRecords: u32("setRecords"),
    recordRdata: u32("recordRdata"),
    recordPlace: u32("recordPlace"),
    rdata: u8("rdata"),
    files,
  };
}
