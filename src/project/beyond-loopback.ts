import { type AddressPort, formatAddressPort, isLoopback, knownAddress } from "../net/address.ts";
import type { Listener } from "../topology/model.ts";

/**
 * The listeners with those of loopback addresses at every address of the machine, of the same family and at the same port: in
 * a container nobody else reaches loopback. Those that come to stand at one place become one where they are alike in
 * everything; else the sentence says which are not.
 */
export function beyondLoopback(listeners: readonly Listener[]): readonly Listener[] | string {
  const moved: { readonly from: AddressPort; readonly listener: Listener }[] = [];
  for (const listener of listeners) {
    const at = isLoopback(listener.at.address) ? everywhere(listener.at) : listener.at;
    const there = moved.find((one) => at.port !== 0 && formatAddressPort(one.listener.at) === formatAddressPort(at));
    if (there === undefined) {
      moved.push({ from: listener.at, listener: { ...listener, at } });
      continue;
    }
    if (mannerOf(there.listener) === mannerOf(listener)) continue;
    const [one, other] = [there.from, listener.at].map(formatAddressPort);
    return `--beyond-loopback: listeners ${one} and ${other} differ, and would both be at ${formatAddressPort(at)}: give them ports of their own`;
  }
  return moved.map(({ listener }) => listener);
}

function everywhere({ address, port }: AddressPort): AddressPort {
  return { address: knownAddress(address.family === 4 ? "0.0.0.0" : "::"), port };
}

/** Everything that a listener is but its place, to compare by. */
function mannerOf({ at: _at, span: _span, trust, ...manner }: Listener): string {
  return JSON.stringify([manner, trust.map(({ text }) => text)]);
}
