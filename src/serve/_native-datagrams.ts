import { createRequire } from "node:module";

/** An open socket of the add-on, in `native/datagrams.c`. Its calls throw errors with the system's code. */
export interface NativeSocket {
  /** Sends the first replies in the memory, and gives how many are done; the system takes no more of the rest now. */
  send(count: number): number;
  /** 1 = call `onBatch(0)` while the system takes replies; 0 = no more. */
  watch(isWaiting: number): void;
  port(): number;
  /** Asks for so many octets, of 0 for none, and gives what the system tells. */
  receiveBuffer(octets: number): number;
  close(): void;
}

/** Where each part of the memory begins, in octets, and how much it holds. */
export interface NativeLayout {
  readonly slots: number;
  readonly inLengths: number;
  readonly inNames: number;
  readonly inPayload: number;
  readonly inStride: number;
  readonly outOffsets: number;
  readonly outLengths: number;
  readonly outErrors: number;
  readonly outNames: number;
  readonly outPayload: number;
  readonly outOctets: number;
  readonly nameStride: number;
  readonly memoryOctets: number;
}

/** The add-on. */
export interface NativeDatagrams {
  readonly layout: NativeLayout;
  /** The name of a negative error number: `EPERM`. */
  errorName(error: number): string;
  /** Opens and binds; `zone` "" and `descriptor` -1 are none. `onBatch` gets how many arrived, 0 for `watch`, or an error. */
  readonly Datagrams: new (
    address: Uint8Array,
    port: number,
    zone: string,
    sharesPorts: boolean,
    descriptor: number,
    memory: ArrayBuffer,
    onBatch: (count: number) => void,
  ) => NativeSocket;
}

/** From the sources, the modules and the program alike the package is two folders up. */
const PLACE = `../../dist/program/datagrams-${process.platform}-${process.arch}.node`;

let found: NativeDatagrams | null | undefined;

/** The add-on; nothing where it was not built, or where this system cannot load it. */
export function nativeDatagrams(): NativeDatagrams | undefined {
  if (found === undefined) found = load() ?? null;
  return found ?? undefined;
}

function load(): NativeDatagrams | undefined {
  try {
    const loaded: unknown = createRequire(import.meta.url)(PLACE);
    return isNativeDatagrams(loaded) ? loaded : undefined;
  } catch {
    return undefined;
  }
}

function isNativeDatagrams(loaded: unknown): loaded is NativeDatagrams {
  return typeof loaded === "object" && loaded !== null && "Datagrams" in loaded && "layout" in loaded;
}
