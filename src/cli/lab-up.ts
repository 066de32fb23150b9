import { logFolder } from "../lab/lab-name.ts";
import { type LabPlan, planLab } from "../lab/plan.ts";
import { raiseLab } from "../lab/raise.ts";
import { displayName } from "../name/name-text.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { formatColumns } from "./columns.ts";
import type { Arguments } from "./command.ts";
import { type ExitCode, ExitCodes } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import { counted, type Lab } from "./lab.ts";
import { thisMachine } from "./lab-world.ts";
import { couldNotRun } from "./misuse.ts";
import { openSnapshot } from "./project.ts";
import { findWho, type Who } from "./who.ts";

/** `lab up`: makes the lab, whole or not at all, and tells how it is used. */
export async function raise(lab: Lab, args: Arguments, io: Io): Promise<ExitCode> {
  const snapshot = openSnapshot(args, io);
  if (snapshot === undefined) return ExitCodes.COULD_NOT_RUN;
  const plan = planLab(snapshot, lab.name, thisMachine());
  let isStopped = false;
  const closers = (["SIGINT", "SIGTERM", "SIGHUP"] as const).map((name) =>
    io.onSignal(name, () => {
      isStopped = true;
    }),
  );
  const raised = await raiseLab(plan, lab.world, () => isStopped);
  for (const close of closers) close();
  switch (raised.kind) {
    case "up":
      tell(plan, snapshot, lab, io);
      return ExitCodes.CLEAN;
    case "there":
      return couldNotRun(io, `the lab of ${lab.file} is there already: privlink lab down${lab.flag} takes it away`);
    case "failed":
      return couldNotRun(io, `the lab was not made, and nothing of it is left: ${raised.message}`);
    case "stopped":
      return couldNotRun(io, "stopped: nothing of the lab is left");
  }
}

/** Where one can stand now, and what to type. */
function tell({ places, steps }: LabPlan, snapshot: Snapshot, lab: Lab, io: Io): void {
  const rows = places.map(({ who, addresses, nameServers, namespace }) => [
    who,
    addresses.join(","),
    nameServers.join(","),
    namespace,
  ]);
  io.stdout(formatColumns(["WHO", "ADDRESS", "ASKS", "NAMESPACE"], rows));
  const servers = steps.filter(({ kind }) => kind === "serve").length;
  const endpoint = [...snapshot.endpointNames.values()].flat().at(-1);
  const name = endpoint?.publicName ?? [...snapshot.topology.zones.values()][0]?.name;
  const first = places[0]?.who ?? "";
  io.stderr(
    `\nThe lab is up: ${counted(places.length, "place")}, ${counted(servers, "server")}. Log: ${logFolder(lab.name)}\n` +
      ` try     privlink lab exec ${first}${lab.flag} -- dig ${name === undefined ? "localhost" : displayName(name)}\n` +
      `         privlink lab exec ${first}${lab.flag} -- bash\n` +
      ` end     privlink lab down${lab.flag}\n`,
  );
}

/** Why nobody of that name is in the lab: there is none in the topology, or the lab is older than it. */
export function tellWhoIsMissing(lab: Lab, who: string, args: Arguments, io: Io): ExitCode {
  const snapshot = openSnapshot(args, io);
  if (snapshot === undefined) return ExitCodes.COULD_NOT_RUN;
  const found = findWho(snapshot, [who]);
  if (found.kind === "problem") return couldNotRun(io, found.message);
  const [one, ...others] = found.who;
  if (one === undefined || others.length > 0 || placeName(one) !== who.toLowerCase())
    return couldNotRun(io, `${who} is no single place: name a network, HOST@NETWORK or internet`);
  return couldNotRun(io, `${who} was not there when the lab was made: privlink lab down${lab.flag}, then up`);
}

/** What the place of somebody who asks is called, in small letters; an address is nobody's place. */
function placeName({ client }: Who): string {
  if (client.kind !== "network") return client.kind;
  const { network, host } = client;
  return (host === undefined ? network : `${host}@${network}`).toLowerCase();
}
