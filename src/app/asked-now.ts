import { AsyncLocalStorage } from "node:async_hooks";
import type { AskUpstream, UpstreamQuestion } from "../resolve/upstream.ts";

const asking = new AsyncLocalStorage<UpstreamQuestion>();

/**
 * A port to real servers that remembers, in everything it sets off, for which question that was: a promise that nobody waited for
 * can then be told with it. Only this port makes promises; what is answered from the model pays nothing.
 */
export function rememberingWhy(ask: AskUpstream): AskUpstream {
  return (wanted) => asking.run(wanted, ask, wanted);
}

/** The question in whose course this runs, if any. */
export function askedNow(): UpstreamQuestion | undefined {
  return asking.getStore();
}
