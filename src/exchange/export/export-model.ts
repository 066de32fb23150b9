import type { Snapshot } from "../../snapshot/snapshot.ts";
import { type AskedName, askedNames } from "./asked-names.ts";
import { askersOf } from "./askers.ts";
import { exportBind } from "./bind.ts";
import { exportCoreDns } from "./coredns.ts";
import { exportDnsmasq } from "./dnsmasq.ts";
import { type ProvenView, prove } from "./flatten.ts";
import { exportHosts } from "./hosts.ts";
import { type Loss, modelLosses } from "./losses.ts";
import { planGround, planView } from "./plan.ts";
import { exportUnbound } from "./unbound.ts";
import type { ExportFile } from "./zone-paths.ts";
import { exportZones } from "./zones.ts";

/** What an export is: files by path, and everything that they do not say. */
export interface ExportedModel {
  readonly files: readonly ExportFile[];
  readonly losses: readonly Loss[];
}

/** What a target is written from. */
export interface ExportInput {
  readonly snapshot: Snapshot;
  /** What the model is called in comments. */
  readonly name: string;
  readonly names: readonly AskedName[];
  readonly views: readonly ProvenView[];
  /** What is lost whatever the target. */
  readonly losses: readonly Loss[];
}

export const EXPORT_KINDS = ["zones", "bind", "coredns", "unbound", "dnsmasq", "hosts"] as const;

export type ExportKind = (typeof EXPORT_KINDS)[number];

const TARGETS: Readonly<Record<ExportKind, (input: ExportInput) => ExportedModel>> = {
  zones: exportZones,
  bind: exportBind,
  coredns: exportCoreDns,
  unbound: exportUnbound,
  dnsmasq: exportDnsmasq,
  hosts: exportHosts,
};

/**
 * Writes a model as the configuration of another server. A pure function: the same model gives the same files, and each says
 * in its head what is not in it.
 */
export function exportModel(snapshot: Snapshot, kind: ExportKind, name: string): ExportedModel {
  const names = askedNames(snapshot);
  const ground = planGround(snapshot);
  const views = askersOf(snapshot).map((asker) => prove(snapshot, planView(ground, asker), names));
  const losses = views.flatMap(({ view }) => modelLosses(snapshot, view.asker));
  return TARGETS[kind]({ snapshot, name, names, views, losses });
}
