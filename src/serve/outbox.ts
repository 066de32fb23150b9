/** Octets of the replies that share one buffer; a longer one has its own. */
const SHARED_OCTETS = 1232;

/**
 * Octets of one reply after another on their way to the system, which takes nearly every one before `send` returns. Whoever
 * finds that it did not, lets it have this outbox and goes on with a new one.
 */
export class Outbox {
  private readonly octets = new Uint8Array(SHARED_OCTETS);
  /** The beginning of `octets` at each length, so that no view is made for a reply. */
  private readonly views: Uint8Array[] = [];

  /** A copy of the octets, good until the next one. */
  copy(octets: Uint8Array): Uint8Array {
    const { length } = octets;
    if (length > SHARED_OCTETS) return octets.slice();
    this.octets.set(octets);
    return (this.views[length] ??= this.octets.subarray(0, length));
  }
}
