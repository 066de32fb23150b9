import type { DomainName } from "../name/domain-name.ts";
import type { Address } from "../net/address.ts";
import type { RecordType } from "../record/record-type.ts";
import type { Resolution } from "../resolve/resolution.ts";

/** One question that was answered: what the query log, metrics and a live stream read, each in its own way. */
export interface QueryEvent {
  /** Milliseconds from the question's last octet to its reply's first. */
  readonly durationMs: number;
  readonly transport: "udp" | "tcp";
  readonly client: Address;
  readonly port: number;
  /** Who asked: a network of the model, or `internet`. */
  readonly network: string;
  readonly name?: DomainName;
  readonly type?: RecordType;
  /** 12 bits. */
  readonly rcode: number;
  /** Octets of the question and of its reply; 0 where the listener stays silent. */
  readonly querySize: number;
  readonly replySize: number;
  /** Absent where the question was answered without looking at the model. */
  readonly resolution?: Resolution | undefined;
}
