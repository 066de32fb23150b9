import { describe, expect, test } from "vitest";
import { here } from "../../test/loopback.ts";
import { listenProblem, systemCode } from "./listen-problem.ts";

function systemError(code: string): Error {
  return Object.assign(new Error(`bind ${code}`), { code });
}

describe("a listener that cannot be opened names the address, what is wrong and what to do", () => {
  test.each([
    { code: "EADDRINUSE", at: here("127.0.0.1", 53), says: "udp 127.0.0.1:53: port 53 is taken by another program" },
    {
      code: "EACCES",
      at: here("127.0.0.1", 53),
      says: "udp 127.0.0.1:53: ports below 1024 need root or the capability",
    },
    { code: "EACCES", at: here("::1", 1023), says: "udp [::1]:1023: ports below 1024 need root or the capability" },
    { code: "EACCES", at: here("::1", 1024), says: "udp [::1]:1024: the system does not allow to listen there" },
    { code: "EADDRNOTAVAIL", at: here("10.9.9.9", 53), says: "no interface of this machine has the address" },
    { code: "EAFNOSUPPORT", at: here("::1", 53), says: "this machine has no IPv6" },
    { code: "EINVAL", at: here("fe80::1", 53), says: "is listened on by asking for [::]" },
    { code: "EMFILE", at: here("127.0.0.1", 53), says: "raise the limit" },
    { code: "EIO", at: here("127.0.0.1", 53), says: "udp 127.0.0.1:53: bind EIO" },
  ])("$code at port $at.port: $says", ({ code, at, says }) => {
    const problem = listenProblem("udp", at, systemError(code), "linux");
    expect(problem).toMatchObject({ kind: "problem", transport: "udp", at, code });
    expect(problem.text).toContain(says);
    expect(problem.text).not.toMatch(/\.$/);
  });
});

test.each([
  { platform: "linux", code: "EADDRINUSE", at: here("127.0.0.1", 53), says: "`ss -lntup` names it" },
  { platform: "darwin", code: "EADDRINUSE", at: here("127.0.0.1", 53), says: "`lsof -nP -i :53` names it" },
  { platform: "win32", code: "EADDRINUSE", at: here("127.0.0.1", 53), says: "`netstat -abno` names it" },
  { platform: "linux", code: "EACCES", at: here("127.0.0.1", 53), says: "CAP_NET_BIND_SERVICE" },
  { platform: "darwin", code: "EACCES", at: here("127.0.0.1", 53), says: "ports below 1024 need root here" },
  { platform: "darwin", code: "EACCES", at: here("127.0.0.1", 5300), says: "a security policy" },
  { platform: "win32", code: "EACCES", at: here("127.0.0.1", 5300), says: "excludedportrange" },
  { platform: "linux", code: "EADDRNOTAVAIL", at: here("127.10.0.4", 53), says: "add it, or name one that it has" },
  { platform: "darwin", code: "EADDRNOTAVAIL", at: here("127.10.0.4", 53), says: "`ifconfig lo0 alias 127.10.0.4`" },
  { platform: "darwin", code: "EADDRNOTAVAIL", at: here("10.0.0.4", 53), says: "add it, or name one that it has" },
])("$code of $at.address.text on $platform: $says", ({ platform, code, at, says }) => {
  expect(listenProblem("udp", at, systemError(code), platform).text).toContain(says);
});

test.each([
  { what: "a system error", error: systemError("EPIPE"), code: "EPIPE" },
  { what: "another error", error: new Error("no"), code: "UNKNOWN" },
  { what: "no error at all", error: "no", code: "UNKNOWN" },
])("the code of $what is $code", ({ error, code }) => {
  expect(systemCode(error)).toBe(code);
});
