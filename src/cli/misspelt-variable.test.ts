import {
  array,
  assert,
  asyncProperty,
  constant,
  constantFrom,
  integer,
  ipV4,
  ipV6,
  oneof,
  record,
  stringMatching,
} from "fast-check";
import { describe, expect, test } from "vitest";
import { run } from "../../test/support/memory-io.ts";
import { serviceLinks } from "../../test/support/service-links.ts";
import { COMMANDS } from "./command-list.ts";
import { misspeltVariable } from "./misspelt-variable.ts";
import { parseArguments } from "./parse-arguments.ts";

const DNS = serviceLinks("privlink", "10.96.0.53", [
  { name: "dns", port: 53, protocol: "UDP" },
  { name: "dns-tcp", port: 53, protocol: "TCP" },
  { name: "metrics", port: 9153, protocol: "TCP" },
]);

describe("a service called privlink", () => {
  test("sets what Kubernetes documents", () => {
    expect(DNS).toMatchObject({
      PRIVLINK_SERVICE_HOST: "10.96.0.53",
      PRIVLINK_SERVICE_PORT: "53",
      PRIVLINK_SERVICE_PORT_DNS_TCP: "53",
      PRIVLINK_PORT: "udp://10.96.0.53:53",
      PRIVLINK_PORT_9153_TCP_ADDR: "10.96.0.53",
    });
  });

  const label = stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/);
  const service = oneof(
    constant("privlink"),
    label.map((end) => `privlink-${end}`),
  );
  const port = record({
    name: label,
    port: integer({ min: 1, max: 65_535 }),
    protocol: constantFrom("TCP" as const, "UDP" as const, "SCTP" as const),
  });
  const address = oneof(ipV4(), ipV6());

  test.each(COMMANDS)("or anything behind it is nothing to $name", async (listed) => {
    const command = await listed.load();
    const without = parseArguments(command, [], {});
    await assert(
      asyncProperty(service, address, array(port, { maxLength: 4 }), async (name, at, ports) => {
        const env = serviceLinks(name, at, ports);
        expect(parseArguments(command, [], env)).toEqual(without);
        expect(await misspeltVariable(command, env)).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });
});

describe("a variable that is no twin", () => {
  test.each([
    {
      env: { PRIVLINK_LISTN: "127.0.0.1:0" },
      says: "PRIVLINK_LISTN means nothing to it: did you mean PRIVLINK_LISTEN?",
    },
    {
      env: { ...DNS, PRIVLINK_QUERYLOG: "1" },
      says: "PRIVLINK_QUERYLOG means nothing to it: did you mean PRIVLINK_QUERY_LOG?",
    },
    {
      env: { PRIVLINK_PORT: "5353" },
      says: "PRIVLINK_PORT means nothing to it: did you mean PRIVLINK_LISTEN=127.0.0.1:5353?",
    },
  ])("is an error with $env: $says", async ({ env, says }) => {
    const { code, stderr } = await run("version", "/", { env });
    expect({ code, said: stderr.split("\n")[0] }).toEqual({ code: 1, said: `privlink version: ${says}` });
  });

  test.each([
    { env: { PRIVLINK_OUTPUT: "text", PRIVLINK_LISTEN: "127.0.0.1:0" }, because: "one is a twin of another command" },
    { env: { PRIVLINK_DEPLOYED_BY: "us", PRIVLINK_X: "1" }, because: "they are near no twin" },
    { env: { PRIVLINK_LISTN: "x" }, line: "version --help", because: "help is help" },
  ])("is left alone with $env: $because", async ({ env, line = "version" }) => {
    expect(await run(line, "/", { env })).toMatchObject({ code: 0, stderr: "" });
  });

  test("does not hide what is wrong with a twin", async () => {
    const { code, stderr } = await run("serve", "/", { env: { ...DNS, PRIVLINK_LISTEN: "nowhere" } });
    expect(code).toBe(1);
    expect(stderr).toContain("--listen: nowhere is no ADDR:PORT");
  });
});
