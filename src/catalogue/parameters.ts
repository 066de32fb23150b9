/** A placeholder of a service's names, and how a user gives it. */
export interface ServiceParameter {
  readonly name: string;
  /** Without an optional one, the names that hold it are left out. */
  readonly required: boolean;
  /** What it is, as a noun phrase. */
  readonly meaning: string;
}

/** The key that forces the cloud; every type takes it. */
export const CLOUD_PARAMETER: ServiceParameter = {
  name: "cloud",
  required: false,
  meaning: "the cloud whose names are used: commercial, usgov or china (default: by location)",
};

/** Every placeholder that stands in a zone name or a name pattern, except `{name}`. */
const PARAMETERS: readonly ServiceParameter[] = [
  { name: "regionName", required: true, meaning: "the region in host names (default: the location)" },
  { name: "regionCode", required: true, meaning: "the short code of the region (default: by location)" },
  { name: "hostRegion", required: true, meaning: "the short region in the host name, as the platform shows it: weu" },
  { name: "dnsPrefix", required: true, meaning: "the label after the instance in its host name" },
  { name: "workspaceId", required: true, meaning: "the identifier of the workspace" },
  { name: "workspaceShard", required: true, meaning: "the shard in host names (default: by workspaceId)" },
  { name: "tenantId", required: true, meaning: "the identifier of the tenant" },
  { name: "workspace", required: false, meaning: "the identifier of a log workspace in the scope" },
  { name: "subzone", required: false, meaning: "the label of a custom zone below the region's" },
  { name: "partitionId", required: false, meaning: "the partition in the host name: 1, 2 …" },
  { name: "storage", required: false, meaning: "the storage account that the service keeps for itself" },
  { name: "secondaryStorage", required: false, meaning: "the same in the paired region" },
  { name: "fhirService", required: false, meaning: "a FHIR service of the workspace" },
  { name: "dicomService", required: false, meaning: "a DICOM service of the workspace" },
  { name: "eventHubNamespace", required: false, meaning: "the namespace of the built-in Event Hubs endpoint" },
  { name: "iotHub", required: false, meaning: "an IoT hub of the application" },
  { name: "provisioningService", required: false, meaning: "the provisioning service of the application" },
];

const BY_NAME: ReadonlyMap<string, ServiceParameter> = new Map(PARAMETERS.map((one) => [one.name, one]));

/** @throws RangeError for a placeholder that the catalogue itself misspelt. */
export function parameterNamed(name: string): ServiceParameter {
  const parameter = BY_NAME.get(name);
  if (parameter === undefined) throw new RangeError(`a placeholder {${name}}`);
  return parameter;
}

/** The placeholders of a template, `{name}` included, in the order they stand. */
export function placeholdersOf(template: string): string[] {
  return [...template.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
}

export type FilledTemplate =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "missing"; readonly parameter: string };

/** Puts values in; the first placeholder without one is what is missing. */
export function fillTemplate(template: string, values: ReadonlyMap<string, string>): FilledTemplate {
  const parameter = placeholdersOf(template).find((name) => !values.has(name));
  if (parameter !== undefined) return { kind: "missing", parameter };
  const text = template.replace(/\{(\w+)\}/g, (_all, name: string) => values.get(name) ?? "");
  return { kind: "text", text };
}
