import { nearest } from "../name/nearest.ts";
import { parseAddress } from "../net/address.ts";
import { type Command, variableOf } from "./command.ts";
import { COMMANDS } from "./command-list.ts";
import type { Environment } from "./io.ts";

const PREFIX = "PRIVLINK_";

/**
 * The sentence for a variable that is nobody's twin and was meant to be one: left in silence it would do nothing. What is
 * near no twin belongs to somebody else, and so does what Kubernetes sets in every container for a service called privlink.
 */
export async function misspeltVariable(command: Command, env: Environment): Promise<string | undefined> {
  const own = new Set(command.options.map(variableOf));
  const strangers = Object.keys(env).filter(
    (name) => name.startsWith(PREFIX) && !own.has(name) && !isServiceLink(name, env[name] ?? ""),
  );
  if (strangers.length === 0) return undefined; // The rule; nobody waits for other commands to load then.
  const commands = await Promise.all(COMMANDS.map((listed) => listed.load()));
  const twins = new Set(
    commands.flatMap(({ options }) => options.map(variableOf)).filter((name) => name !== undefined),
  );
  for (const name of strangers.filter((one) => !twins.has(one)).toSorted()) {
    const port = env[name] ?? "";
    if (name === `${PREFIX}PORT` && /^\d+$/.test(port))
      return `${name} means nothing to it: did you mean ${PREFIX}LISTEN=127.0.0.1:${port}?`;
    const near = nearest(
      name.slice(PREFIX.length),
      Array.from(twins, (twin) => twin.slice(PREFIX.length)),
    );
    if (near !== undefined) return `${name} means nothing to it: did you mean ${PREFIX}${near}?`;
  }
  return undefined;
}

/** What Kubernetes says of a service's ports: by its name, by the port's name, and by number and protocol. */
const LINKS: readonly { readonly name: RegExp; readonly isValue: (text: string) => boolean }[] = [
  { name: /_SERVICE_HOST$|_PORT_\d+_(?:TCP|UDP|SCTP)_ADDR$/, isValue: (text) => parseAddress(text) !== undefined },
  { name: /_SERVICE_PORT(?:_\w+)?$|_PORT_\d+_(?:TCP|UDP|SCTP)_PORT$/, isValue: (text) => /^\d+$/.test(text) },
  { name: /_PORT_\d+_(?:TCP|UDP|SCTP)_PROTO$/, isValue: (text) => /^(?:tcp|udp|sctp)$/.test(text) },
  { name: /_PORT(?:_\d+_(?:TCP|UDP|SCTP))?$/, isValue: (text) => /^(?:tcp|udp|sctp):\/\/\S+:\d+$/.test(text) },
];

/** Whether a variable is one of those; the name alone does not say: `PRIVLINK_PORT=5353` is somebody's mistake. */
function isServiceLink(variable: string, text: string): boolean {
  return LINKS.some(({ name, isValue }) => name.test(variable) && isValue(text));
}
