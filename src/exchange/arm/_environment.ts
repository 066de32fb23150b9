import type { Value } from "../azure/value.ts";
import type { Making } from "./_making.ts";

/** What `environment()` says in the public cloud, as far as names need it. */
const SUFFIXES = {
  acrLoginServer: ".azurecr.io",
  azureDatalakeAnalyticsCatalogAndJob: "azuredatalakeanalytics.net",
  azureDatalakeStoreFileSystem: "azuredatalakestore.net",
  azureFrontDoorEndpointSuffix: "azurefd.net",
  keyvaultDns: ".vault.azure.net",
  sqlServerHostname: ".database.windows.net",
  storage: "core.windows.net",
  storageSyncEndpointSuffix: "afs.azure.net",
  synapseAnalytics: ".azuresynapse.net",
} as const satisfies Record<string, string>;

export function environmentOf(make: Making): Value {
  const suffixes = make.map(Object.entries(SUFFIXES).map(([key, text]) => [key, make.text(text)]));
  return make.map(
    [
      ["name", make.text("AzureCloud")],
      ["resourceManager", make.text("https://management.azure.com/")],
      ["suffixes", suffixes],
    ],
    "environment() is known in this much only",
  );
}
