import { describe, expect, test } from "vitest";
import { loadText } from "../../test/support/memory-files.ts";
import { applyEdits } from "../diagnostics/apply-edits.ts";
import { renderCompact } from "../report/compact.ts";
import { testOffline } from "./run-offline.ts";
import { updateOf } from "./update.ts";

const MODEL = `networks: { hub: { prefixes: 10.0.0.0/16 }, spoke: }
zones:
  corp.example:
    links: hub
    records: |
      www CNAME web
      web 60 A 10.0.0.7
      web 60 A 10.0.0.8
      mail 300 A 10.0.0.9
      mail 300 TXT "x: # y"
public: { upstream: 192.0.2.53, onMiss: upstream, records: "corp.example. 60 A 198.51.100.1\\nmail.corp.example. 60 A 198.51.100.9\\n" }
expect:
`;

function update(expectations: string) {
  const { snapshot, diagnostics } = loadText(MODEL + expectations);
  expect(diagnostics.map(renderCompact)).toEqual([]);
  const { edits, left } = updateOf(testOffline(snapshot, snapshot.topology.expectations));
  const whole = MODEL + expectations;
  return {
    edits,
    text: applyEdits(whole, edits)?.slice(MODEL.length),
    left: left.map(({ why }) => why),
  };
}

describe("what failed is made to hold, and nothing else is touched", () => {
  test.each([
    {
      what: "an address, comments beside it kept",
      before: "  - { from: hub, name: mail.corp.example, resolves: 10.0.0.1 } # the old one\n",
      after: "  - { from: hub, name: mail.corp.example, resolves: 10.0.0.9 } # the old one\n",
    },
    {
      what: "one address that became two",
      before: "  - { from: hub, name: web.corp.example, resolves: 10.0.0.7 }\n",
      after: "  - { from: hub, name: web.corp.example, resolves: [10.0.0.7, 10.0.0.8] }\n",
    },
    {
      what: "a block, with what stands behind it",
      before:
        "  - from: hub\n    name: mail.corp.example\n    resolves:\n      - 10.0.0.7\n      - 10.0.0.8\n\n    # why\n    tags: smoke\n",
      after:
        "  - from: hub\n    name: mail.corp.example\n    resolves:\n      10.0.0.9\n\n    # why\n    tags: smoke\n",
    },
    {
      what: "whose data it is",
      before: "  - { from: hub, name: mail.corp.example, is: public, ttl: { max: 600 } }\n",
      after: "  - { from: hub, name: mail.corp.example, is: private, ttl: { max: 600 } }\n",
    },
    {
      what: "the chain and the bound of a TTL",
      before: "  - { from: hub, name: www.corp.example, via: other.example, ttl: { min: 5, max: 10 } }\n",
      after: "  - { from: hub, name: www.corp.example, via: web.corp.example, ttl: { min: 5, max: 3600 } }\n",
    },
    {
      what: "text that YAML must quote",
      before: "  - { from: hub, name: mail.corp.example, type: TXT, resolves: y }\n",
      after: '  - { from: hub, name: mail.corp.example, type: TXT, resolves: "\\"x: # y\\"" }\n',
    },
    {
      what: "an answer that is a denial now, where no value could say so",
      before: "  - { from: hub, name: no.corp.example, is: private, tags: [smoke], because: it must }\n",
      after: '  - { from: hub, name: no.corp.example, resolves: nxdomain, tags: smoke, because: "it must" }\n',
    },
    {
      what: "askers that get different answers",
      before:
        "  - { from: [hub, spoke], name: mail.corp.example, resolves: 10.0.0.1 }\n  - { from: hub, name: a.net, resolves: unknown }\n",
      after:
        "  - { from: hub, name: mail.corp.example, resolves: 10.0.0.9 }\n  - { from: spoke, name: mail.corp.example, resolves: 198.51.100.9 }\n  - { from: hub, name: a.net, resolves: unknown }\n",
    },
    {
      what: "a list on one line",
      before: "  [{ from: [hub, spoke], name: mail.corp.example, is: private }]\n",
      after:
        "  [{ from: hub, name: mail.corp.example, is: private }, { from: spoke, name: mail.corp.example, is: public }]\n",
    },
    {
      what: "a pattern, by the names that fit it",
      before:
        "  - { from: hub, name: 'w*.corp.example', resolves: 10.0.0.7 }\n  - { from: hub, name: '*ma*.corp.example', is: public }\n",
      after:
        "  - { from: hub, name: 'w*.corp.example', resolves: [10.0.0.7, 10.0.0.8] }\n  - { from: hub, name: '*ma*.corp.example', is: private }\n",
    },
    {
      what: "nothing where all holds",
      before: "  - { from: hub, name: mail.corp.example, resolves: 10.0.0.9 }\n",
      after: "  - { from: hub, name: mail.corp.example, resolves: 10.0.0.9 }\n",
    },
  ])("$what", ({ before, after }) => {
    const { text, left } = update(before);
    expect({ text, left }).toEqual({ text: after, left: [] });
    const { snapshot } = loadText(MODEL + (text ?? ""));
    expect(testOffline(snapshot, snapshot.topology.expectations).filter(({ verdict }) => verdict === "failed")).toEqual(
      [],
    );
  });
});

describe("what a person must decide is left, with why", () => {
  test.each([
    {
      text: "  - { from: hub, name: mail.corp.example, not: { is: private } }\n",
      why: "it forbids what is answered: change it by hand",
    },
    {
      text: "  - from: hub\n    name: mail.corp.example\n    resolves:\n      - 10.0.0.7 # web\n      - 10.0.0.8\n",
      why: "a comment stands inside its resolves: change it by hand",
    },
    {
      text: "  - from: [hub, spoke]\n    # both\n    name: mail.corp.example\n    resolves: 10.0.0.7\n",
      why: "its answers differ, and a comment stands inside it: change it by hand",
    },
    {
      text: "  - { from: hub, name: mail.corp.example, resolves: &web 10.0.0.7 }\n",
      why: "its resolves is shared by an anchor: change it by hand",
    },
    {
      text: "  - { from: hub, name: [mail.corp.example, a.net], resolves: 10.0.0.7 }\n",
      why: "it is unknown: 192.0.2.53 would be asked",
    },
    { text: "  - { from: hub, name: '*.nowhere.net', is: private }\n", why: "no name fits its pattern" },
    {
      text: "  from: [hub, spoke]\n  name: mail.corp.example\n  is: private\n",
      why: "its answers differ: write it as a list, or change it by hand",
    },
  ])("$why", ({ text, why }) => {
    expect(update(text)).toEqual({ text, left: [why], edits: [] });
  });
});
