import { decodeMessage } from "../message/decode.ts";
import { encodeQuery } from "../message/query.ts";
import { Rcodes, rcodeName } from "../message/rcodes.ts";
import { type DomainName, sameName } from "../name/domain-name.ts";
import type { AddressPort } from "../net/address.ts";
import { WireError } from "../octets/wire-error.ts";
import { RecordClasses, RecordTypes } from "../record/record-type.ts";
import type { ResourceRecord } from "../record/rrset.ts";
import { Deframer, frame } from "../transport/stream-framing.ts";
import { type AskFailure, closedEarly, timedOut } from "./exchange.ts";
import { openTcp, streamFailure } from "./open-stream.ts";

/** A zone to be transferred whole. */
export interface TransferRequest {
  readonly server: AddressPort;
  readonly zone: DomainName;
  /** A transfer may take long; a server may not be silent for longer than this. */
  readonly silenceMs: number;
  /** Records that are taken at most: a server might never end. */
  readonly maxRecords: number;
}

export type Transfer =
  /** Every record of the zone once, the SOA first. */
  | { readonly kind: "records"; readonly records: readonly ResourceRecord[] }
  | AskFailure
  /** The server spoke, and gave no zone: a sentence that goes after its address. */
  | { readonly kind: "no-zone"; readonly text: string };

/**
 * Transfers a zone over TCP (RFC 5936): as many messages as the server likes, from the SOA to the same SOA. Never rejects.
 * `id` is the id of the query, which every message must have.
 */
export function transferZone(request: TransferRequest, id: number): Promise<Transfer> {
  return new Promise((resolve) => {
    const deframer = new Deframer();
    const collected = new CollectedZone(request, id);
    const socket = openTcp(request);
    const end = (transfer: Transfer): void => {
      socket.destroy();
      resolve(transfer);
    };
    socket.setTimeout(request.silenceMs, () => end(timedOut(request.silenceMs)));
    socket.on("connect", () =>
      socket.write(frame(encodeQuery({ id, name: request.zone, type: RecordTypes.AXFR, rd: false }))),
    );
    socket.on("data", (chunk: Uint8Array) => {
      for (const octets of deframer.push(chunk)) {
        const done = collected.take(octets);
        if (done === undefined) continue;
        end(done);
        return;
      }
    });
    socket.on("error", (error) => end(streamFailure(error, undefined, false)));
    socket.on("close", () =>
      end(
        collected.isBegun
          ? { kind: "no-zone", text: "closed the connection before the zone was whole" }
          : closedEarly(),
      ),
    );
  });
}

/** The records of a transfer while they come in. */
class CollectedZone {
  private readonly request: TransferRequest;
  private readonly id: number;
  private readonly records: ResourceRecord[] = [];

  constructor(request: TransferRequest, id: number) {
    this.request = request;
    this.id = id;
  }

  get isBegun(): boolean {
    return this.records.length > 0;
  }

  /** Takes the next message; the end of the transfer when it is one. */
  take(octets: Uint8Array): Transfer | undefined {
    const problem = (text: string): Transfer => ({ kind: "no-zone", text });
    try {
      const { id, rcode, answers, flags } = decodeMessage(octets);
      if (id !== this.id || !flags.qr) return problem("sent a message that answers no question of ours");
      if (rcode !== Rcodes.NOERROR)
        return problem(`said ${rcodeName(rcode)}: it may let other addresses transfer the zone, or ask for a key`);
      if (answers.length === 0) return problem("sent a message without records"); // RFC 5936 §2.2: at least one.
      for (const record of answers) {
        const done = this.takeRecord(record);
        if (done !== undefined) return done;
      }
      return undefined;
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return problem(`sent what is no DNS message: ${error.message}`);
    }
  }

  private takeRecord(record: ResourceRecord): Transfer | undefined {
    const { zone, maxRecords } = this.request;
    const isSoa = record.type === RecordTypes.SOA && sameName(record.owner, zone);
    if (this.records.length === 0 && !isSoa) return { kind: "no-zone", text: "did not begin with the SOA of the zone" };
    // RFC 5936 §2.2: the SOA comes again, and is the last.
    if (isSoa && this.records.length > 0) return { kind: "records", records: this.records };
    if (record.class !== RecordClasses.IN) return { kind: "no-zone", text: "sent a record of another class than IN" };
    if (this.records.length >= maxRecords) return { kind: "no-zone", text: `sent more than ${maxRecords} records` };
    this.records.push(record);
    return undefined;
  }
}
