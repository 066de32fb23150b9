import { formatAddressPort } from "../net/address.ts";
import type { ListenProblem } from "../serve/listen-problem.ts";
import { openListeners } from "../serve/listeners.ts";
import type { Listener } from "../topology/model.ts";
import { possibleHere } from "./listening.ts";

/**
 * The ports of listeners, the same in every process that answers: where any port will do, one is found once, by opening it for a
 * moment.
 */
export class FixedPorts {
  /** Where any port will do: the one that was found. */
  private readonly found = new Map<string, number>();

  /** Tries every address, so that one that cannot be opened is told once and in time; gives the problems. */
  async tryAll(listeners: readonly Listener[]): Promise<readonly ListenProblem[]> {
    return this.tryThese(possibleHere(listeners).possible, listeners);
  }

  /** Finds ports for those that came. What cannot be opened is told by the processes that are to open it. */
  async tryNew(listeners: readonly Listener[]): Promise<void> {
    const unknown = possibleHere(listeners).possible.filter((one) => this.portOf(one, listeners) === 0);
    if (unknown.length > 0) await this.tryThese(unknown, listeners);
  }

  /** A port for each; 0 where none was found. */
  portsOf(listeners: readonly Listener[]): readonly number[] {
    return listeners.map((listener) => this.portOf(listener, listeners));
  }

  private portOf(listener: Listener, among: readonly Listener[]): number {
    return listener.at.port === 0 ? (this.found.get(keyOf(listener, among)) ?? 0) : listener.at.port;
  }

  private async tryThese(wanted: readonly Listener[], among: readonly Listener[]): Promise<readonly ListenProblem[]> {
    const opened = await openListeners({
      listeners: wanted.map(({ at }) => ({ at, respond: () => undefined })),
      onFault: () => undefined,
      interfacesEveryMs: 0,
    });
    if (opened.kind === "failed") return opened.problems;
    for (const [i, listener] of wanted.entries()) {
      const port = opened.byRequest[i]?.[0]?.at.port;
      if (listener.at.port === 0 && port !== undefined) this.found.set(keyOf(listener, among), port);
    }
    await opened.close(0);
    return [];
  }
}

/** Several listeners may be at one address, where any port will do: they are told apart by their order. */
function keyOf(listener: Listener, among: readonly Listener[]): string {
  const place = formatAddressPort(listener.at);
  return `${place} ${among.filter(({ at }) => formatAddressPort(at) === place).indexOf(listener)}`;
}
