import { formatAddressPort } from "../src/net/address.ts";
import type { InterfaceAddress } from "../src/serve/interface-addresses.ts";
import { type Listeners, type ListenersFailure, type ListenersOptions, openListeners } from "../src/serve/listeners.ts";
import { closeAfterEach, here, unexpected } from "./loopback.ts";

/** Opens listeners that follow no interfaces unless they are told to, and closes them after the test. */
export function openInTests(): (options: Partial<ListenersOptions>) => Promise<Listeners | ListenersFailure> {
  const closeLater = closeAfterEach();
  return async (options) => {
    const opened = await openListeners({ listeners: [], onFault: unexpected, interfacesEveryMs: 0, ...options });
    if (opened.kind === "listening") closeLater(() => opened.close(0));
    return opened;
  };
}

/** Listeners that did open. */
export async function opened(result: Promise<Listeners | ListenersFailure>): Promise<Listeners> {
  const listeners = await result;
  if (listeners.kind === "failed") throw new Error(listeners.problems.map(({ text }) => text).join("; "));
  return listeners;
}

/** Where listeners are open, as text. */
export function places(listeners: Listeners): string[] {
  return listeners.doors.map((door) => formatAddressPort(door.at));
}

/** Loopback addresses that stand for those of interfaces. */
export function interfaces(...texts: string[]): InterfaceAddress[] {
  return texts.map((text) => ({ address: here(text).address }));
}
