import { displayName } from "../name/name-text.ts";
import type { Failure, Refusal, Silence } from "../resolve/resolution.ts";

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

/** Why a resolver says REFUSED. */
export function refusalSentence(refusal: Refusal): string {
  switch (refusal.kind) {
    case "ambiguous-client":
      return `the source address lies in networks ${refusal.networks.join(" and ")}: use clients, a listener or a client subnet`;
    case "recursion-not-desired":
      return "a real server would have to be asked, and the query does not desire recursion";
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
    case "targets-silent":
      return `none of ${silence.targets.map(({ target }) => target).join(", ")} answers`;
  }
}
