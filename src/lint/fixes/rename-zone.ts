import type { TextEdit } from "../../diagnostics/diagnostic.ts";
import type { DomainName } from "../../name/domain-name.ts";
import { displayName } from "../../name/name-text.ts";
import type { SourceSpan } from "../../source/source-file.ts";
import type { PrivateZone, Topology } from "../../topology/model.ts";

/** Gives a zone another name, and says it wherever the zone is named by its key: in endpoints, resolvers and listeners. */
export function renameZone(topology: Topology, zone: PrivateZone, name: DomainName): readonly TextEdit[] | undefined {
  if (zone.folder !== undefined) return undefined; // Its name is its file's.
  const text = displayName(name);
  const written = zone.spans.get("name");
  if (written !== undefined) return replaced(written, displayName(zone.name), text);
  const prefix = zone.key.slice(0, zone.key.lastIndexOf("/") + 1);
  const edits = [zone.span, ...references(topology, zone.key)].map((span) =>
    replaced(span, zone.key, `${prefix}${text}`),
  );
  return edits.every((edit) => edit !== undefined) ? edits.flat() : undefined;
}

function references({ endpoints, resolvers }: Topology, key: string): SourceSpan[] {
  const found: SourceSpan[] = [];
  for (const { privateDns } of endpoints.values())
    for (const one of privateDns) if (one.kind === "zone" && one.key === key) found.push(one.span);
  for (const { zones, spans } of resolvers.values()) {
    zones.forEach((zone, i) => {
      const span = spans.get(`zones[${i}]`);
      if (zone === key && span !== undefined) found.push(span);
    });
  }
  return found;
}

/** Only what is written as it is meant is replaced; its quotes stay. */
function replaced(span: SourceSpan, old: string, text: string): readonly TextEdit[] | undefined {
  const raw = (span.file.text ?? "").slice(span.start, span.end);
  const at = raw.toLowerCase().indexOf(old.toLowerCase());
  if (at === -1 || raw.length - old.length > 2) return undefined;
  const start = span.start + at;
  return [{ span: { file: span.file, start, end: start + old.length }, text }];
}
