import { type DomainName } from "../name/domain-name.ts";
import { displayName } from "../name/name-text.ts";
import { addressOf } from "../net/address.ts";
import { RecordTypes } from "../record/record-type.ts";
import type { Outcome, Resolution } from "../resolve/resolution.ts";

/** What a client gets, in a sentence made of the answer: `myregistry.azurecr.io resolves to 20.45.122.144 from spoke`. */
export function effectOf({ question, outcome }: Resolution, from: string): string {
  return `${displayName(question.name)} ${gets(outcome)} from ${from}`;
}

/** The addresses of an answer, in its order. */
export function addressesIn(outcome: Outcome): readonly string[] {
  if (outcome.kind !== "answer") return [];
  const { A, AAAA } = RecordTypes;
  return outcome.rrsets
    .filter(({ type }) => type === A || type === AAAA)
    .flatMap(({ rdatas }) => rdatas.map((rdata) => addressOf(rdata).text));
}

function gets(outcome: Outcome): string {
  switch (outcome.kind) {
    case "answer": {
      const addresses = addressesIn(outcome);
      return addresses.length === 0 ? "resolves to no address" : `resolves to ${listed(addresses, 3)}`;
    }
    case "nodata":
      return "has no address";
    case "nxdomain":
      return "does not exist (NXDOMAIN)";
    case "failed":
      return "gets SERVFAIL";
    case "refused":
      return "is refused";
    case "no-reply":
      return "gets no reply";
    case "not-implemented":
    case "yxdomain":
    case "referral":
    case "unfollowed":
      return "has no answer";
    case "upstream":
      return "is asked of real servers";
  }
}

/** `a, b and c`; of more than `most` the first ones, and how many more there are. */
export function listed(texts: readonly string[], most = 5): string {
  const more = texts.length - most;
  if (more > 1) return `${texts.slice(0, most).join(", ")} and ${more} more`;
  const last = texts.at(-1) ?? "";
  return texts.length < 2 ? last : `${texts.slice(0, -1).join(", ")} and ${last}`;
}

/** Names as people write them, in their order, each once. */
export function namesListed(names: readonly DomainName[], most = 5): string {
  return listed([...new Map(names.map((name) => [name.key, displayName(name)])).values()], most);
}
