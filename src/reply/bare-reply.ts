import { withScope } from "../message/client-subnet.ts";
import { DEFAULT_UDP_SIZE, type Edns, type EdnsOption, OptionCodes } from "../message/edns.ts";
import type { ExtendedError } from "../message/extended-errors.ts";
import { Opcodes } from "../message/opcodes.ts";
import type { Question } from "../message/question.ts";
import type { ReplyEdns, ReplyParts } from "../message/reply-parts.ts";
import type { ReplyOptions } from "./reply-options.ts";

/** What a reply takes from the message that it answers, whether that was a good question or not. */
export interface Asking {
  readonly id: number;
  /** QUERY by default. */
  readonly opcode?: number;
  readonly rd: boolean;
  readonly cd: boolean;
  readonly question?: Question;
  readonly edns?: Edns;
}

/**
 * A reply without any record: flags, question and OPT. AA and AD stay 0: there is nothing to be an authority for, and
 * nothing was validated.
 */
export function bareReply(asking: Asking, rcode: number, options: ReplyOptions, error?: ExtendedError): ReplyParts {
  const { id, opcode = Opcodes.QUERY, rd, cd, question, edns } = asking;
  const authoritative = options.authoritative === true;
  return {
    id,
    opcode,
    rcode,
    // An authoritative server does not recurse, and clears what only concerns a resolver (RFC 4035 §3.1.6).
    flags: { aa: false, rd, ra: !authoritative, ad: false, cd: cd && !authoritative },
    ...(question === undefined ? {} : { question }),
    answers: [],
    authorities: [],
    glue: [],
    additionals: [],
    ...(edns === undefined ? {} : { edns: replyEdns(edns, options, error) }),
  };
}

/** A reply has OPT exactly when its query had (RFC 6891 §7). */
function replyEdns(edns: Edns, options: ReplyOptions, error: ExtendedError | undefined): ReplyEdns {
  const { udpSize = DEFAULT_UDP_SIZE, extendedErrors = "full" } = options;
  const told = error === undefined || extendedErrors === "off" ? undefined : error;
  return {
    udpSize,
    dnssecOk: edns.dnssecOk,
    options: echoedSubnet(edns, options),
    ...(told === undefined ? {} : { extendedError: extendedErrors === "full" ? told : { ...told, text: "" } }),
  };
}

/** The client subnet that was honoured, with its scope. */
function echoedSubnet(edns: Edns, { subnetScope }: ReplyOptions): EdnsOption[] {
  const asked = edns.options.find(({ code }) => code === OptionCodes.CLIENT_SUBNET);
  return asked === undefined || subnetScope === undefined ? [] : [withScope(asked, subnetScope)];
}
