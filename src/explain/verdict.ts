import { lastSource } from "../resolve/last-source.ts";
import type { Resolution } from "../resolve/resolution.ts";

/** Where the data of an answer came from: a private zone, the internet, or names that every resolver knows. */
export type Origin = "private" | "public" | "built-in";

/** Whose data ended the chain; `undefined` when nothing did, or when it cannot be known without asking a real server. */
export function originOf({ outcome, trace }: Resolution): Origin | undefined {
  switch (outcome.kind) {
    case "failed":
    case "refused":
    case "not-implemented":
    case "no-reply":
    case "upstream":
      return undefined;
    case "answer":
    case "nodata":
    case "nxdomain":
    case "yxdomain":
    case "referral":
    case "unfollowed":
      break;
  }
  switch (lastSource(trace)?.kind) {
    case "zone":
    case "rule-answer":
      return "private";
    case "public":
    case "offline":
    case "upstream":
      return "public";
    case "builtin":
      return "built-in";
    case undefined:
      return undefined;
  }
}
