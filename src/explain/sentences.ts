import type { DomainName } from "../name/domain-name.ts";
import { displayName } from "../name/name-text.ts";
import type { Failure, Refusal, Silence, Unfollowed } from "../resolve/resolution.ts";

/** Why a resolver says SERVFAIL, as a sentence without a full stop. */
export function failureSentence(failure: Failure): string {
  switch (failure.kind) {
    case "alias-loop":
      return `the aliases lead back to ${displayName(failure.name)}`;
    case "alias-limit":
      return `more than ${failure.limit} aliases in a row`;
    case "resolver-loop":
      return `resolvers ask each other in a loop: ${failure.path.join(" → ")}`;
    case "resolver-limit":
      return `more than ${failure.path.length - 1} resolvers wait for one another: ${failure.path.join(" → ")}`;
    case "targets-failed":
      return `no target answered: ${failure.targets.map(({ target, why }) => `${target} (${why})`).join(", ")}`;
    case "delegation":
      return `${displayName(failure.cut)} is delegated to servers outside the model`;
  }
}

/** Why an authoritative server leaves the target of an alias to whoever asks. */
export function unfollowedSentence(target: DomainName, why: Unfollowed): string {
  const name = displayName(target);
  switch (why) {
    case "outside":
      return `${name} is not in the zone that the alias is in`;
    case "loop":
      return `the aliases lead back to ${name}`;
    case "limit":
      return `${name} would be one alias too many for one answer`;
  }
}

/** Why a server says REFUSED. */
export function refusalSentence(refusal: Refusal): string {
  switch (refusal.kind) {
    case "ambiguous-client":
      return `the source address lies in networks ${refusal.networks.join(" and ")}: use clients, a listener or a client subnet`;
    case "recursion-not-desired":
      return "a real server would have to be asked, and the query does not desire recursion";
    case "not-authoritative":
      return `no zone of this authoritative server holds ${displayName(refusal.name)}`;
  }
}

/** Why nobody answers. */
export function silenceSentence(silence: Silence): string {
  switch (silence.kind) {
    case "no-resolver-there":
      return silence.network === undefined
        ? `no resolver of the model stands at ${silence.target}`
        : `no resolver stands at ${silence.target} in network ${silence.network}`;
    case "unreachable":
      return `${silence.target} stands in network ${silence.to}, which network ${silence.from} does not reach: they are not peers`;
    case "platform-outside":
      return `${silence.target} is a platform address, which only machines inside its own network reach, and ${silence.from} is outside`;
    case "no-egress":
      return `${silence.target} is outside, and network ${silence.from} has no egress`;
    case "targets-silent":
      return `none of ${silence.targets.map(({ target }) => target).join(", ")} answers`;
  }
}
