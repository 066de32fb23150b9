import { displayName } from "../../name/name-text.ts";
import type { Zone } from "../../zone/zone.ts";
import type { ProvenView } from "./flatten.ts";
import type { PlannedZone } from "./plan.ts";
import { zoneFileText } from "./zone-file.ts";

/** A file of an export, by its path below the folder. */
export interface ExportFile {
  readonly path: string;
  readonly text: string;
}

/** The zone files of some views, and where each zone's lies. */
export interface ZoneFiles {
  readonly files: readonly ExportFile[];
  pathOf(zone: PlannedZone): string;
}

/**
 * One file for each zone, and one more for each view that sees the zone otherwise: `zones/azurecr.io.zone`, and
 * `zones/spoke/azurecr.io.zone` where the spoke's differs from that of the views before it.
 */
export function zoneFilesOf(views: readonly ProvenView[]): ZoneFiles {
  const files = new Map<string, string>();
  const paths = new Map<PlannedZone, string>();
  const texts = new Map<string, string>();
  for (const { view } of views) {
    for (const planned of view.zones) {
      const text = zoneFileText(planned.zone, { comments: [planned.title], needsNs: true });
      const known = texts.get(text);
      const path = known ?? freePath(planned.zone, view.asker.key, files);
      texts.set(text, path);
      files.set(path, text);
      paths.set(planned, path);
    }
  }
  return {
    files: [...files].map(([path, text]) => ({ path, text })).toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    pathOf: (zone) => {
      const path = paths.get(zone);
      if (path === undefined) throw new Error(`${zone.title} is of no view`);
      return path;
    },
  };
}

function freePath({ origin }: Zone, asker: string, taken: ReadonlyMap<string, string>): string {
  const name = `${origin.labels.length === 0 ? "root" : safePart(displayName(origin).toLowerCase())}.zone`;
  const plain = `zones/${name}`;
  return taken.has(plain) ? `zones/${safePart(asker)}/${name}` : plain;
}

/** A name of a file, whatever a user called the thing: no slash, nothing hidden, nothing that a shell or a config reads. */
export function safePart(text: string): string {
  const safe = text.replace(/[^A-Za-z0-9._@-]/g, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, "0")}`);
  return safe.replace(/^\./, "%2e");
}
