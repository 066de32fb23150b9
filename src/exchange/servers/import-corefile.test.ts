import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { displayName } from "../../name/name-text.ts";
import { positionOf, sourceFile } from "../../source/source-file.ts";
import type { Draft } from "../draft.ts";
import { importCorefile } from "./import-corefile.ts";
import type { ReadServerFile } from "./server-files.ts";

const FILES: Readonly<Record<string, string>> = {
  "corp.zone": "@ 300 SOA ns h 1 2 3 4 5\nwww 300 A 10.0.0.80\n",
  "zones/db.a.example": "@ 300 SOA ns h 1 2 3 4 5\n",
  "shared.conf": "forward . 192.0.2.1\n",
};

function readCore(text: string): Draft {
  const port: ReadServerFile = (path) => {
    const found = FILES[path];
    return found === undefined
      ? { kind: "problem", message: "does not exist" }
      : { kind: "file", file: sourceFile(path, found, "octets") };
  };
  return importCorefile(sourceFile("Corefile", text), port, (folder) =>
    folder === "zones" ? ["zones/db.a.example"] : undefined,
  );
}

function told({ unmapped }: Draft): string[] {
  return unmapped.map(
    ({ what, reason, origin: { place } }) => `${place === undefined ? "?" : positionOf(place).line} ${what}: ${reason}`,
  );
}

function shape({ networks, zones, rulesets }: Draft) {
  return {
    networks: Object.fromEntries(networks.map(({ name, prefixes = [] }) => [name, prefixes.join(" ")])),
    zones: zones.map(({ name, links }) => `${name}: ${links.map(({ network }) => network).join(" ")}`),
    rules: rulesets.flatMap(({ links, forward }) =>
      forward.map(({ domain, to }) => `${links.join()} ${displayName(domain)} ${to.length}`),
    ),
  };
}

describe("server blocks are in the model, or told with their place", () => {
  test("a view is a network; a block without one is everybody's, but where a view has the zone itself", () => {
    const draft = readCore(`corp.example {
  view hub {
    expr incidr(client_ip(), '10.0.0.0/16') && !(incidr(client_ip(), '10.0.9.0/24'))
  }
  file corp.zone
}
corp.example other.example:53 {
  forward . 192.0.2.1 192.0.2.2:5300
}
`);
    expect(told(draft)).toEqual([]);
    expect(shape(draft)).toEqual({
      networks: { hub: "10.0.0.0/16", clients: "0.0.0.0/0 ::/0 10.0.9.0/24" },
      zones: ["corp.example: hub"],
      rules: ["clients corp.example 2", "clients other.example 2"],
    });
  });

  test("snippets and files are imported, auto takes a folder, hosts are names of their own, one server needs no braces", () => {
    const draft = readCore(`(hosts) {
  hosts {
    10.0.0.9 nas.home.example nas2.home.example
    no_reverse
    fallthrough
  }
}
. {
  import hosts
  import shared.conf
  auto {
    directory zones
  }
}
`);
    expect(told(draft)).toEqual([]);
    expect(shape(draft).zones).toEqual([
      "nas.home.example: clients",
      "nas2.home.example: clients",
      "a.example: clients",
    ]);
    expect(shape(draft).rules).toEqual(["clients . 1"]);
    expect(shape(readCore("example.org\nfile corp.zone")).zones).toEqual(["example.org: clients"]);
    expect(shape(readCore("10.1.0.0/16 {\n file corp.zone\n}")).zones).toEqual(["1.10.in-addr.arpa: clients"]);
  });

  test.each([
    { text: ". {\n cache 30\n}", says: ["2 plugin cache: it changes no answer"] },
    {
      text: ". {\n kubernetes cluster.local\n}",
      says: ["2 plugin kubernetes: its names are those of a cluster: export them as a zone file"],
    },
    {
      text: ". {\n rewrite name a b\n}",
      says: ["2 plugin rewrite: names are rewritten: write them as aliases of a zone, or as a rule"],
    },
    { text: ". {\n strange\n}", says: ["2 plugin strange: the model has nothing like it"] },
    { text: ". {\n file gone.zone\n}", says: ["2 plugin file: gone.zone does not exist"] },
    { text: ". {\n forward . /etc/resolv.conf\n}", says: ["2 plugin forward: /etc/resolv.conf is no address"] },
    {
      text: ". {\n view x {\n expr type() == 'A'\n }\n}",
      says: ["2 view: its expression asks for more than addresses: nobody sees it here"],
    },
    { text: ".:5353 {\n}", says: ["1 address of a server block: see the listeners of the topology"] },
    { text: "import gone\n", says: ["1 import: gone does not exist, and no snippet is called so"] },
    { text: ". {\n file corp.zone", says: ["1 syntax: this brace is not closed"] },
  ])("$text", ({ text, says }) => {
    expect(told(readCore(text))).toEqual(says);
  });
});

test("any text ends in a draft", () => {
  const pieces = fc.constantFrom(
    ".",
    "{",
    "}",
    "\n",
    "file",
    "import",
    "(x)",
    "x",
    '"',
    "#",
    "\\",
    "view",
    "expr",
    "incidr(",
    "!",
    "forward",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (all) => {
      expect(readCore(all.join(" ")).endpoints).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

describe("no line is silent", () => {
  test.each([
    { says: "a snippet that nothing imports", text: "(idle) {\n  log\n}\n.", told: "1 snippet: nothing imports it" },
    {
      says: "more arguments of a view than its name",
      text: ". {\n  view a b {\n    expr true\n  }\n}",
      told: "2 plugin view: a view has a name and expressions",
    },
    {
      says: "what a view has beside its expressions",
      text: ". {\n  view a {\n    expr true\n    other x\n  }\n}",
      told: "4 plugin view: a view has a name and expressions",
    },
  ])("$says", ({ text, told: wanted }) => {
    expect(told(readCore(text))).toContain(wanted);
  });

  test("a snippet that is imported is not told", () => {
    expect(told(readCore("(used) {\n  forward . 192.0.2.1\n}\n. {\n  import used\n}")).join()).not.toContain("snippet");
  });
});
