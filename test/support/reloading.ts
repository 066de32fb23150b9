import type { AddressPort } from "../../src/net/address.ts";
import type { closeAfterEach } from "../loopback.ts";
import { type ProjectFolder, projectFolder } from "./project-folder.ts";
import { type ServerOptions, type ServerProcess, startServer } from "./server.ts";

/** A project of one network with one zone, which changes while it is served. */
export const TOPOLOGY = `networks:
  hub: { kind: azure, prefixes: 10.0.0.0/16, clients: 127.10.0.0/16 }
zones:
  corp.example: { file: corp.example.zone, links: hub }
`;
/** The name that every generation of the zone has. */
export const NAME = "www.corp.example";
/** Asked as the network does that sees the zone. */
export const HUB = { from: "127.10.0.4" };

/** The zone with one host, whose address ends in `last`. */
export function zone(last: number): string {
  return `$TTL 300\nwww A 10.0.0.${last}\n`;
}

/** The project on a disk, until the test ends. */
export function project(later: ReturnType<typeof closeAfterEach>, topology = TOPOLOGY): ProjectFolder {
  const folder = projectFolder({ "privlink.yaml": topology, "corp.example.zone": zone(1) });
  later(() => folder.close());
  return folder;
}

/** Serves what is in a folder, until the test ends. */
export async function serveFolder(
  later: ReturnType<typeof closeAfterEach>,
  folder: { readonly path: string },
  options: ServerOptions = {},
): Promise<ServerProcess> {
  const server = await startServer({ cwd: folder.path, args: ["--log-level", "debug"], ...options });
  later(async () => void (await server.stop()));
  return server;
}

/** Where the first listener of a server is. */
export function listenerOf({ at }: ServerProcess): AddressPort {
  const [first] = at;
  if (first === undefined) throw new Error("the server listens nowhere");
  return first;
}
