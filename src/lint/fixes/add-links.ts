import type { TextEdit } from "../../diagnostics/diagnostic.ts";
import type { PrivateZone } from "../../topology/model.ts";
import { addItems, scalar } from "../../topology/yaml-edits.ts";

/** Links a zone to further networks, where it is declared; one out of a folder has no place of its own for that. */
export function addLinks(zone: PrivateZone, networks: readonly string[]): readonly TextEdit[] | undefined {
  return zone.folder === undefined ? addItems(zone, "links", networks.map(scalar)) : undefined;
}
