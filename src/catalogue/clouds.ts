/** The separate clouds of one provider: each has its own suffixes and zone names. */
export type Cloud = "commercial" | "usgov" | "china";

export const CLOUDS = ["commercial", "usgov", "china"] as const satisfies readonly Cloud[];

/** A region as names have it: `West Europe` and `westeurope` are one. */
export function foldRegion(text: string): string {
  return text.replace(/\s+/g, "").toLowerCase();
}

/** The cloud a region belongs to; the commercial one when nothing is said. */
export function cloudOfRegion(region: string | undefined): Cloud {
  const folded = foldRegion(region ?? "");
  if (folded.startsWith("usgov") || folded.startsWith("usdod")) return "usgov";
  return folded.startsWith("china") ? "china" : "commercial";
}

/** Reads the parameter `cloud`, which forces the cloud whatever the region is. */
export function parseCloud(text: string): Cloud | undefined {
  const folded = text.trim().toLowerCase();
  return CLOUDS.find((cloud) => cloud === folded);
}

/**
 * The short code that backup, site recovery and automation put into host names, by region.
 * Other services shorten regions in other ways (`weu`): they take a parameter instead.
 */
export function regionCode(region: string): string | undefined {
  return REGION_CODES.get(foldRegion(region));
}

const REGION_CODES: ReadonlyMap<string, string> = new Map([
  ["australiacentral", "acl"],
  ["australiacentral2", "acl2"],
  ["australiaeast", "ae"],
  ["australiasoutheast", "ase"],
  ["brazilsouth", "brs"],
  ["brazilsoutheast", "bse"],
  ["canadacentral", "cnc"],
  ["canadaeast", "cne"],
  ["centralindia", "inc"],
  ["centralus", "cus"],
  ["chinaeast", "sha"],
  ["chinaeast2", "sha2"],
  ["chinaeast3", "sha3"],
  ["chinanorth", "bjb"],
  ["chinanorth2", "bjb2"],
  ["chinanorth3", "bjb3"],
  ["eastasia", "ea"],
  ["eastus", "eus"],
  ["eastus2", "eus2"],
  ["francecentral", "frc"],
  ["francesouth", "frs"],
  ["germanynorth", "gn"],
  ["germanywestcentral", "gwc"],
  ["israelcentral", "ilc"],
  ["italynorth", "itn"],
  ["japaneast", "jpe"],
  ["japanwest", "jpw"],
  ["koreacentral", "krc"],
  ["koreasouth", "krs"],
  ["northcentralus", "ncus"],
  ["northeurope", "ne"],
  ["norwayeast", "nwe"],
  ["norwaywest", "nww"],
  ["polandcentral", "plc"],
  ["qatarcentral", "qac"],
  ["southafricanorth", "san"],
  ["southafricawest", "saw"],
  ["southcentralus", "scus"],
  ["southeastasia", "sea"],
  ["southindia", "ins"],
  ["swedencentral", "sdc"],
  ["swedensouth", "sds"],
  ["switzerlandnorth", "szn"],
  ["switzerlandwest", "szw"],
  ["uaecentral", "uac"],
  ["uaenorth", "uan"],
  ["uksouth", "uks"],
  ["ukwest", "ukw"],
  ["usdodcentral", "udc"],
  ["usdodeast", "ude"],
  ["usgovarizona", "uga"],
  ["usgoviowa", "ugi"],
  ["usgovtexas", "ugt"],
  ["usgovvirginia", "ugv"],
  ["westcentralus", "wcus"],
  ["westeurope", "we"],
  ["westindia", "inw"],
  ["westus", "wus"],
  ["westus2", "wus2"],
  ["westus3", "wus3"],
]);
