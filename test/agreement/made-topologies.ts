import * as fc from "fast-check";

/**
 * Topologies as people write them, small and crowded: few names, so that zones, rules and aliases meet. Each is the text
 * of a file that loads without an error.
 */
export const madeTopology: fc.Arbitrary<string> = fc
  .record({
    networks: fc.array(
      fc.record({
        kind: fc.constantFrom("generic", "azure", "aws", "gcp"),
        dns: fc.constantFrom("platform", "platform", "forwarder", "office", "8.8.8.8"),
        host: fc.option(fc.constantFrom("8.8.8.8", "forwarder", "platform"), { nil: undefined }),
      }),
      { minLength: 2, maxLength: 3 },
    ),
    zones: fc.uniqueArray(
      fc.record({
        name: fc.constantFrom(
          "corp.example",
          "dev.corp.example",
          "privatelink.svc.example",
          "api.example",
          "shop.example.org",
        ),
        links: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
        lines: fc.integer({ min: 1, max: 15 }),
        onMiss: fc.constantFrom("nxdomain", "nxdomain", "internet"),
      }),
      { minLength: 2, maxLength: 4, selector: ({ name }) => name },
    ),
    publicLines: fc.integer({ min: 1, max: 31 }),
    rules: fc.subarray([
      "corp.example: inbound",
      "svc.example: forwarder",
      "example.org: internet",
      "dead.example: 10.200.0.9",
    ]),
    aliases: fc.constantFrom("trust", "chase"),
  })
  .map(({ networks, zones, publicLines, rules, aliases }) =>
    [
      "networks:",
      ...networks.flatMap(({ kind, dns, host }, i) => [
        `  network${i}:`,
        `    kind: ${kind}`,
        `    prefixes: [10.${i}.0.0/16${i === 1 ? ", 10.0.128.0/17" : ""}]`,
        ...(dns === "platform" ? [] : [`    dns: ${dns}`]),
        "    platform: 169.254.169.253",
        ...(host === undefined ? [] : ["    hosts:", `      vm: { address: 10.${i}.0.9, dns: ${host} }`]),
      ]),
      "resolvers:",
      "  forwarder: { network: network0, address: 10.0.0.4, forward: { '.': platform } }",
      "  inbound: { network: network0, address: 10.0.0.5 }",
      "  office:",
      "    network: network1",
      "    address: 10.1.0.4",
      `    aliases: ${aliases}`,
      "    forward:",
      ...rules.map((rule) => `      ${rule}`),
      '      ".": internet',
      "zones:",
      ...zones.flatMap(({ name, links, lines, onMiss }) => [
        `  ${name}:`,
        `    onMiss: ${onMiss}`,
        `    links: [${networks.flatMap((_, i) => (links[i] === true ? [`network${i}`] : [])).join(", ")}]`,
        "    records: |",
        ...chosen(ZONE_LINES, lines).map((line) => `      ${line}`),
      ]),
      "public:",
      "  records: |",
      ...chosen(PUBLIC_LINES, publicLines).map((line) => `    ${line}`),
      "",
    ].join("\n"),
  );

const ZONE_LINES = [
  "@ 60 A 10.9.0.1\n      @ 60 MX 10 mail\n      mail 60 A 10.9.0.2",
  "www 30 CNAME web\n      web 30 A 10.9.0.3\n      web 30 A 10.9.0.4\n      out 30 CNAME acct.svc.example.",
  '*.apps 30 A 10.9.0.5\n      fixed.apps 30 TXT "a text" "of two"\n      a.b.deep 20 AAAA fd00::9',
  "acct 10 A 10.9.0.6\n      _sip._tcp 10 SRV 1 2 5060 web\n      gone 10 CNAME nowhere.invalid.example.",
];

const PUBLIC_LINES = [
  "acct.svc.example. 60 CNAME acct.privatelink.svc.example.\n    acct.privatelink.svc.example. 60 CNAME edge.example.net.",
  "edge.example.net. 60 A 198.51.100.7\n    edge.example.net. 60 AAAA 2001:db8::7",
  "www.shop.example.org. 60 A 198.51.100.8\n    www.corp.example. 60 CNAME www.shop.example.org.",
  "api.example. 60 A 198.51.100.9\n    acct.api.example. 60 TXT public",
  "pub.dev.corp.example. 60 A 198.51.100.10",
];

/** The lines whose bit is set. */
function chosen(lines: readonly string[], bits: number): readonly string[] {
  return lines.filter((_, i) => ((bits >> i) & 1) === 1);
}
