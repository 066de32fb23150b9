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
 * A reply of a resolver without any record: flags, question and OPT. AA and AD stay 0: a resolver is no authority, and what
 * it answers was not validated.
 */
export function bareReply(asking: Asking, rcode: number, options: ReplyOptions, error?: ExtendedError): ReplyParts {
  const { id, opcode = Opcodes.QUERY, rd, cd, question, edns } = asking;
  return {
    id,
    opcode,
    rcode,
    flags: { aa: false, rd, ra: true, ad: false, cd },
    ...(question === undefined ? {} : { question }),
    answers: [],
    authorities: [],
    glue: [],
    additionals: [],
    ...(edns === undefined ? {} : { edns: replyEdns(edns, options, error) }),
  };
}
