import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NAMED } from "../agreement/servers.ts";
import { pause } from "../loopback.ts";
import type { Namespace } from "./namespace.ts";

const START_MS = 10_000;
const APEX = "@ 300 IN SOA ns.invalid. host.invalid. 1 2 3 4 5\n@ 300 IN NS ns.invalid.\n";

/** What privlink says of these names, as the zones of a server that has no endpoints and leaves a zone for no alias. */
const ZONES: Readonly<Record<string, string>> = {
  "blob.core.windows.net.":
    "photos 60 CNAME photos.privatelink\nphotos.privatelink 10 A 10.0.1.5\n" +
    "ledgers 60 CNAME ledgers.privatelink\nledgers.privatelink 10 A 10.0.1.6\n",
  "1.3.10.in-addr.arpa.": "1 300 PTR both.corp.example.\n",
};

/**
 * Starts named at 127.0.0.1 of a namespace with the data of the estate, and waits until it answers. Gives the `resolv.conf`
 * that leads to it; `undefined` where it is not installed.
 */
export async function startNamed(namespace: Namespace, estate: string, folder: string): Promise<string | undefined> {
  const resolvConf = "nameserver 127.0.0.1\n";
  const { code } = await namespace.run(resolvConf, [NAMED.name, "-v"]);
  if (code !== 0) return undefined;
  const corp = readFileSync(join(estate, "corp.example.zone"), "latin1");
  const zones = Object.entries({ ...ZONES, "corp.example.": corp }).map(([origin, text]) => {
    const file = join(folder, `${origin}zone`);
    writeFileSync(file, `$ORIGIN ${origin}\n${APEX}${text}`, "latin1");
    return { origin, text, file };
  });
  const configuration = join(folder, "named.conf");
  const files = zones.map(({ file }) => file);
  writeFileSync(configuration, `${NAMED.configure(zones, { folder, port: 53, files })}\n`);
  namespace.start([NAMED.name, ...NAMED.arguments(configuration)]);
  for (const end = performance.now() + START_MS; ; await pause(50)) {
    const { stdout } = await namespace.run(resolvConf, ["dig", "+short", "+time=1", "+tries=1", "both.corp.example"]);
    if (stdout === "10.3.1.1\n") return resolvConf;
    if (performance.now() > end) throw new Error(`named does not answer in its namespace: ${stdout}`);
  }
}
