import { failureSentence, refusalSentence, silenceSentence } from "../explain/sentences.ts";
import { type ExtendedError, ExtendedErrors } from "../message/extended-errors.ts";
import { displayName } from "../name/name-text.ts";
import { lastSource } from "../resolve/last-source.ts";
import type { Failure, Refusal, Resolution, Step } from "../resolve/resolution.ts";

/**
 * Why a resolution ended as it did, for the client that wants to know (RFC 8914). There is nothing to say where a name or
 * a type was found, or is missing from public data that is there.
 */
export function extendedErrorOf({ outcome, trace }: Resolution): ExtendedError | undefined {
  switch (outcome.kind) {
    case "answer":
    case "nodata":
    case "yxdomain":
      return staleness(trace, ExtendedErrors.STALE_ANSWER);
    case "referral":
    case "unfollowed":
      return undefined;
    case "nxdomain":
      return staleness(trace, ExtendedErrors.STALE_NXDOMAIN_ANSWER) ?? denialOf(trace);
    case "failed":
      return { code: failureCode(outcome.reason), text: failureSentence(outcome.reason) };
    case "refused":
      return { code: REFUSAL_CODES[outcome.reason.kind], text: refusalSentence(outcome.reason) };
    case "not-implemented":
      return { code: ExtendedErrors.NOT_SUPPORTED, text: "ANY is never forwarded" };
    case "no-reply":
      return { code: ExtendedErrors.NO_REACHABLE_AUTHORITY, text: silenceSentence(outcome.reason) };
    case "upstream":
      return { code: ExtendedErrors.NO_REACHABLE_AUTHORITY, text: `not asked: ${outcome.targets.join(", ")}` };
  }
}

/** A real server's answer is past its time (RFC 8767 §4). */
function staleness(trace: readonly Step[], code: number): ExtendedError | undefined {
  const step = trace.find((one) => one.kind === "upstream" && one.marks?.isStale === true);
  if (step?.kind !== "upstream") return undefined;
  return { code, text: `${step.targets.join(", ")} cannot be asked: an answer from before` };
}

/** Who said that there is no such name: the last source of the trace. That an authoritative server did is no news. */
function denialOf(trace: readonly Step[]): ExtendedError | undefined {
  if (trace[0]?.kind === "authority") return undefined;
  const step = lastSource(trace);
  switch (step?.kind) {
    case "offline":
      return { code: ExtendedErrors.OTHER, text: `no public data for ${displayName(step.name)}: offline` };
    case "zone":
      return { code: ExtendedErrors.OTHER, text: `private zone ${step.source.key} has no ${displayName(step.name)}` };
    case "rule-answer":
    case "builtin":
    case "public":
    case "upstream":
    case undefined:
      return undefined;
  }
}

function failureCode(reason: Failure): number {
  switch (reason.kind) {
    case "alias-loop":
    case "alias-limit":
    case "resolver-loop":
    case "resolver-limit":
      return ExtendedErrors.OTHER; // No code exists for them.
    case "targets-failed": {
      if (reason.targets.length > 0 && reason.targets.every(({ isRemembered }) => isRemembered))
        return ExtendedErrors.CACHED_ERROR;
      const isNetwork = reason.targets.length > 0 && reason.targets.every(({ isNetworkError }) => isNetworkError);
      return isNetwork ? ExtendedErrors.NETWORK_ERROR : ExtendedErrors.NO_REACHABLE_AUTHORITY;
    }
    case "delegation":
      return ExtendedErrors.NO_REACHABLE_AUTHORITY;
  }
}

const REFUSAL_CODES = {
  "ambiguous-client": ExtendedErrors.PROHIBITED,
  "recursion-not-desired": ExtendedErrors.NOT_AUTHORITATIVE, // RFC 8914 §4.21
  "not-authoritative": ExtendedErrors.NOT_AUTHORITATIVE,
} as const satisfies Record<Refusal["kind"], number>;
