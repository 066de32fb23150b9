import { type Cloud, parseCloud } from "./clouds.ts";
import published from "./data/private-link-zones.json" with { type: "json" };

/** What a provider publishes about one service, or some of its groups, in one cloud. Templates hold `{placeholders}`. */
export interface ZoneRow {
  readonly cloud: Cloud;
  /** Our short name: `azure/storage`. The clouds share it. */
  readonly type: string;
  /** The platform's own: `Microsoft.Storage/storageAccounts`. */
  readonly resourceType: string;
  readonly title: string;
  readonly groups: readonly string[];
  /** The public suffixes with the private zone that shadows each, in the order they are published. */
  readonly doors: readonly Door[];
  /** Names printed beside the zones that must not be made zones: their records lie in the zone above. */
  readonly virtualPrivateZones: readonly string[];
  /** As published; not each has a private zone. */
  readonly publicZones: readonly string[];
}

/** A public suffix and the private zone that holds the names below it. */
export interface Door {
  readonly suffix: string;
  readonly zone: string;
}

/** Public suffixes that are not the zone without `privatelink`: by zone, or by type and zone where one service differs. */
const SUFFIXES: ReadonlyMap<string, string> = new Map([
  ["privatelink.vaultcore.azure.net", "vault.azure.net"],
  ["privatelink.vaultcore.usgovcloudapi.net", "vault.usgovcloudapi.net"],
  ["privatelink.vaultcore.azure.cn", "vault.azure.cn"],
  ["privatelink-global.wvd.microsoft.com", "wvd.microsoft.com"],
  ["privatelink-global.wvd.azure.us", "wvd.azure.us"],
  ["privatelink-global.wvd.azure.cn", "wvd.azure.cn"],
  ["privatelink.servicebus.windows.us", "servicebus.usgovcloudapi.net"],
  ["privatelink.signalr.azure.cn", "service.signalr.azure.cn"],
  ["azure/elastic-san privatelink.blob.core.windows.net", "blob.storage.azure.net"],
]);

/** Every published row, in the published order. */
export const ZONE_ROWS: readonly ZoneRow[] = published.map((row) => {
  const { type, resourceType, title, groups } = row;
  return {
    cloud: knownCloud(row.cloud),
    type,
    resourceType,
    title,
    groups,
    doors: row.privateZones.map(canonical).map((zone) => ({ suffix: publicSuffix(type, zone), zone })),
    virtualPrivateZones: row.virtualPrivateZones.map(canonical),
    publicZones: row.publicZones.map(canonical),
  };
});

function knownCloud(text: string): Cloud {
  const cloud = parseCloud(text);
  if (cloud === undefined) throw new RangeError(`a row of cloud ${text}`);
  return cloud;
}

/** The rows spell one placeholder in two ways. */
function canonical(template: string): string {
  return template.replaceAll("{region}", "{regionName}");
}

/** The zone without its label `privatelink`, except for the few services whose suffix and zone differ in more. */
function publicSuffix(type: string, zone: string): string {
  const label = /(^|\.)privatelink\./;
  return SUFFIXES.get(`${type} ${zone}`) ?? SUFFIXES.get(zone) ?? zone.replace(label, "$1");
}
