import { hasBatchedDatagrams, openBatched } from "./batched-datagrams.ts";
import type { OpenDatagrams } from "./datagram-door.ts";
import { openUdp } from "./udp.ts";

/** What a user may ask for; `auto` is `batched` where the add-on is there. */
export const DATAGRAM_ENGINES = ["auto", "node", "batched"] as const;

export type DatagramEngine = (typeof DATAGRAM_ENGINES)[number];

/** An engine and the name that the log calls it by. */
export interface ChosenEngine {
  readonly name: Exclude<DatagramEngine, "auto">;
  readonly open: OpenDatagrams;
}

const NODE: ChosenEngine = { name: "node", open: openUdp };
const BATCHED: ChosenEngine = { name: "batched", open: openBatched };

/** What moves datagrams here: where the add-on is not there, `node:dgram` whatever is wanted. */
export function chooseEngine(wanted: DatagramEngine, hasAddOn = hasBatchedDatagrams()): ChosenEngine {
  return wanted !== "node" && hasAddOn ? BATCHED : NODE;
}
