/** Azure's limits and values, as its documentation gives them. */

/** The SOA of a new private zone; its serial never moves. */
export const AZURE_ZONE_SOA = {
  mname: "azureprivatedns.net",
  rname: "azureprivatedns-host.microsoft.com",
  serial: 1,
  refresh: 3600,
  retry: 300,
  expire: 2419200,
  minimum: 10,
  /** Seconds the SOA itself lives when it is asked for. */
  ttl: 3600,
} as const;

/** Seconds. */
export const AZURE_TTLS = {
  /** Records an endpoint writes. */
  endpointRecord: 10,
  /** Records of a zone that say nothing. */
  record: 3600,
  min: 1,
  max: 2_147_483_647,
} as const;

/** Seconds that made public records live: the aliases of a service, the chain behind them, the address at its end. */
export const PUBLIC_TTLS = { alias: 3600, chain: 300, address: 10 } as const;

/** What Azure refuses beyond. */
export const limits = {
  recordSetsPerZone: 25_000,
  recordsPerRecordSet: 20,
  linksPerZone: 1000,
  registrationLinksPerZone: 100,
  zonesPerNetwork: 1000,
  zoneLabelsMin: 2,
  zoneLabelsMax: 34,
  txtRecordSetChars: 4096,
  zonesPerEndpoint: 5,
  endpointsPerRegistry: 200,
  rulesetsPerNetwork: 1,
  linksPerRuleset: 500,
  rulesPerRuleset: 1000,
  targetsPerRule: 6,
  inboundEndpointsPerNetwork: 5,
} as const;

/** What IBM Cloud's DNS refuses beyond; TTLs in seconds. */
export const IBM_LIMITS = { wildcardsPerZone: 5, ttlMin: 60, ttlMax: 43_200 } as const;

/** Types that a private zone of Azure holds. There is no NS among them: it delegates nothing. */
export const AZURE_ZONE_TYPES: readonly string[] = ["A", "AAAA", "CNAME", "MX", "PTR", "SOA", "SRV", "TXT"];

/** Names that no private zone of Azure may have: these alone, not what is below them. */
export const AZURE_RESERVED_ZONES: readonly string[] = words(`
  azclient.ms azure.com cloudapp.net core.windows.net microsoft.com msidentity.com trafficmanager.net windows.net
  azclient.us azure.us usgovcloudapp.net core.usgovcloudapi.net microsoft.us msidentity.us usgovtrafficmanager.net
  usgovcloudapi.net
  azclient.cn azure.cn chinacloudapp.cn core.chinacloudapi.cn microsoft.cn msidentity.cn trafficmanager.cn
  chinacloudapi.cn
`);

/** Domains that no zone of IBM Cloud's DNS may have, or be below. */
export const IBM_RESERVED_DOMAINS: readonly string[] = words(`
  ibm.com softlayer.com bluemix.net softlayer.local mybluemix.net networklayer.com ibmcloud.com pdnsibm.net
  appdomain.cloud compass.cobaltiron.com uptycs.io quay.io registry.access.redhat.com registry.redhat.io
  registry.connect.redhat.com
`);

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
