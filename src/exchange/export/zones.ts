import { displayName } from "../../name/name-text.ts";
import type { Zone } from "../../zone/zone.ts";
import type { ExportedModel, ExportInput } from "./export-model.ts";
import { publicZones } from "./public-zones.ts";
import { zoneFileText } from "./zone-file.ts";
import { type ExportFile, safePart } from "./zone-paths.ts";

/** Zone files: every private zone as endpoints and machines complete it, linked or not, and public data. */
export function exportZones({ snapshot, name }: ExportInput): ExportedModel {
  const written = new Map<string, ExportFile>();
  const add = (path: string, zone: Zone, comment: string): void => {
    const comments = [`${comment}, of ${name}.`];
    written.set(path, { path, text: zoneFileText(zone, { comments, needsNs: false }) });
  };
  for (const [key, zone] of snapshot.zones) {
    const links = snapshot.topology.zones.get(key)?.links.map(({ network }) => network) ?? [];
    const seen = links.length === 0 ? "linked to no network" : `linked to ${links.join(", ")}`;
    add(`private/${key.split("/").map(safePart).join("/")}.zone`, zone, `Private zone ${key}, ${seen}`);
  }
  for (const { view, network } of snapshot.resolvers.values()) {
    for (const { key, zone, madeBy } of view.zones.values()) {
      if (madeBy === undefined || snapshot.zones.has(key)) continue;
      const path = `private/${safePart(network ?? "")}/${safePart(displayName(zone.origin))}.zone`;
      add(path, zone, `Zone ${displayName(zone.origin)} that the provider makes in ${madeBy.network}`);
    }
  }
  for (const { zone, title } of publicZones(snapshot.internet).values()) {
    const isRoot = zone.origin.labels.length === 0;
    const path = `public/${isRoot ? "root" : safePart(displayName(zone.origin))}.zone`;
    add(path, zone, isRoot ? "Public data that lies in no public zone" : `${title[0]?.toUpperCase()}${title.slice(1)}`);
  }
  return { files: [...written.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1)), losses: [] };
}
