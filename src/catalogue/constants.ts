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
  registrationZonesPerNetwork: 1,
  zoneLabelsMin: 2,
  zoneLabelsMax: 34,
  txtRecordSetChars: 4096,
  zonesPerEndpoint: 5,
  endpointsPerRegistry: 200,
  targetsPerRule: 6,
} as const;
