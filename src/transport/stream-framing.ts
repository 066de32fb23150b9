/** Octets of the length in front of each message on a stream (RFC 1035 §4.2.2). */
const LENGTH_OCTETS = 2;
/** The longest message that the length can announce. */
export const MAX_MESSAGE_OCTETS = 0xffff;
/** What a message gets at first when it arrives in pieces: an announced length costs the peer nothing, so it buys little. */
const FIRST_CAPACITY = 512;

/** A message with its length in front, as one piece: sent in one write, it does not wait for Nagle (RFC 7766 §8). */
export function frame(message: Uint8Array): Uint8Array {
  if (message.length > MAX_MESSAGE_OCTETS) throw new RangeError(`a message of ${message.length} octets`);
  const framed = new Uint8Array(LENGTH_OCTETS + message.length);
  framed[0] = message.length >>> 8;
  framed[1] = message.length & 0xff;
  framed.set(message, LENGTH_OCTETS);
  return framed;
}

/**
 * Finds the messages in a stream whose chunks are split and coalesced anywhere.
 *
 * Each octet is copied a bounded number of times, whatever the chunks are. What is kept between chunks is the one message
 * that is not whole yet: at most `maxMessageOctets`, and never more than about twice what has arrived of it.
 */
export class Deframer {
  private readonly maxMessageOctets: number;
  /** The first octet of a length whose second is not here yet. */
  private firstOctet: number | undefined;
  private partial: PartialMessage | undefined;
  private refused: number | undefined;

  constructor(maxMessageOctets: number = MAX_MESSAGE_OCTETS) {
    this.maxMessageOctets = maxMessageOctets;
  }

  /** Octets that wait for the rest of their message, its length included; 0 between messages. */
  get buffered(): number {
    if (this.partial !== undefined) return LENGTH_OCTETS + this.partial.filled;
    return this.firstOctet === undefined ? 0 : 1;
  }

  /**
   * The length of a message that was announced over the limit. The stream has no more messages then: nothing after it can
   * be told apart, so the connection should be closed.
   */
  get refusedLength(): number | undefined {
    return this.refused;
  }

  /**
   * Takes the next chunk and gives the messages that it makes whole, in order. A message of no octets is given too.
   * A message that came in one chunk shares its octets: the chunk must not be written to again.
   */
  push(chunk: Uint8Array): Uint8Array[] {
    const messages: Uint8Array[] = [];
    let at = 0;
    while (at < chunk.length && this.refused === undefined) {
      const partial = this.partial;
      if (partial !== undefined) {
        const octets = chunk.subarray(at, at + partial.length - partial.filled);
        at += octets.length;
        append(partial, octets);
        if (partial.filled < partial.length) break;
        messages.push(partial.octets);
        this.partial = undefined;
        continue;
      }
      const octet = chunk[at++] ?? 0;
      if (this.firstOctet === undefined) {
        this.firstOctet = octet;
        continue;
      }
      const length = (this.firstOctet << 8) | octet;
      this.firstOctet = undefined;
      if (length > this.maxMessageOctets) {
        this.refused = length;
      } else if (at + length <= chunk.length) {
        messages.push(chunk.subarray(at, at + length));
        at += length;
      } else {
        this.partial = { length, filled: 0, octets: new Uint8Array(Math.min(length, FIRST_CAPACITY)) };
      }
    }
    return messages;
  }
}

/** A message that is not whole yet. */
interface PartialMessage {
  /** As announced. */
  readonly length: number;
  /** How many of its octets are here. */
  filled: number;
  /** Room for what is here and some of what is to come; exactly `length` octets long in the end. */
  octets: Uint8Array;
}

function append(partial: PartialMessage, octets: Uint8Array): void {
  const filled = partial.filled + octets.length;
  if (filled > partial.octets.length) {
    const grown = new Uint8Array(Math.min(partial.length, Math.max(filled, partial.octets.length * 2)));
    grown.set(partial.octets.subarray(0, partial.filled));
    partial.octets = grown;
  }
  partial.octets.set(octets, partial.filled);
  partial.filled = filled;
}
