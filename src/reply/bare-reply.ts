import type { ExtendedError } from "../message/extended-errors.ts";
import { Opcodes } from "../message/opcodes.ts";
import type { QueryEdns } from "../message/query.ts";
import type { Question } from "../message/question.ts";
import type { ReplyParts } from "../message/reply-parts.ts";
import { replyEdns } from "./reply-edns.ts";
import type { ReplyOptions } from "./reply-options.ts";

/** What a reply takes from the message that it answers, whether that was a good question or not. */
export interface Asking {
  readonly id: number;
  /** QUERY by default. */
  readonly opcode?: number;
  readonly rd: boolean;
  readonly cd: boolean;
  readonly question?: Question;
  readonly edns?: QueryEdns;
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
