/** What one key of a topology takes. */
export interface KeyEntry {
  /** A trailing `+` is one or more; `map(x)` is name → x; `ref(x)` is a key or unique name of one. */
  readonly type: string;
  readonly meaning: string;
  /** What holds without the key, in words; absent: nothing. */
  readonly default?: string;
  readonly required?: true;
}

/** A key with the object it stands in: one row of `docs/topology.md`. */
export interface AcceptedKey extends KeyEntry {
  readonly object: ObjectName;
  readonly key: string;
}

const ID = { type: "text", meaning: "identifier in the platform; shown, never interpreted" } as const;

/**
 * Every key that is accepted, by the object it stands in. The one place for it: reading, "did you mean", the schema and
 * the documents all look here.
 */
export const KEYS = {
  topology: {
    version: { type: "count", default: "1", meaning: "format of this file" },
    include: { type: "text+", meaning: "more files, or patterns of them, relative to this one" },
    defaults: { type: "defaults", meaning: "values for what does not say itself, here and in included files" },
    networks: { type: "map(network)", meaning: "who asks" },
    zones: { type: "map(zone)", meaning: "private zones" },
    rulesets: { type: "map(ruleset)", meaning: "forwarding rules that networks share" },
    resolvers: { type: "map(resolver)", meaning: "DNS servers that stand in a network" },
    services: { type: "map(service)", meaning: "things with public names" },
    endpoints: { type: "map(endpoint)", meaning: "private addresses of services in a network" },
    public: { type: "public", meaning: "what the internet says" },
    listen: { type: "listen+", default: "127.0.0.1:5300", meaning: "where privlink answers, and as whom" },
    expect: { type: "expect+", meaning: "expectations, or files of them" },
    assume: { type: "assume", meaning: "switches for what no vendor documents" },
  },
  defaults: {
    network: { type: "network", meaning: "partial network" },
    zone: { type: "zone", meaning: "partial zone" },
    ruleset: { type: "ruleset", meaning: "partial ruleset" },
    resolver: { type: "resolver", meaning: "partial resolver" },
    service: { type: "service", meaning: "partial service" },
    endpoint: { type: "endpoint", meaning: "partial endpoint" },
  },
  network: {
    kind: {
      type: "generic|azure|aws|gcp|ibm|ibm-classic|kubernetes|on-premises",
      default: "generic",
      meaning: "the provider's profile",
    },
    location: { type: "text", meaning: "region" },
    prefixes: { type: "cidr+", meaning: "addresses of its machines: who asks, and what is reachable" },
    clients: { type: "cidr+", meaning: "stand-ins: decide only who asks; unique in the model" },
    subnets: { type: "map(cidr)", meaning: "name → prefix, for addresses of endpoints" },
    dns: { type: "server+", default: "platform (on-premises: internet)", meaning: "servers its clients use, in order" },
    forward: { type: "map(rule)", meaning: "domain → rule, for its platform resolver alone" },
    platform: { type: "ip+", default: "of the kind", meaning: "addresses of its platform resolver" },
    peers: { type: "ref(network)+", meaning: "networks it reaches, both ways; never shares DNS" },
    transit: { type: "bool", default: "false", meaning: "its peers reach one another through it" },
    routes: { type: "cidr+", default: "of the kind", meaning: "further addresses its machines reach, one way" },
    egress: { type: "bool", default: "true", meaning: "whether its machines reach public addresses" },
    hosts: { type: "map(host)", meaning: "machines" },
    aws: { type: "aws", meaning: "what only AWS has" },
    ibm: { type: "ibm", meaning: "what only IBM Cloud's classic networks have" },
    gcp: { type: "gcp", meaning: "what only Google Cloud has" },
    id: ID,
  },
  aws: {
    dnsSupport: { type: "bool", default: "true", meaning: "enableDnsSupport: whether there is a platform resolver" },
    dnsHostnames: {
      type: "bool",
      default: "true",
      meaning: "enableDnsHostnames (AWS: false): both, or no private zone is seen",
    },
  },
  ibm: {
    vrf: { type: "bool", default: "true", meaning: "whether virtual routing and forwarding is on" },
    serviceEndpoints: { type: "bool", default: "true", meaning: "with vrf: whether 166.8.0.0/14 is reached" },
  },
  gcp: {
    project: {
      type: "text",
      meaning: "the project of its machines, which have names by it: HOST.ZONE.c.PROJECT.internal",
    },
    names: { type: "zonal|global+", default: "zonal", meaning: "with the zone of the machine in them, or without" },
  },
  host: {
    address: { type: "cidr+", required: true, meaning: "address, or a prefix of many; may stand for the host" },
    dns: { type: "server+", default: "the network's", meaning: "DNS servers of this machine" },
    clients: { type: "cidr+", meaning: "stand-ins that ask as this host" },
    location: { type: "text", default: "the network's", meaning: "gcp: the zone it runs in, as in europe-west1-b" },
    registered: { type: "bool", default: "true", meaning: "it appears where a link says registration" },
  },
  zone: {
    name: { type: "domain", default: "the key after its last /", meaning: "origin" },
    file: { type: "text+", meaning: "master files of this one zone" },
    folder: { type: "text", meaning: "instead: every *.zone file below is a zone with these links" },
    records: { type: "zonetext+", meaning: "master-file lines, beside or instead of file" },
    links: { type: "link+", meaning: "networks that see it" },
    onMiss: { type: "nxdomain|internet", default: "nxdomain", meaning: "what becomes of a name that is missing here" },
    ttl: { type: "ttl", default: "of the kind", meaning: "for records without one" },
    soa: { type: "zonetext", default: "of the kind", meaning: "SOA rdata when no file has one" },
    id: ID,
  },
  link: {
    network: { type: "ref(network)+", required: true, meaning: "a key, a pattern or all; may stand for the link" },
    onMiss: { type: "nxdomain|internet", default: "the zone's", meaning: "as above, for these networks" },
    registration: { type: "bool", default: "false", meaning: "hosts of the network appear in the zone" },
    state: { type: "completed|inProgress", default: "completed", meaning: "inProgress does not count yet" },
    name: { type: "text", meaning: "the link's own name" },
  },
  ruleset: {
    name: { type: "text", default: "the key after its last /", meaning: "what the platform calls it; shown" },
    links: { type: "ref(network)+", meaning: "networks whose platform resolvers obey it" },
    network: { type: "ref(network)", default: "each linked one", meaning: "where its questions leave" },
    forward: { type: "map(rule)", required: true, meaning: "domain → rule, longest suffix" },
    order: {
      type: "before-zones|with-zones|after-zones",
      default: "of the kind",
      meaning: "against linked zones",
    },
    id: ID,
  },
  rule: {
    to: { type: "target+", meaning: "targets in order; may stand for the rule" },
    view: { type: "ref(network)", meaning: "instead: answered as that network's platform resolver would" },
    answer: { type: "zonetext", meaning: "instead: answered here; lines [TTL] TYPE DATA" },
    enabled: { type: "bool", default: "true", meaning: "false: as if the rule were not there" },
  },
  resolver: {
    network: {
      type: "ref(network)",
      default: "required where there are networks",
      meaning: "where it stands: whose links count, what it reaches",
    },
    address: { type: "addrport+", meaning: "where it is asked (port 53); without: by name only" },
    forward: { type: "map(rule)", meaning: "domain → rule, longest suffix" },
    zones: { type: "ref(zone)+", meaning: "zones it holds itself, linked or not" },
    external: {
      type: "bool",
      default: "false",
      meaning: "a real server: asked over the wire; offline, what its zones do not say is unknown",
    },
    aliases: {
      type: "trust|chase",
      default: "trust",
      meaning: "an alias in a target's reply: passed on with the rest, or asked of its own rules",
    },
    failover: {
      type: "no-reply|servfail|refused|notimp+",
      default: "no-reply",
      meaning: "what of a target makes it ask the next one",
    },
    tls: { type: "domain", meaning: "external: asked over TLS (port 853), its certificate must have this name" },
    order: { type: "listed|fastest", default: "listed", meaning: "external: which of its addresses is asked first" },
    proxy: {
      type: "none|send",
      default: "none",
      meaning: "external: whether it is sent a PROXY v2 header for each client",
    },
    clientSubnet: {
      type: "clientSubnet",
      default: "false",
      meaning: "external: how much of a client's address it is told",
    },
    cache: { type: "cache", default: "true", meaning: "how it keeps answers of real servers, while serving" },
    id: ID,
  },
  service: {
    name: { type: "text", default: "the key after its last /", meaning: "resource name: the label in its names" },
    type: { type: "text", required: true, meaning: "a type of the catalogue, or the platform's own type name" },
    location: { type: "text", meaning: "region" },
    replicas: { type: "text+", meaning: "further regions" },
    parameters: { type: "map(text)", meaning: "other placeholders of the catalogue" },
    names: { type: "map(domain)", default: "from the type", meaning: "member → public name" },
    chain: { type: "domain+", default: "made from the type", meaning: "public aliases before the address" },
    address: { type: "ip+", default: "198.18.0.0/15, by name", meaning: "public address" },
    ttl: { type: "ttl", default: "of the type", meaning: "of the made public records" },
    publicNetworkAccess: { type: "enabled|disabled", default: "enabled", meaning: "whether the public door opens" },
    allow: { type: "cidr+", default: "everyone", meaning: "public clients let in" },
    publicAlias: {
      type: "always|whenApproved|whenAny|never",
      default: "assume.publicAlias",
      meaning: "when the public name points to its privatelink name",
    },
    id: ID,
  },
  endpoint: {
    network: { type: "ref(network)", required: true, meaning: "where it stands" },
    service: {
      type: "ref(service)|TYPE@LOCATION",
      required: true,
      meaning: "whose it is; or one that the provider runs for everybody",
    },
    group: { type: "text", default: "the type's only one", meaning: "sub-resource" },
    subnet: { type: "text", default: "the network's only one", meaning: "where addresses are taken from" },
    address: { type: "ip+ or map(ip+)", default: "allocated", meaning: "for each name, or member → address" },
    static: { type: "bool", default: "false", meaning: "reserved by hand: a new replica gets none" },
    connection: { type: "approved|pending|rejected|disconnected", default: "approved", meaning: "state" },
    privateDns: { type: "ref(zone)+|auto|none", default: "auto", meaning: "zones its records are written to" },
    names: { type: "domain+", default: "from the type", meaning: "what a gateway publishes that chooses its names" },
    ttl: { type: "ttl", default: "of the kind", meaning: "of its records" },
    id: ID,
  },
  public: {
    zones: { type: "text+", meaning: "folders or master files" },
    records: { type: "zonetext+", meaning: "lines with absolute owners; each name simply exists" },
    upstream: { type: "address+", default: "offline", meaning: "real resolvers: IP, IP:PORT or tls://NAME@IP" },
    order: { type: "listed|fastest", default: "listed", meaning: "which upstream is asked first" },
    onMiss: { type: "nxdomain|upstream", default: "upstream when there is one", meaning: "a name missing above" },
    cache: { type: "cache", default: "true", meaning: "how resolvers that do not say so themselves keep answers" },
    proxy: {
      type: "none|send",
      default: "none",
      meaning: "whether the upstream is sent a PROXY v2 header for each client",
    },
    clientSubnet: {
      type: "clientSubnet",
      default: "false",
      meaning: "how much of a client's address the upstream is told",
    },
  },
  cache: {
    keep: { type: "bool", default: "true", meaning: "whether answers are kept; may stand for the cache" },
    size: { type: "size", default: "32MiB", meaning: "public alone: octets of all kept answers, of every resolver" },
    maxTtl: { type: "ttl", default: "1d", meaning: "the longest that an answer is kept" },
    maxNegativeTtl: { type: "ttl", default: "1h", meaning: "the longest that a denial is kept" },
    stale: { type: "ttl", default: "0", meaning: "how long after its end an answer is given where no server replies" },
    prefetch: {
      type: "bool",
      default: "false",
      meaning: "whether what is asked for near its end is fetched before it",
    },
  },
  clientSubnet: {
    send: {
      type: "bool",
      default: "true",
      meaning: "whether it is told at all (EDNS client subnet); may stand for it",
    },
    ipv4: { type: "0 to 32", default: "24", meaning: "bits of an IPv4 address at most" },
    ipv6: { type: "0 to 128", default: "56", meaning: "bits of an IPv6 address at most" },
  },
  listen: {
    address: { type: "addrport", required: true, meaning: "ADDR:PORT, port 0 = any; may stand for the listener" },
    network: { type: "ref(network)", default: "the client's own", meaning: "everybody who asks here stands in it" },
    resolver: {
      type: "ref(resolver)|platform|NETWORK/platform",
      default: "the network's dns",
      meaning: "this socket is that resolver",
    },
    authoritative: { type: "bool", default: "false", meaning: "zone data as an authoritative server gives it" },
    zones: {
      type: "ref(zone)+",
      default: "the network's and the public ones",
      meaning: "authoritative: the zones it serves",
    },
    trust: { type: "cidr+", default: "loopback", meaning: "peers believed about the client's address" },
    proxy: { type: "none|required", default: "none", meaning: "whether trusted peers put a PROXY v2 header in front" },
    maxTtl: { type: "ttl", meaning: "cap on TTLs of replies" },
    maxUdpSize: { type: "512 to 4096", default: "1232", meaning: "octets of a UDP reply at most, and of a UDP query" },
    unreachable: {
      type: "servfail|drop",
      default: "servfail",
      meaning: "what a client gets whose own server does not answer: drop is no reply",
    },
    ede: { type: "full|code|off", default: "full", meaning: "how much of why is told at most; strangers get the code" },
    rateLimit: { type: "rateLimit", default: "true", meaning: "how many replies strangers get over UDP" },
  },
  rateLimit: {
    limit: { type: "bool", default: "true", meaning: "whether they are limited at all; may stand for it" },
    responsesPerSecond: {
      type: "1 to 1000000",
      default: "50",
      meaning: "replies that say the same, to one /24 or /56",
    },
    allPerSecond: { type: "1 to 1000000", default: "500", meaning: "replies to one /24 or /56, whatever they say" },
    slip: {
      type: "0 to 100",
      default: "2",
      meaning: "of so many replies over a limit one goes out truncated; 0: none",
    },
  },
  expect: {
    from: { type: "asker+", required: true, meaning: "NETWORK, HOST@NETWORK, an address, a pattern, all or internet" },
    ask: { type: "server", default: "the asker's own", meaning: "a resolver, an address or platform" },
    name: {
      type: "domain+",
      required: true,
      meaning: "the names asked; a pattern is every name of the model that fits",
    },
    type: { type: "text+", default: "A", meaning: "the record types asked" },
    resolves: {
      type: "text+",
      meaning: "addresses, prefixes, rdata, or nxdomain nodata servfail refused no-reply unknown",
    },
    is: { type: "private|public", meaning: "whose data the answer is: a private zone's, or the internet's" },
    via: { type: "domain+", meaning: "names the chain passes" },
    ttl: { type: "ttl or bounds", meaning: "seconds that every record of the answer has, aliases included" },
    not: { type: "not", meaning: "what must not hold" },
    tags: { type: "text+", meaning: "words to choose it by" },
    because: { type: "text", meaning: "why it must hold: shown when it does not" },
  },
  not: {
    resolves: { type: "text+", meaning: "as above" },
    is: { type: "private|public", meaning: "as above" },
    via: { type: "domain+", meaning: "as above" },
    ttl: { type: "ttl or bounds", meaning: "as above" },
  },
  bounds: {
    min: { type: "ttl", meaning: "at least so many" },
    max: { type: "ttl", meaning: "at most so many" },
  },
  assume: {
    publicAlias: {
      type: "always|whenApproved|whenAny|never",
      default: "whenApproved",
      meaning: "azure: when the public privatelink alias exists",
    },
    reachability: { type: "enforce|ignore", default: "enforce", meaning: "whether a target without a path is silent" },
    reenter: {
      type: "all|private",
      default: "all",
      meaning: "aws, gcp, ibm: whether aliases in public data come back to private zones",
    },
    azureRules: {
      type: "after-zones|with-zones",
      default: "after-zones",
      meaning: "azure: whether a rule longer than a linked zone counts before it",
    },
    reservedNames: {
      type: "bool",
      default: "true",
      meaning: "azure: whether a . rule leaves the domains that Azure reserves alone",
    },
    ruleAliases: {
      type: "chase|trust",
      default: "chase",
      meaning: "clouds: whether an alias from a rule's target comes back to private zones",
    },
    redirectThrough: {
      type: "internet|rules",
      default: "internet",
      meaning: "azure: where onMiss: internet sends a name that a rule is there for",
    },
    redirectNodata: {
      type: "bool",
      default: "false",
      meaning: "azure: whether onMiss: internet works for a missing type as well",
    },
  },
} as const satisfies Record<string, Record<string, KeyEntry>>;

/** What a topology is made of, as the table calls it. */
export type ObjectName = keyof typeof KEYS;

/** The keys of one object. */
export type KeyOf<O extends ObjectName> = keyof (typeof KEYS)[O] & string;

/** Keys that every file may have at its top and nobody reads: a home for YAML anchors. */
export const IGNORED_KEY = /^x-/;

/** Every accepted key with its row, in the order of the table: for documents and for editors' schemas. */
export function acceptedKeys(): readonly AcceptedKey[] {
  return objectNames().flatMap((object) =>
    Object.entries<KeyEntry>(KEYS[object]).map(([key, entry]) => ({ object, key, ...entry })),
  );
}

function objectNames(): ObjectName[] {
  return Object.keys(KEYS).filter(isObjectName);
}

function isObjectName(text: string): text is ObjectName {
  return Object.hasOwn(KEYS, text);
}
