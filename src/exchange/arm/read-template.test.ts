import { describe, expect, test } from "vitest";
import { sourceFile } from "../../source/source-file.ts";
import { readJson } from "../azure/read-json.ts";
import { ownField, type Value } from "../azure/value.ts";
import { jsonOf } from "./_making.ts";
import { type ReadTemplate, readTemplate } from "./read-template.ts";

/** Reads the text of a template. */
function read(text: string, parameters: ReadonlyMap<string, Value> = new Map()): ReadTemplate {
  const json = readJson(sourceFile("t.json", text));
  if (json.kind === "problem") throw new Error(json.message);
  return readTemplate(json.value, { parameters, location: "westeurope" });
}

/** What an expression comes to, as JSON; what is unknown as the reason in angle brackets. */
function valueOf(expression: string, more = ""): string {
  const text = `{ ${more} "resources": [{ "type": "a.b/c", "name": "x", "properties": { "is": ${JSON.stringify(`[${expression}]`)} } }] }`;
  const is = ownField(ownField(read(text).resources[0]?.body, "properties"), "is");
  if (is === undefined) return "nothing";
  return is.kind === "unknown" ? `<${is.reason}>` : (jsonOf(is) ?? "<something in it>");
}

const SCOPE = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg";

describe("a function", () => {
  test.each([
    { of: "concat('a', 'b', 3)", is: '"ab3"' },
    { of: "concat(createArray(1), createArray('a'))", is: '[1,"a"]' },
    { of: "format('{0}-{1:D2}-{{}}', 'vnet', 7)", is: '"vnet-07-{}"' },
    { of: "format('{0}', true())", is: '"True"' },
    { of: "format('{0:N0}', 7)", is: "<format() knows the form D alone, not N0>" },
    { of: "format('{1}', 7)", is: "<format() has no argument {1}>" },
    { of: "join(createArray('a', 'b'), '.')", is: '"a.b"' },
    { of: "split('a.b-c', createArray('.', '-'))", is: '["a","b","c"]' },
    { of: "replace('a.b.c', '.', '-')", is: '"a-b-c"' },
    { of: "substring('privatelink.blob', 12)", is: '"blob"' },
    { of: "substring('privatelink.blob', 0, 7)", is: '"private"' },
    { of: "take('abc', 2)", is: '"ab"' },
    { of: "skip(createArray(1, 2, 3), 1)", is: "[2,3]" },
    { of: "first('abc')", is: '"a"' },
    { of: "last(createArray(1, 2))", is: "2" },
    { of: "toLower('A.Example')", is: '"a.example"' },
    { of: "toUpper('a')", is: '"A"' },
    { of: "trim(' a ')", is: '"a"' },
    { of: "padLeft(7, 3, '0')", is: '"007"' },
    { of: "startsWith('Privatelink.', 'private')", is: "true" },
    { of: "endsWith('a.Net', '.net')", is: "true" },
    { of: "indexOf('aba', 'B')", is: "1" },
    { of: "lastIndexOf('aba', 'a')", is: "2" },
    { of: "contains('corp.example', 'example')", is: "true" },
    { of: "contains(createArray('a'), 'A')", is: "false" },
    { of: "contains(createObject('Key', 1), 'key')", is: "true" },
    { of: "length('abc')", is: "3" },
    { of: "length(createObject('a', 1))", is: "1" },
    { of: "empty('')", is: "true" },
    { of: "empty(createArray(0))", is: "false" },
    { of: "string(createObject('a', createArray(1, null())))", is: '"{\\"a\\":[1,null]}"' },
    { of: "json('{\"a\": 1}').a", is: "1" },
    { of: "json('{')", is: "<json() is given text that is no JSON>" },
    { of: "base64ToString(base64('é'))", is: '"é"' },
    { of: "base64ToJson(base64('[1]'))", is: "[1]" },
    { of: "uri('http://a.example/', '/b')", is: '"http://a.example/b"' },
    { of: "uriComponent('a b/c')", is: '"a%20b%2Fc"' },
    { of: "uriComponentToString('a%20b')", is: '"a b"' },
    { of: "int('7')", is: "7" },
    { of: "int('x')", is: "<it is no number>" },
    { of: "add(1, mul(2, sub(7, 4)))", is: "7" },
    { of: "div(7, 2)", is: "3" },
    { of: "mod(7, 2)", is: "1" },
    { of: "div(1, 0)", is: "<it is no number>" },
    { of: "min(3, 1)", is: "1" },
    { of: "max(createArray(3, 1))", is: "3" },
    { of: "range(5, 3)", is: "[5,6,7]" },
    { of: "bool('true')", is: "true" },
    { of: "not(equals('a', 'A'))", is: "true" },
    { of: "xor(true(), true())", is: "false" },
    { of: "greater('b', 'a')", is: "true" },
    { of: "lessOrEquals(2, 2)", is: "true" },
    { of: "and(false(), newFunction())", is: "false" },
    { of: "or(true(), newFunction())", is: "true" },
    { of: "if(true(), 'a', newFunction())", is: '"a"' },
    { of: "coalesce(null(), 'a', newFunction())", is: '"a"' },
    {
      of: "union(createObject('a', createObject('b', 1)), createObject('a', createObject('c', 2)))",
      is: '{"a":{"b":1,"c":2}}',
    },
    { of: "union(createArray(1, 2), createArray(2, 3))", is: "[1,2,3]" },
    { of: "intersection(createArray(1, 2), createArray(2, 3))", is: "[2]" },
    { of: "flatten(createArray(createArray(1), createArray(2)))", is: "[1,2]" },
    { of: "items(createObject('b', 2, 'a', 1))[0].key", is: '"a"' },
    { of: "objectKeys(createObject('b', 2, 'a', 1))", is: '["a","b"]' },
    { of: "shallowMerge(createArray(createObject('a', 1), createObject('a', 2)))", is: '{"a":2}' },
    { of: "tryGet(createObject('a', createArray(1)), 'a', 5)", is: "null" },
    { of: "createObject('a', 1).?b", is: "null" },
    { of: "createObject('a', 1).b", is: "<there is no b in what it looks into>" },
    { of: "map(range(0, 2), lambda('i', add(lambdaVariables('i'), 10)))", is: "[10,11]" },
    { of: "filter(range(0, 4), lambda('i', equals(mod(lambdaVariables('i'), 2), 1)))", is: "[1,3]" },
    { of: "reduce(range(1, 3), 0, lambda('a', 'b', add(lambdaVariables('a'), lambdaVariables('b'))))", is: "6" },
    {
      of: "sort(createArray(2, 3, 1), lambda('a', 'b', less(lambdaVariables('a'), lambdaVariables('b'))))",
      is: "[1,2,3]",
    },
    { of: "toObject(createArray('a'), lambda('k', lambdaVariables('k')), lambda('k', 1))", is: '{"a":1}' },
    { of: "mapValues(createObject('a', 1), lambda('v', add(lambdaVariables('v'), 1)))", is: '{"a":2}' },
    { of: "groupBy(createArray('aa', 'ab', 'b'), lambda('v', first(lambdaVariables('v')))).a", is: '["aa","ab"]' },
    { of: "cidrSubnet('10.1.0.0/16', 24, 2)", is: '"10.1.2.0/24"' },
    { of: "cidrSubnet('10.1.0.0/16', 24, 256)", is: "<cidrSubnet() cannot be called with what it is given>" },
    { of: "cidrSubnet('fd00::/48', 64, 1)", is: '"fd00:0:0:1::/64"' },
    { of: "cidrHost('10.1.2.0/24', 3)", is: '"10.1.2.4"' },
    { of: "parseCidr('10.1.2.9/24').network", is: '"10.1.2.0"' },
    { of: "parseCidr('10.1.2.9/24').broadcast", is: '"10.1.2.255"' },
    { of: "parseCidr('10.1.2.9/24').netmask", is: '"255.255.255.0"' },
    { of: "parseCidr('10.1.2.9/24').lastUsable", is: '"10.1.2.254"' },
    { of: "resourceId('a.b/c/d', 'x', 'y')", is: `"${SCOPE}/providers/a.b/c/x/d/y"` },
    { of: "resourceId('s', 'g', 'a.b/c', 'x')", is: '"/subscriptions/s/resourceGroups/g/providers/a.b/c/x"' },
    { of: "extensionResourceId('/x', 'a.b/c', 'y')", is: '"/x/providers/a.b/c/y"' },
    { of: "resourceGroup().location", is: '"westeurope"' },
    { of: "subscription().tenantId", is: "<it is known once it is deployed>" },
    { of: "environment().suffixes.storage", is: '"core.windows.net"' },
    { of: "utcNow()", is: "<it is known once it is deployed>" },
    { of: "listKeys('x', '2023-01-01').keys[0]", is: "<it is known once it is deployed>" },
    { of: "newFunction(1)", is: "<the function newfunction() is not one that privlink has>" },
    { of: "concat('a', newFunction(1))", is: "<the function newfunction() is not one that privlink has>" },
    {
      of: "concat('a'",
      is: "<the expression cannot be read: a comma or a closing parenthesis is expected, found the end>",
    },
    { of: "copyIndex()", is: "<copyIndex() stands outside a copy loop>" },
    { of: "'it''s'", is: '"it\'s"' },
  ])("$of is $is", ({ of, is }) => {
    expect(valueOf(of)).toBe(is);
  });

  test("that the template declares is called with its own parameters", () => {
    const functions = `"functions": [{ "namespace": "n", "members": { "twice": {
      "parameters": [{ "name": "of" }], "output": { "value": "[concat(parameters('of'), parameters('of'))]" } } } }],`;
    expect(valueOf("n.twice('ab')", functions)).toBe('"abab"');
  });

  test("that runs for ever ends as an unknown value", () => {
    const functions = `"functions": [{ "namespace": "n", "members": { "again": { "output": { "value": "[n.again()]" } } } }],`;
    expect(valueOf("n.again()", functions)).toBe("<evaluating it takes too long>");
  });
});

/** The names that a template deploys, in order. */
function namesOf(text: string): string[] {
  return read(text).resources.map(({ id }) => id.split("/").at(-1) ?? "");
}

describe("a loop", () => {
  test("of a resource deploys it once a turn", () => {
    expect(
      namesOf(
        `{ "resources": [{ "type": "a.b/c", "name": "[format('n{0}', copyIndex(1))]", "copy": { "name": "l", "count": 3 } }] }`,
      ),
    ).toEqual(["n1", "n2", "n3"]);
  });

  test("of a property, a variable, a part of a variable and an output makes a list", () => {
    const text = `{
      "variables": {
        "copy": [{ "name": "whole", "count": 2, "input": "[copyIndex('whole')]" }],
        "part": { "copy": [{ "name": "of", "count": 2, "input": "[concat('p', string(copyIndex('of')))]" }] }
      },
      "resources": [
        { "type": "a.b/c", "name": "x", "properties": {
          "copy": [{ "name": "list", "count": 2, "input": { "i": "[copyIndex('list')]" } }],
          "whole": "[variables('whole')]", "part": "[variables('part').of]",
          "output": "[reference('inner').outputs.all.value]" } },
        { "type": "Microsoft.Resources/deployments", "name": "inner", "properties": { "template": {
          "resources": [], "outputs": { "all": { "type": "array", "copy": { "count": 2, "input": "[copyIndex()]" } } } } } }
      ] }`;
    const properties = ownField(read(text).resources[0]?.body, "properties");
    expect(properties === undefined ? undefined : JSON.parse(jsonOf(properties) ?? "null")).toEqual({
      list: [{ i: 0 }, { i: 1 }],
      whole: [0, 1],
      part: ["p0", "p1"],
      output: [0, 1],
    });
  });

  test("around a nested template of the outer scope holds in it", () => {
    const nested = (scope: string): string => `{ "resources": [{ "type": "Microsoft.Resources/deployments",
      "name": "[concat('d', string(copyIndex()))]", "copy": { "name": "loop", "count": 2 },
      "properties": { ${scope} "template": { "resources": [
        { "type": "a.b/c", "name": "[concat('n', string(copyIndex('loop')), string(copyIndex()))]" } ] } } }] }`;
    expect(namesOf(nested(""))).toEqual(["n00", "n11"]);
    const inner = read(nested('"expressionEvaluationOptions": { "scope": "inner" },'));
    expect(inner.unmapped.map(({ reason }) => reason)).toContain(
      "its name is not known: copyIndex() stands outside a copy loop",
    );
    expect(inner.resources.length).toBe(2);
  });
});

describe("a nested template", () => {
  const nested = (scope: string): string => `{
    "variables": { "name": "outer" },
    "functions": [{ "namespace": "n", "members": { "f": { "output": { "value": "of-outer" } } } }],
    "resources": [{ "type": "Microsoft.Resources/deployments", "name": "d", "properties": {
      "expressionEvaluationOptions": { "scope": "${scope}" },
      "parameters": { "given": { "value": "[variables('name')]" } },
      "template": { "parameters": { "given": { "type": "string" } }, "variables": { "name": "inner" },
        "functions": [{ "namespace": "n", "members": { "f": { "output": { "value": "of-inner" } } } }],
        "resources": [
          { "type": "a.b/c", "name": "[variables('name')]" },
          { "type": "a.b/c", "name": "[n.f()]" }${scope === "inner" ? `, { "type": "a.b/c", "name": "[parameters('given')]" }` : ""} ] } } }] }`;

  test.each([
    { scope: "outer", names: ["outer", "of-outer"] },
    { scope: "inner", names: ["inner", "of-inner", "outer"] },
  ])("of the $scope scope means $names", ({ scope, names }) => {
    expect(namesOf(nested(scope))).toEqual(names);
  });
});

describe("a template with symbolic names, as Bicep builds it", () => {
  test("refers to resources by symbol, to turns of loops by their number, and leaves out what exists", () => {
    const text = `{ "languageVersion": "2.0", "resources": {
      "one": { "type": "a.b/c", "name": "x", "properties": { "p": "of-one" } },
      "many": { "type": "a.b/c", "name": "[format('m{0}', copyIndex())]", "copy": { "name": "many", "count": 2 },
                "properties": { "p": "[copyIndex()]" } },
      "there": { "existing": true, "type": "a.b/c", "name": "old" },
      "asks": { "type": "a.b/c", "name": "y", "properties": {
        "one": "[reference('one').p]", "second": "[reference('many[1]').p]", "formatted": "[reference(format('many[{0}]', 0)).p]",
        "all": "[map(references('many'), lambda('m', lambdaVariables('m').p))]", "id": "[resourceInfo('many[1]').name]" } } } }`;
    const { resources, unmapped } = read(text);
    const properties = ownField(resources.find(({ names }) => names[0] === "y")?.body, "properties");
    expect(properties === undefined ? undefined : JSON.parse(jsonOf(properties) ?? "null")).toEqual({
      one: "of-one",
      second: 1,
      formatted: 0,
      all: [0, 1],
      id: "m1",
    });
    expect(unmapped.map(({ origin, reason }) => `${origin.text}: ${reason}`)).toEqual([
      "a.b/c old: it exists already, and is not deployed here: import what says more of it beside this",
    ]);
  });
});

test("a condition that is false leaves a resource out, one that is unknown keeps it, and both are told", () => {
  const text = `{ "resources": [
    { "type": "a.b/c", "name": "no", "condition": "[equals(1, 2)]" },
    { "type": "a.b/c", "name": "perhaps", "condition": "[newFunction()]" },
    { "type": "a.b/c", "name": "yes", "condition": true } ] }`;
  expect(namesOf(text)).toEqual(["perhaps", "yes"]);
  expect(read(text).unmapped.map(({ origin, reason }) => `${origin.text}: ${reason}`)).toEqual([
    "a.b/c no: its condition is false",
    "a.b/c perhaps: whether it is deployed is not known, it is taken as deployed: the function newfunction() is not one that privlink has",
  ]);
});
