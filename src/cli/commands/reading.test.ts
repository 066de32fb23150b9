import { afterAll, describe, expect, test } from "vitest";
import { EXAMPLE_FOLDER, makeFolder, run } from "../../../test/support/memory-io.ts";

const folder = makeFolder({
  "two.yaml": `
networks:
  hub: { prefixes: 10.0.0.0/16 }
  spoke: { prefixes: 10.1.0.0/16, dns: 10.0.0.4, hosts: { vm: { address: 10.1.0.9, dns: [10.1.0.77, internet] } } }
zones:
  corp.example:
    records: |
      www 60 A 10.0.0.9
      *.apps 60 CNAME www
    links: [{ network: hub, onMiss: internet }, { network: spoke, state: inProgress }, ]
  own.example: { records: "@ 60 TXT own", links: spoke }
resolvers:
  dns: { network: hub, address: 10.0.0.4, zones: own.example, forward: { a.corp.example: 10.1.0.5, corp.example: platform } }
`,
});
afterAll(() => folder.remove());

const here = (line: string): ReturnType<typeof run> => run(`${line} -c two.yaml`, folder.path);

describe("explain", () => {
  test("tells the decisions with file and line", async () => {
    expect(await run("explain myregistry.azurecr.io --from spoke", EXAMPLE_FOLDER)).toEqual({
      code: 0,
      stderr: "",
      stdout: `myregistry.azurecr.io A, asked from spoke

  1  resolver hub-forwarder (10.0.0.4) in network hub is asked for myregistry.azurecr.io A   [privlink.yaml:46]
  2  rule . sends myregistry.azurecr.io to platform   [privlink.yaml:46]
  3  the platform resolver of network hub (168.63.129.16) is asked for myregistry.azurecr.io A   [privlink.yaml:6]
  4  public zone azurecr.io: myregistry.azurecr.io is an alias of myregistry.privatelink.azurecr.io   [public/azurecr.io.zone:8]
  5  zone privatelink.azurecr.io, linked to network hub, is the longest match: myregistry.privatelink.azurecr.io A 10.0.0.7   [privlink.yaml:39, privlink.yaml:26]

     myregistry.azurecr.io. 2881 IN CNAME myregistry.privatelink.azurecr.io.
     myregistry.privatelink.azurecr.io. 10 IN A 10.0.0.7

→ 10.0.0.7 (private)
`,
    });
  });

  test("of several askers are several explanations, and as many documents", async () => {
    const text = await here("explain www.corp.example --from hub --from spoke");
    expect(text.stdout.match(/asked from \w+/g)).toEqual(["asked from hub", "asked from spoke"]);
    const json = await here("explain www.corp.example --from hub --from spoke -o json");
    const documents = json.stdout.split(/(?<=^}\n)/m).map((one): unknown => JSON.parse(one));
    expect(documents).toMatchObject([
      { schema: "privlink/explanation/v1", from: "hub", resolver: "hub/platform", outcome: "answer" },
      { schema: "privlink/explanation/v1", from: "spoke", resolver: "dns", outcome: "answer" },
    ]);
  });

  test.each([
    { line: "explain A www.corp.example --from hub", says: "www.corp.example A, asked from hub" },
    { line: "explain www.corp.example TYPE65280 --from hub", says: "www.corp.example TYPE65280, asked from hub" },
    { line: "explain bücher.example --from hub", says: "xn--bcher-kva.example A, asked from hub" },
    { line: "explain a\\.b.corp.example --from hub", says: "a\\.b.corp.example A, asked from hub" },
    { line: "explain mx --from hub", says: "mx A, asked from hub" },
  ])("$line", async ({ line, says }) => {
    const { code, stdout } = await here(line);
    expect({ code, first: stdout.split("\n")[0] }).toEqual({ code: 0, first: says });
  });

  test("says where to look when nobody is named", async () => {
    const { code, stdout, stderr } = await here("explain www.corp.example");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr.split("\n")[0]).toBe("privlink explain: --from WHO is missing: there are hub, spoke, internet");
  });
});

describe("list", () => {
  test.each([
    {
      line: "list networks",
      stdout: `NETWORK   KIND      PREFIXES      CLIENTS   DNS        ZONES   HOSTS   PEERS   SOURCE
hub       generic   10.0.0.0/16   -         platform   1       -       -       two.yaml:3
spoke     generic   10.1.0.0/16   -         10.0.0.4   2       vm      -       two.yaml:4
`,
    },
    {
      line: "list link",
      stdout: `ZONE           NETWORK   ON-MISS    STATE        SOURCE
corp.example   hub       internet   completed    two.yaml:10
corp.example   spoke     nxdomain   inProgress   two.yaml:10
own.example    spoke     nxdomain   completed    two.yaml:11
`,
    },
    {
      line: "list resolvers",
      stdout: `RESOLVER         KIND        NETWORK   ADDRESSES   ZONES   FORWARD                                        SOURCE
hub/platform     platform    hub       -           1       -                                              two.yaml:3
spoke/platform   platform    spoke     -           1       -                                              two.yaml:4
dns              forwarder   hub       10.0.0.4    1       a.corp.example=10.1.0.5,corp.example=platform   two.yaml:13
internet         internet    -         -           0       -                                              -
`,
    },
    { line: "list services", stdout: "SERVICE   TYPE   LOCATION   REPLICAS   PUBLIC-ACCESS   ENDPOINTS   SOURCE\n" },
  ])("$line", async ({ line, stdout }) => {
    const ran = await here(line);
    expect(squeezed(ran.stdout)).toEqual(squeezed(stdout));
    expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: "" });
  });

  test("without a kind is every kind, and as JSON one document", async () => {
    const table = await here("list");
    expect(table.stdout.split("\n\n").map((one) => one.split(" ")[0])).toEqual([
      "NETWORK",
      "ZONE",
      "ZONE",
      "SERVICE",
      "ENDPOINT",
      "RULESET",
      "RESOLVER",
      "NAME",
    ]);
    const { stdout } = await here("list -o json");
    const document: unknown = JSON.parse(stdout);
    expect(document).toMatchObject({
      schema: "privlink/list/v1",
      networks: [
        { network: "hub", zones: 1 },
        { network: "spoke", hosts: ["vm"] },
      ],
      zones: [{ zone: "corp.example", records: 2, links: ["hub", "spoke"] }, { zone: "own.example" }],
      services: [],
    });
  });

  test("names are those that have records, with where", async () => {
    const { stdout } = await here("list names");
    expect(squeezed(stdout)).toContain("www.corp.example A zone:corp.example -");
    expect(squeezed(stdout)).toContain("*.apps.corp.example CNAME zone:corp.example -");
  });
});

/** Lines with one space between words: how wide a column is, is the table's affair. */
function squeezed(text: string): string[] {
  return text.split("\n").map((line) => line.replace(/ +/g, " "));
}

describe("what providers make by themselves", () => {
  const cloud = makeFolder({
    "privlink.yaml": `
networks:
  aws: { kind: aws, prefixes: 10.0.0.0/16, forward: { corp.example: 10.0.0.53 } }
  ibm: { kind: ibm, prefixes: 10.1.0.0/16 }
endpoints:
  gateway: { network: ibm, service: ibm/container-registry@us-south, address: 10.1.0.5 }
`,
  });
  afterAll(() => cloud.remove());

  test("is seen: a zone with its endpoint, and how zones and rules are compared", async () => {
    const ibm = (await run("view ibm", cloud.path)).stdout;
    expect(ibm).toMatch(/ibm\/icr\.io +\d+ +by gateway +nxdomain/);
    expect(ibm).toContain("1  zones, the longest match alone\n");
    expect((await run("view aws", cloud.path)).stdout).toContain(
      "1  zones, the longest match alone, or a rule that is as long",
    );
  });

  test("is listed: the zone, the service that nobody declares, the resolver that knows public data alone", async () => {
    expect((await run("list zones", cloud.path)).stdout).toMatch(/ibm\/icr\.io +icr\.io +\d+ +ibm +nxdomain/);
    expect((await run("list services", cloud.path)).stdout).toMatch(/ibm\/container-registry@us-south .*us-south/);
    expect((await run("list resolvers", cloud.path)).stdout).toMatch(
      /ibm\/public +public +ibm +161\.26\.0\.10,161\.26\.0\.11/,
    );
  });
});

describe("view", () => {
  test("shows whom the clients ask, what stands there in order, and what they do not see", async () => {
    const { code, stdout, stderr } = await here("view spoke");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(squeezed(stdout)).toEqual(
      squeezed(`network spoke (generic) 10.1.0.0/16
  asks 10.0.0.4: resolver dns (10.0.0.4) in network hub
  vm@spoke asks 10.1.0.77: does not answer: no resolver stands at 10.1.0.77 in network spoke
  vm@spoke asks internet: the internet

resolver dns (10.0.0.4) in network hub   [two.yaml:13]
1  zones, the longest match alone
     ZONE          RECORDS   LINK      ON-MISS    SOURCE
     own.example   1         its own   nxdomain   two.yaml:11
2  rules, the longest domain
     DOMAIN           TO         SOURCE
     a.corp.example   10.1.0.5   two.yaml:13
     corp.example     platform   two.yaml:13
3  built-in names: localhost, invalid, test, onion and 104 more
4  last: public data (0 records of services and the topology, 0 zones), then the simulated root: nothing else exists

the platform resolver of network hub   [two.yaml:3]
1  zones, the longest match alone
     ZONE           RECORDS   LINK   ON-MISS    SOURCE
     corp.example   2         hub    internet   two.yaml:10
2  rules, the longest domain: none
3  built-in names: localhost, invalid, test, onion and 104 more
4  last: public data (0 records of services and the topology, 0 zones), then the simulated root: nothing else exists
`),
    );
  });

  test("shows the private records when asked", async () => {
    const { stdout } = await here("view hub --records");
    expect(stdout).toContain(
      "     *.apps.corp.example. 60 IN CNAME www.corp.example.\n     www.corp.example. 60 IN A 10.0.0.9\n",
    );
    expect((await here("view hub")).stdout).not.toContain("www.corp.example");
  });

  test.each([
    { line: "view internet", first: "the internet" },
    { line: "view HUB", first: "network hub (generic) 10.0.0.0/16" },
    { line: "view dns", first: "resolver dns (10.0.0.4) in network hub   [two.yaml:13]" },
    { line: "view spoke/platform", first: "the platform resolver of network spoke   [two.yaml:4]" },
  ])("$line", async ({ line, first }) => {
    const { code, stdout } = await here(line);
    expect({ code, first: stdout.split("\n")[0] }).toEqual({ code: 0, first });
  });

  test("shows the rule for the root last, and not among the others", async () => {
    const { stdout } = await run("view onprem", EXAMPLE_FOLDER);
    expect(squeezed(stdout).slice(3, 9)).toEqual([
      "resolver onprem-dns (192.168.0.53) in network onprem [privlink.yaml:47]",
      "1 zones, the longest match alone: none",
      "2 rules, the longest domain",
      " DOMAIN TO SOURCE",
      " azurecr.io 10.0.0.4 privlink.yaml:47",
      "3 built-in names: localhost, invalid, test, onion and 104 more",
    ]);
    expect(stdout).toContain("\n4  last: rule . to internet   [privlink.yaml:47]\n");
  });

  test("of nobody cannot run", async () => {
    expect(await here("view spok")).toEqual({
      code: 1,
      stdout: "",
      stderr: "privlink: no network is called spok: did you mean spoke?\n",
    });
  });

  test("as JSON has a schema", async () => {
    const { stdout } = await here("view spoke -o json");
    expect(JSON.parse(stdout)).toMatchObject({
      schema: "privlink/view/v1",
      network: "spoke",
      asks: [{ server: "10.0.0.4", resolver: "dns" }],
      resolvers: [{ resolver: "dns", zones: [{ zone: "own.example", link: null }] }, { resolver: "hub/platform" }],
    });
  });
});

describe("catalogue", () => {
  test.each([
    { text: "azure/key-vault", has: "azure/key-vault   vault   commercial   vault.azure.net" },
    { text: "Microsoft.KeyVault/vaults", has: "privatelink.vaultcore.azure.net" },
    { text: "privatelink.azurecr.cn", has: undefined },
    {
      text: "azurecr.us",
      has: "azure/container-registry   registry   usgov   azurecr.us   privatelink.azurecr.us   registry_data_{regionName},registry",
    },
  ])("$text", async ({ text, has }) => {
    const { code, stdout } = await run(`catalogue ${text}`, folder.path);
    expect(code).toBe(has === undefined ? 1 : 0);
    if (has !== undefined) expect(squeezed(stdout).join("\n")).toContain(has.replace(/ +/g, " "));
    else expect(stdout).toBe("");
  });

  test("finds what people call a service, and says so", async () => {
    const { code, stdout, stderr } = await run("catalogue acr", folder.path);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: "privlink: nothing is called acr; the nearest is azure/container-registry\n",
    });
    expect(stdout).toContain("privatelink.azurecr.io");
  });

  test("holds every type once per group, cloud and zone, also as JSON", async () => {
    const table = await run("catalogue", folder.path);
    const json = await run("catalogue -o json", folder.path);
    const document: unknown = JSON.parse(json.stdout);
    expect(document).toHaveProperty("schema", "privlink/catalogue/v1");
    const lines = table.stdout.trimEnd().split("\n");
    expect(new Set(lines).size).toBe(lines.length);
    expect(lines.length).toBeGreaterThan(150);
    expect(document).toHaveProperty(`rows.length`, lines.length - 1);
  });
});

test("a command without a topology at hand works on the example, and says so", async () => {
  const { code, stderr } = await run("list zones", folder.path);
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /^privlink: no privlink\.yaml here and none named with -c: the built-in example, .*zones\/privlink\.yaml\n$/,
  );
});
