import { readCache, readOrder } from "./_cache.ts";
import { joinedMapping, type TopologyDocument } from "./_documents.ts";
import { choiceOf, ObjectReader } from "./_object-reader.ts";
import type { Reading } from "./_reading.ts";
import { readFlag, readZoneText } from "./_scalars.ts";
import { readPublicAlias } from "./_services.ts";
import { readRealServer } from "./_targets.ts";
import { readTold } from "./_told.ts";
import { fileReference } from "./_zones.ts";
import type { Assume, PublicData } from "./model.ts";

/** Reads `public`, of every file. */
export function readPublic(documents: readonly TopologyDocument[], reading: Reading): PublicData {
  const mapping = joinedMapping(documents, "public", reading.diagnostics);
  if (mapping === undefined) return { zones: [], records: [], upstream: [], onMiss: "nxdomain" };
  const place = { what: "public", layers: [mapping], span: mapping.span };
  const reader = new ObjectReader("public", place, reading.diagnostics);
  const upstream = reader.many("upstream", (text) => readRealServer(text, reading));
  const order = reader.one("order", readOrder);
  const onMiss = reader.one("onMiss", choiceOf("nxdomain", "upstream"));
  const cache = readCache(reader.value("cache"), "public", reading.diagnostics, { isShared: true });
  if (onMiss === "upstream" && !reader.has("upstream")) reportNoUpstream(reader);
  return {
    zones: reader.many("zones", fileReference),
    records: reader.many("records", readZoneText),
    upstream,
    onMiss: onMiss ?? (upstream.length > 0 ? "upstream" : "nxdomain"),
    ...(order === undefined ? {} : { order }),
    ...(cache === undefined ? {} : { cache }),
    ...readTold(reader, "public", reading.diagnostics),
  };
}

function reportNoUpstream(reader: ObjectReader<"public">): void {
  const message = "onMiss is upstream, and public has no upstream";
  reader.diagnostics.report("topology/missing-key", message, reader.placeOf("onMiss"), {
    hint: "write upstream: and its addresses",
  });
}

/** Reads `assume`, of every file. */
export function readAssume(documents: readonly TopologyDocument[], diagnostics: Reading["diagnostics"]): Assume {
  const mapping = joinedMapping(documents, "assume", diagnostics);
  const layers = mapping === undefined ? [] : [mapping];
  const span = mapping?.span ?? documents[0]?.root.span;
  if (span === undefined) return ASSUMED;
  const reader = new ObjectReader("assume", { what: "assume", layers, span }, diagnostics);
  return {
    publicAlias: reader.one("publicAlias", readPublicAlias) ?? ASSUMED.publicAlias,
    reachability: reader.one("reachability", choiceOf("enforce", "ignore")) ?? ASSUMED.reachability,
    reenter: reader.one("reenter", choiceOf("all", "private")) ?? ASSUMED.reenter,
    azureRules: reader.one("azureRules", choiceOf("after-zones", "with-zones")) ?? ASSUMED.azureRules,
    reservedNames: reader.one("reservedNames", readFlag) ?? ASSUMED.reservedNames,
    ruleAliases: reader.one("ruleAliases", choiceOf("chase", "trust")) ?? ASSUMED.ruleAliases,
    redirectThrough: reader.one("redirectThrough", choiceOf("internet", "rules")) ?? ASSUMED.redirectThrough,
    redirectNodata: reader.one("redirectNodata", readFlag) ?? ASSUMED.redirectNodata,
  };
}

/** What holds when a topology does not say. */
const ASSUMED: Assume = {
  publicAlias: "whenApproved",
  reachability: "enforce",
  reenter: "all",
  azureRules: "after-zones",
  reservedNames: true,
  ruleAliases: "chase",
  redirectThrough: "internet",
  redirectNodata: false,
};
