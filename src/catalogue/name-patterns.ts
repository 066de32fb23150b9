/**
 * How services build their names, where it is more than `{name}` and the suffix. The rows publish suffixes only: the heads
 * are what such names are known to look like, and not all of them are confirmed. What a service chooses at random (a hash
 * in a host name) no pattern can know. In both cases `names` of a service says it.
 */

/** A member of a group: what has an address of its own, and the names that lead to it. */
export interface MemberPattern {
  readonly member: string;
  /** `always` needs a region; `whenKnown` makes members only for the regions that are given. */
  readonly perRegion?: "always" | "whenKnown";
  readonly names: readonly NamePattern[];
}

export interface NamePattern {
  /** What stands before the public suffix, and before the private zone; empty = the suffix itself is the name. */
  readonly head: string;
  /** How the suffix begins; absent = the first door of the row. A row without such a door does not have the name. */
  readonly door?: string;
  /** Not when this parameter is given: the name lies in another zone then. */
  readonly unless?: string;
}

/** The members of a group, in the order the platform gives them addresses. A member without names needs the user's. */
export function memberPatterns(type: string, group: string): readonly MemberPattern[] {
  return PATTERNS.get(patternKey(type, group)) ?? [{ member: group, names: [{ head: "{name}" }] }];
}

function patternKey(type: string, group: string): string {
  return `${type} ${group.toLowerCase()}`;
}

/** One member, called like its group. */
function one(type: string, group: string, ...names: (string | NamePattern)[]): [string, readonly MemberPattern[]] {
  const patterns = names.map((name) => (typeof name === "string" ? { head: name } : name));
  return [patternKey(type, group), [{ member: group, names: patterns }]];
}

function several(type: string, group: string, ...members: MemberPattern[]): [string, readonly MemberPattern[]] {
  return [patternKey(type, group), members];
}

/** A database account answers at one name for everywhere, and at one per region. */
function cosmos(group: string): [string, readonly MemberPattern[]] {
  return several(
    "azure/cosmos-db",
    group,
    { member: "{name}", names: [{ head: "{name}" }] },
    { member: "{name}-{regionName}", perRegion: "whenKnown", names: [{ head: "{name}-{regionName}" }] },
  );
}

/** The storage account that a service keeps for itself. */
function storageOf(head: string): readonly NamePattern[] {
  return ["blob.", "queue.", "table."].map((door) => ({ head, door }));
}

const PATTERNS: ReadonlyMap<string, readonly MemberPattern[]> = new Map([
  several(
    "azure/container-registry",
    "registry",
    {
      member: "registry_data_{regionName}",
      perRegion: "always",
      names: [{ head: "{name}.{regionName}.data" }],
    },
    { member: "registry", names: [{ head: "{name}" }] },
  ),
  ...["blob", "table", "queue", "file", "web", "dfs"].map((part) =>
    one("azure/storage", `${part}_secondary`, "{name}-secondary"),
  ),
  one("azure/web-app", "sites", "{name}", "{name}.scm"),
  ...["Sql", "MongoDB", "Cassandra", "Gremlin", "Table"].map(cosmos),
  one("azure/cosmos-db-postgresql", "coordinator", "c-{name}"),

  one(
    "azure/monitor",
    "azuremonitor",
    ...["api", "global.in.ai", "profiler", "live", "diagservices-query", "snapshot"].map((head) => ({
      head,
      door: "monitor.",
    })),
    { head: "", door: "adx.monitor." },
    { head: "{workspace}", door: "oms." },
    { head: "{workspace}", door: "ods." },
    { head: "{workspace}", door: "agentsvc." },
    { head: "scadvisorcontent", door: "blob." },
  ),
  one(
    "azure/arc",
    "hybridcompute",
    { head: "gbl", door: "his." },
    { head: "{regionCode}", door: "his." },
    { head: "agentserviceapi", door: "guestconfiguration." },
    { head: "{regionName}-gas", door: "guestconfiguration." },
    { head: "{regionName}", door: "dp." },
  ),
  one("azure/automation", "Webhook", "{name}.webhook.{regionCode}"),
  one("azure/automation", "DSCAndHybridWorker", "{name}.agentsvc.{regionCode}", "{name}.jrds.{regionCode}"),
  one("azure/recovery-vault", "AzureBackup", "{name}", ...storageOf("{storage}")),
  one("azure/recovery-vault", "AzureBackup_secondary", "{name}-secondary", ...storageOf("{secondaryStorage}")),
  one("azure/recovery-vault", "AzureSiteRecovery", "{name}.{regionCode}"),
  one("azure/resource-manager", "ResourceManagement", "management"),
  one("azure/purview", "platform", "{tenantId}-api"),
  one("azure/grafana", "grafana", "{name}.{hostRegion}"),
  one("azure/attestation", "standard", "{name}.{hostRegion}"),

  several(
    "azure/machine-learning",
    "amlworkspace",
    {
      member: "default",
      names: [
        { head: "{workspaceId}.workspace.{regionName}", door: "api." },
        { head: "{workspaceId}.workspace.{regionName}.cert", door: "api." },
      ],
    },
    { member: "notebook", names: [{ head: "ml-{name}-{regionName}-{workspaceId}.{regionName}", door: "notebooks." }] },
    { member: "inference", names: [{ head: "*.{workspaceId}.inference.{regionName}", door: "api." }] },
  ),
  one(
    "azure/ai-services",
    "account",
    ...["cognitiveservices.", "openai.", "services.ai."].map((door) => ({ head: "{name}", door })),
  ),
  one("azure/synapse", "SqlOnDemand", "{name}-ondemand"),
  one("azure/synapse-studio", "Web", "web"),
  one("azure/data-factory", "dataFactory", "{name}.{regionName}"),
  one("azure/data-factory", "portal", ""),
  one("azure/hdinsight", "gateway", "{name}", "{name}-int"),
  one("azure/hdinsight", "headnode", "{name}-ssh"),
  one("azure/data-explorer", "cluster", "{name}", "ingest-{name}", ...storageOf("{storage}")),
  one(
    "azure/power-bi",
    "tenant",
    { head: "{tenantId}-api", door: "analysis." },
    { head: "{tenantId}", door: "pbidedicated." },
    { head: "{tenantId}", door: "prod.powerquery." },
  ),
  one("azure/databricks", "browser_authentication", "{regionName}.pl-auth"),
  one("azure/fabric", "workspace", "{workspaceId}.z{workspaceShard}.w.api"),

  one("azure/batch", "batchAccount", "{name}.{regionName}"),
  one("azure/batch", "nodeManagement", "{name}.{regionName}.service"),
  one("azure/virtual-desktop-workspace", "global", "rdweb"),
  one(
    "azure/kubernetes",
    "management",
    { head: "{name}", door: "{regionName}.", unless: "subzone" },
    { head: "{name}", door: "{subzone}." },
  ),
  one("azure/container-apps", "managedEnvironments", "{name}", "*.{name}"),
  one(
    "azure/static-web-app",
    "staticSites",
    { head: "{name}", door: "azurestaticapps.", unless: "partitionId" },
    { head: "{name}", door: "{partitionId}." },
  ),
  one("azure/redis-enterprise", "redisEnterprise", "{name}.{regionName}"),
  one("azure/managed-redis", "redisEnterprise", "{name}.{regionName}"),
  one("azure/file-sync", "afs", "{name}.{regionName}"),
  one("azure/elastic-san", "volumegroup"),

  one("azure/event-grid-topic", "topic", "{name}.{regionName}"),
  one("azure/event-grid-domain", "domain", "{name}.{regionName}"),
  one("azure/event-grid-namespace", "topic", "{name}.{regionName}-1"),
  one("azure/event-grid-namespace", "topicSpace", "{name}.{regionName}-1"),
  one("azure/event-grid-partner-namespace", "partnernamespace", "{name}.{regionName}-1"),
  one(
    "azure/health-data",
    "healthcareworkspace",
    { head: "{name}.workspace", door: "azurehealthcareapis." },
    { head: "{name}-{fhirService}.fhir", door: "azurehealthcareapis." },
    { head: "{name}", door: "workspace." },
    { head: "{name}-{fhirService}", door: "fhir." },
    { head: "{name}-{dicomService}", door: "dicom." },
  ),
  one("azure/iot-hub", "iotHub", "{name}", { head: "{eventHubNamespace}", door: "servicebus." }),
  one(
    "azure/iot-central",
    "iotApp",
    "{name}",
    { head: "{iotHub}", door: "azure-devices." },
    { head: "{eventHubNamespace}", door: "servicebus." },
    { head: "{provisioningService}", door: "azure-devices-provisioning." },
  ),
  one("azure/digital-twins", "API", "{name}.api.{hostRegion}"),
  one("azure/media", "keydelivery", "{name}.keydelivery.{regionName}"),
  one("azure/media", "liveevent", "{name}.liveevent.{regionName}"),
  one("azure/media", "streamingendpoint", "{name}.streamingendpoint.{regionName}"),
]);
