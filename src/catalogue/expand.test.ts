import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isAtOrBelow } from "../name/domain-name.ts";
import { displayName, knownName } from "../name/name-text.ts";
import { cloudOf, expandMembers, publicNames, type ServiceInputs } from "./expand.ts";
import { findGroup, findServiceType, type ServiceType, serviceTypes } from "./service-types.ts";

/** A service from `key=value` words: `name=…`, `location=…`, `replica=…`, `names.MEMBER=…`; other keys are parameters. */
function service(text: string): ServiceInputs {
  const words = text.split(" ").map((word): readonly [string, string] => {
    const at = word.indexOf("=");
    return [word.slice(0, at), word.slice(at + 1)];
  });
  const valueOf = (key: string): string | undefined => words.find(([one]) => one === key)?.[1];
  const location = valueOf("location");
  return {
    name: valueOf("name") ?? "x",
    ...(location === undefined ? {} : { location }),
    replicas: words.filter(([key]) => key === "replica").map(([, value]) => value),
    parameters: new Map(words.filter(([key]) => !/^(name|location|replica|names\..*)$/.test(key))),
    names: new Map(
      words
        .filter(([key]) => key.startsWith("names."))
        .map(([key, value]) => [key.slice("names.".length), knownName(value)]),
    ),
  };
}

function typeOf(text: string): ServiceType {
  const type = findServiceType(text);
  if (type === undefined) throw new Error(`no type ${text}`);
  return type;
}

/** `member: public → private @ zone` per name, or the problem. */
function expanded(type: string, group: string, given: ServiceInputs): string[] {
  const found = findGroup(typeOf(type), group);
  if (found === undefined) throw new Error(`no group ${group}`);
  const expansion = expandMembers(typeOf(type), found, given);
  if (expansion.kind !== "members") return [expansion.problem];
  return expansion.members.flatMap(({ member, names }) =>
    names.map(({ publicName, privateName, zone }) => {
      const head = privateName.labels.slice(0, privateName.labels.length - zone.labels.length).join(".");
      return `${member}: ${displayName(publicName)} → ${head} @ ${displayName(zone)}`;
    }),
  );
}

describe("the names of a service", () => {
  test.each([
    {
      title: "a registry has a data endpoint per region, then its login server",
      ask: "azure/container-registry registry",
      given: "name=reg location=westeurope replica=northeurope replica=eastus",
      makes: [
        "registry_data_westeurope: reg.westeurope.data.azurecr.io → reg.westeurope.data @ privatelink.azurecr.io",
        "registry_data_northeurope: reg.northeurope.data.azurecr.io → reg.northeurope.data @ privatelink.azurecr.io",
        "registry_data_eastus: reg.eastus.data.azurecr.io → reg.eastus.data @ privatelink.azurecr.io",
        "registry: reg.azurecr.io → reg @ privatelink.azurecr.io",
      ],
    },
    {
      title: "a region may be written as people say it, and a replica at home counts once",
      ask: "Microsoft.ContainerRegistry/registries REGISTRY",
      given: "name=Reg location=WestEurope replica=westeurope",
      makes: [
        "registry_data_westeurope: Reg.westeurope.data.azurecr.io → Reg.westeurope.data @ privatelink.azurecr.io",
        "registry: Reg.azurecr.io → Reg @ privatelink.azurecr.io",
      ],
    },
    {
      title: "a government region has the government's names",
      ask: "azure/container-registry registry",
      given: "name=reg location=usgovvirginia",
      makes: [
        "registry_data_usgovvirginia: reg.usgovvirginia.data.azurecr.us → reg.usgovvirginia.data @ privatelink.azurecr.us",
        "registry: reg.azurecr.us → reg @ privatelink.azurecr.us",
      ],
    },
    {
      title: "storage has one name per group",
      ask: "azure/storage blob",
      given: "name=acct",
      makes: ["blob: acct.blob.core.windows.net → acct @ privatelink.blob.core.windows.net"],
    },
    {
      title: "a secondary of storage lies in the zone of its primary",
      ask: "azure/storage Blob_Secondary",
      given: "name=acct",
      makes: [
        "blob_secondary: acct-secondary.blob.core.windows.net → acct-secondary @ privatelink.blob.core.windows.net",
      ],
    },
    {
      title: "the cloud can be forced",
      ask: "azure/storage file_secondary",
      given: "name=acct location=westeurope cloud=china",
      makes: [
        "file_secondary: acct-secondary.file.core.chinacloudapi.cn → acct-secondary @ privatelink.file.core.chinacloudapi.cn",
      ],
    },
    {
      title: "a web app answers at its deployment name with the same address",
      ask: "azure/web-app sites",
      given: "name=app",
      makes: [
        "sites: app.azurewebsites.net → app @ privatelink.azurewebsites.net",
        "sites: app.scm.azurewebsites.net → app.scm @ privatelink.azurewebsites.net",
      ],
    },
    {
      title: "a key vault's zone is not below its public suffix",
      ask: "azure/key-vault vault",
      given: "name=kv",
      makes: ["vault: kv.vault.azure.net → kv @ privatelink.vaultcore.azure.net"],
    },
    {
      title: "a managed instance needs the prefix in its host name",
      ask: "azure/sql-managed-instance managedInstance",
      given: "name=mi dnsPrefix=a1b2c3",
      makes: ["managedInstance: mi.a1b2c3.database.windows.net → mi @ privatelink.a1b2c3.database.windows.net"],
    },
    {
      title: "a cluster lies in its region's zone",
      ask: "azure/kubernetes management",
      given: "name=aks location=westeurope",
      makes: ["management: aks.westeurope.azmk8s.io → aks @ privatelink.westeurope.azmk8s.io"],
    },
    {
      title: "a cluster with a subzone lies there instead",
      ask: "azure/kubernetes management",
      given: "name=aks location=westeurope subzone=team",
      makes: ["management: aks.team.westeurope.azmk8s.io → aks @ team.privatelink.westeurope.azmk8s.io"],
    },
    {
      title: "a name that lies in the private zone already is used as it is",
      ask: "azure/kubernetes management",
      given: "name=aks location=westeurope names.management=aks-1.id.privatelink.westeurope.azmk8s.io",
      makes: ["management: aks-1.id.privatelink.westeurope.azmk8s.io → aks-1.id @ privatelink.westeurope.azmk8s.io"],
    },
    {
      title: "a given name counts with its longest suffix",
      ask: "azure/health-data healthcareworkspace",
      given: "name=w names.healthcareworkspace=w-d.dicom.azurehealthcareapis.com",
      makes: [
        "healthcareworkspace: w-d.dicom.azurehealthcareapis.com → w-d @ privatelink.dicom.azurehealthcareapis.com",
      ],
    },
    {
      title: "a group whose names the platform chooses takes the given one",
      ask: "azure/elastic-san volumegroup",
      given: "name=san names.volumegroup=es-1.z2.blob.storage.azure.net",
      makes: ["volumegroup: es-1.z2.blob.storage.azure.net → es-1.z2 @ privatelink.blob.core.windows.net"],
    },
    {
      title: "a scope without a workspace has the provider's own names",
      ask: "azure/monitor azuremonitor",
      given: "name=ampls",
      makes: [
        ...["api", "global.in.ai", "profiler", "live", "diagservices-query", "snapshot"].map(
          (head) => `azuremonitor: ${head}.monitor.azure.com → ${head} @ privatelink.monitor.azure.com`,
        ),
        "azuremonitor: scadvisorcontent.blob.core.windows.net → scadvisorcontent @ privatelink.blob.core.windows.net",
      ],
    },
    {
      title: "a portal's name is the suffix itself, and its record the apex",
      ask: "azure/data-factory portal",
      given: "name=adf",
      makes: ["portal: adf.azure.com →  @ privatelink.adf.azure.com"],
    },
    {
      title: "a database account has a name per region where regions are known",
      ask: "azure/cosmos-db sql",
      given: "name=db location=westus replica=eastus",
      makes: [
        "db: db.documents.azure.com → db @ privatelink.documents.azure.com",
        "db-westus: db-westus.documents.azure.com → db-westus @ privatelink.documents.azure.com",
        "db-eastus: db-eastus.documents.azure.com → db-eastus @ privatelink.documents.azure.com",
      ],
    },
    {
      title: "a region's short code follows from the location",
      ask: "azure/automation Webhook",
      given: "name=id location=eastus2",
      makes: ["Webhook: id.webhook.eus2.azure-automation.net → id.webhook.eus2 @ privatelink.azure-automation.net"],
    },
    {
      title: "a short code that is given counts more",
      ask: "azure/automation webhook",
      given: "name=id location=eastus2 regionCode=zz",
      makes: ["Webhook: id.webhook.zz.azure-automation.net → id.webhook.zz @ privatelink.azure-automation.net"],
    },
  ])("$title", ({ ask, given, makes }) => {
    const [type = "", group = ""] = ask.split(" ");
    expect(expanded(type, group, service(given))).toEqual(makes);
  });

  test.each([
    { ask: "azure/container-registry registry", given: "name=r", says: /needs location: its names hold the region$/ },
    {
      ask: "azure/sql-managed-instance managedInstance",
      given: "name=m",
      says: /needs parameter dnsPrefix: the label/,
    },
    {
      ask: "azure/automation Webhook",
      given: "name=a",
      says: /needs location, or parameter regionCode: the short code/,
    },
    {
      ask: "azure/automation Webhook",
      given: "name=a location=atlantis",
      says: /needs parameter regionCode: the short/,
    },
    { ask: "azure/purview platform", given: "name=a", says: /needs parameter tenantId: the identifier of the tenant$/ },
    {
      ask: "azure/storage blob",
      given: "name=a cloud=moon",
      says: /cloud is "moon", expected commercial, usgov or china/,
    },
    { ask: "azure/storage file_secondary", given: "name=a", says: /has no group file_secondary in cloud commercial$/ },
    {
      ask: "azure/container-registry registry",
      given: "name=a location=chinaeast2",
      says: /no group registry in cloud china/,
    },
    { ask: "azure/elastic-san volumegroup", given: "name=a", says: /the platform chooses .*; give names.volumegroup$/ },
    { ask: "azure/storage blob", given: "name=a..b", says: /cannot make the name a..b.*: it has an empty label$/ },
    { ask: "azure/storage blob", given: `name=${"a".repeat(64)}`, says: /it has a label longer than 63 octets$/ },
    {
      ask: "azure/storage blob",
      given: `name=a names.blob=${["a", "b", "c"].map((one) => one.repeat(63)).join(".")}.${"d".repeat(28)}.blob.core.windows.net`,
      says: /is too long: below privatelink.blob.core.windows.net it has over 255 octets$/,
    },
    {
      ask: "azure/storage blob",
      given: "name=a names.blob=a.file.core.windows.net",
      says: /^a.file.core.windows.net is no name of azure\/storage: expected it below blob.core.windows.net$/,
    },
  ])("$ask of $given has none: it says why", ({ ask, given, says }) => {
    const [type = "", group = ""] = ask.split(" ");
    const [problem, ...more] = expanded(type, group, service(given));
    expect(problem).toMatch(says);
    expect(more).toEqual([]);
  });

  test("public names are those of every group the cloud offers, and what could not be named", () => {
    const names = publicNames(typeOf("azure/storage"), service("name=acct location=usgovtexas"));
    expect(names.problems).toEqual([]);
    const heads = names.names.map(({ publicName }) => displayName(publicName).split(".core")[0]);
    const both = (part: string): string[] => [`acct.${part}`, `acct-secondary.${part}`];
    // Groups stand in the order they are first published; file_secondary first appears in the government's rows.
    expect(heads).toEqual([
      ...["blob", "table", "queue"].flatMap(both),
      "acct.file",
      ...["web", "dfs"].flatMap(both),
      "acct-secondary.file",
    ]);
    const purview = publicNames(typeOf("azure/purview"), service("name=p"));
    expect(purview.names.map(({ group }) => group.name)).toEqual(["account", "portal"]);
    expect(purview.problems.map(({ group }) => group.name)).toEqual(["platform"]);
  });
});

test("a service without a location is commercial, and a forced cloud counts before the location", () => {
  expect(cloudOf(service("name=x"))).toBe("commercial");
  expect(cloudOf(service("name=x location=westeurope cloud=USGov"))).toBe("usgov");
});

describe("laws", () => {
  const text = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom("acct", "a.b", "*", "\\300", "\\", "", "usgovtexas", "china"),
  );
  const inputs = fc.record({
    name: text,
    location: text,
    replicas: fc.array(text, { maxLength: 3 }),
    parameters: fc.dictionary(
      fc.constantFrom("cloud", "dnsPrefix", "subzone", "workspaceId", "tenantId", "storage"),
      text,
    ),
  });

  test("any service of any type gives names inside their zones, or a problem in words", () => {
    fc.assert(
      fc.property(fc.constantFrom(...serviceTypes()), inputs, (type, { parameters, ...given }) => {
        const whole: ServiceInputs = { ...given, parameters: new Map(Object.entries(parameters)), names: new Map() };
        const { names, problems } = publicNames(type, whole);
        const extra = (key: string): boolean => names.filter(({ publicName }) => publicName.key === key).length === 1;
        return (
          names.every(({ privateName, zone, publicName }) => isAtOrBelow(privateName, zone) && extra(publicName.key)) &&
          problems.every(({ problem }) => problem.length > 10)
        );
      }),
    );
  });

  test("a name that a type makes, given by the user, leads to the same private name", () => {
    fc.assert(
      fc.property(fc.constantFrom(...serviceTypes()), fc.constantFrom("a", "web1"), (type, name) => {
        const given = service(`name=${name} location=westeurope`);
        for (const { member, publicName, privateName, group } of publicNames(type, given).names) {
          const again = expandMembers(type, group, { ...given, names: new Map([[member, publicName]]) });
          if (again.kind !== "members") return false;
          const [found] = again.members.filter((one) => one.member === member).flatMap(({ names }) => names);
          if (found?.privateName.key !== privateName.key) return false;
        }
        return true;
      }),
    );
  });
});
