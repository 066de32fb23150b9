import { type AddressPort, parseAddress } from "../net/address.ts";
import type { ListenOverride } from "../project/override-topology.ts";
import type { ListenAt, ListeningAt } from "./privlink.ts";

/** Listeners as the command line would name them. Throws a `RangeError` for an address or a port that is none. */
export function listenOverrides(listen: readonly ListenAt[]): readonly ListenOverride[] {
  if (listen.length === 0) throw new RangeError("listen is empty: leave it out, or say where to answer");
  return listen.map(({ as, address: text = "127.0.0.1", port = 0 }) => {
    const address = parseAddress(text);
    if (address === undefined) throw new RangeError(`listen: ${text} is no IP address`);
    if (!Number.isInteger(port) || port < 0 || port > 65_535)
      throw new RangeError(`listen: ${port} is no port, expected 0 to 65535`);
    return { at: { address, port }, ...(as === undefined ? {} : { who: as }) };
  });
}

/** An open listener, as `as` asked for it. */
export function listeningAt(as: string | undefined, { address, port }: AddressPort): ListeningAt {
  const host = address.family === 4 ? address.text : `[${address.text}]`;
  return { ...(as === undefined ? {} : { as }), address: address.text, port, text: `${host}:${port}` };
}

/** The listener that answers as `as`; without it, as whoever asks. Throws a `RangeError` that says which there are. */
export function listenerOf(listeners: readonly ListeningAt[], as: string | undefined): ListeningAt {
  const found = listeners.find((one) => one.as?.toLowerCase() === as?.toLowerCase());
  if (found !== undefined) return found;
  const known = listeners.map((one) => one.as ?? "whoever asks").join(", ");
  throw new RangeError(`no listener answers as ${as ?? "whoever asks"}: there are ${known}`);
}
