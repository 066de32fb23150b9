import type { Cloud } from "./clouds.ts";

/** Published zones or suffixes that no name of ours lies in, and why. */
export interface Unexpanded {
  readonly cloud: Cloud;
  readonly type: string;
  readonly group: string;
  /** Which column of the published row the zones stand in. */
  readonly column: "private" | "public";
  readonly zones: readonly string[];
  /** A clause that fits after "no names are made there: ". */
  readonly reason: string;
}

const NO_ZONE_OF_ITS_OWN = "the suffix has no private zone of its own";
const BEHIND_THE_ALIAS = "names below it stand behind the alias, not before it";
const CHOSEN_BY_THE_PLATFORM = "the platform chooses the names, and the published suffix and zone do not match";

/** Rows, or parts of rows, that make no names. The catalogue's tests compare this list with the rows both ways. */
export const UNEXPANDED: readonly Unexpanded[] = [
  {
    cloud: "commercial",
    type: "azure/elastic-san",
    group: "volumegroup",
    column: "private",
    zones: ["privatelink.blob.core.windows.net"],
    reason: CHOSEN_BY_THE_PLATFORM,
  },
  {
    cloud: "commercial",
    type: "azure/elastic-san",
    group: "volumegroup",
    column: "public",
    zones: ["blob.storage.azure.net"],
    reason: CHOSEN_BY_THE_PLATFORM,
  },
  {
    cloud: "commercial",
    type: "azure/machine-learning",
    group: "amlworkspace",
    column: "public",
    zones: ["instances.azureml.ms", "aznbcontent.net", "inference.ml.azure.com"],
    reason: NO_ZONE_OF_ITS_OWN,
  },
  {
    cloud: "usgov",
    type: "azure/machine-learning",
    group: "amlworkspace",
    column: "public",
    zones: ["instances.azureml.us", "aznbcontent.net", "inference.ml.azure.us"],
    reason: NO_ZONE_OF_ITS_OWN,
  },
  {
    cloud: "china",
    type: "azure/machine-learning",
    group: "amlworkspace",
    column: "public",
    zones: ["instances.azureml.cn", "aznbcontent.net", "inference.ml.azure.cn"],
    reason: NO_ZONE_OF_ITS_OWN,
  },
  {
    cloud: "commercial",
    type: "azure/iot-central",
    group: "iotApp",
    column: "public",
    zones: [
      "privatelink.azure-devices.net",
      "privatelink.servicebus.windows.net",
      "privatelink.azure-devices-provisioning.net",
    ],
    reason: "a private zone in the public column: the names lie below the suffix without privatelink",
  },
  {
    cloud: "commercial",
    type: "azure/monitor",
    group: "azuremonitor",
    column: "public",
    zones: ["services.visualstudio.com", "applicationinsights.azure.com"],
    reason: NO_ZONE_OF_ITS_OWN,
  },
  {
    cloud: "usgov",
    type: "azure/container-registry",
    group: "registry",
    column: "public",
    zones: ["{regionName}.azurecr.us"],
    reason: "an older form: data endpoints lie below {regionName}.data.azurecr.us",
  },
  {
    cloud: "usgov",
    type: "azure/purview",
    group: "portal",
    column: "public",
    zones: ["purview.azure.com"],
    reason: "a suffix of another cloud",
  },
  {
    cloud: "commercial",
    type: "azure/key-vault",
    group: "vault",
    column: "public",
    zones: ["vaultcore.azure.net"],
    reason: BEHIND_THE_ALIAS,
  },
  {
    cloud: "usgov",
    type: "azure/key-vault",
    group: "vault",
    column: "public",
    zones: ["vaultcore.usgovcloudapi.net"],
    reason: BEHIND_THE_ALIAS,
  },
  {
    cloud: "china",
    type: "azure/key-vault",
    group: "vault",
    column: "public",
    zones: ["vaultcore.azure.cn"],
    reason: BEHIND_THE_ALIAS,
  },
];

/** Why a group makes no names at all in a cloud. */
export function whyUnexpanded(cloud: Cloud, type: string, group: string): string | undefined {
  return UNEXPANDED.find(
    (one) => one.column === "private" && one.cloud === cloud && one.type === type && one.group === group,
  )?.reason;
}
