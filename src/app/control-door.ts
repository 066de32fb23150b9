import { type ControlPlace, readsNeedToken } from "../control/access.ts";
import { type Control, type ControlProblem, openControl } from "../control/control-server.ts";
import type { Route } from "../control/route.ts";
import { formatAddressPort } from "../net/address.ts";
import type { Log } from "../observe/log.ts";
import type { SnapshotHolder } from "../snapshot/holder.ts";
import type { Listener } from "../topology/model.ts";
import type { CacheDesk } from "./cache-desk.ts";
import { cacheRoutes } from "./cache-routes.ts";
import type { Readiness } from "./lifecycle.ts";
import { type Standing, serverRoutes, withDocument } from "./server-routes.ts";
import type { Upkeep } from "./upkeep.ts";

/** What can be asked of a running server, and who answers it. */
export interface ControlParts {
  readonly holder: SnapshotHolder;
  readonly log: Log;
  readonly cache: CacheDesk;
  readonly readiness: Readiness;
  readonly version: string;
  readonly config: string;
  readonly digest: string;
  /** Open listeners, with the ports they got. */
  readonly listeners: () => readonly Listener[];
  /** More that can be asked. */
  readonly routes: readonly Route[];
}

/** The open control door, which hears of what becomes of the model. */
export interface ControlDoor extends Control {
  /** A new generation took over. */
  serving(digest: string): void;
  /** Who reloads, once there is somebody. */
  reloadBy(upkeep: Pick<Upkeep, "reload">): void;
}

/** Opens it with every route. Never rejects. */
export async function openControlDoor(place: ControlPlace, parts: ControlParts): Promise<ControlDoor | ControlProblem> {
  const { holder, log, cache, readiness, version, config, listeners } = parts;
  if (readsNeedToken(place) && place.kind === "address" && place.token === undefined)
    return {
      kind: "problem",
      text: `--control: others than this machine's users reach ${formatAddressPort(place.at)}: --control-token-file FILE is needed`,
    };
  let serving = { generation: 1, digest: parts.digest, loadedAt: new Date() };
  let upkeep: Pick<Upkeep, "reload"> | undefined;
  const standing = (): Standing => ({
    ...serving,
    version,
    config,
    snapshot: holder.current,
    listeners: listeners(),
    missing: readiness.missing(),
  });
  const routes = withDocument(
    [
      ...serverRoutes(standing, async () => (await upkeep?.reload("control")) ?? NOT_YET),
      ...parts.routes,
      ...cacheRoutes(cache),
    ],
    version,
  );
  const onFault = (error: unknown): void => log.error({ err: error }, "a bug in privlink failed a control request");
  const control = await openControl(place, routes, onFault);
  if (control.kind === "problem") return control;
  if (control.at !== undefined && readsNeedToken(place))
    log.warn(
      `control: whoever reaches ${formatAddressPort(control.at)} and has the token may see what is asked, and change what is kept; the token crosses the network in clear`,
    );
  return {
    ...control,
    serving(digest) {
      serving = { generation: serving.generation + 1, digest, loadedAt: new Date() };
    },
    reloadBy(whom) {
      upkeep = whom;
    },
  };
}

const NOT_YET = { result: "failed", error: "the server is starting: ask again", diagnostics: [], untold: 0 } as const;
