import { describe, expect, test } from "vitest";
import { here } from "../../test/loopback.ts";
import { type ControlPlace, refusalOf, tokenProblem } from "./access.ts";

const TOKEN = "0123456789abcdef0123456789abcdef";
const LOOPBACK: ControlPlace = { kind: "address", at: here("127.0.0.1", 5381) };
const GUARDED: ControlPlace = { ...LOOPBACK, token: TOKEN };
const PUBLIC: ControlPlace = { kind: "address", at: here("0.0.0.0", 5381), token: TOKEN };
const SOCKET: ControlPlace = { kind: "socket", path: "/run/privlink.sock" };

describe("who may ask and tell", () => {
  test.each([
    { at: SOCKET, what: "POST for anything", host: "anything", status: undefined },
    { at: LOOPBACK, what: "GET for 127.0.0.1:5381", host: "127.0.0.1:5381", status: undefined },
    { at: LOOPBACK, what: "HEAD for LOCALHOST", host: "LOCALHOST", status: undefined },
    { at: LOOPBACK, what: "GET for [::1]:5381", host: "[::1]:5381", status: undefined },
    { at: LOOPBACK, what: "GET by a name that was rebound", host: "evil.example:5381", status: 421 },
    { at: LOOPBACK, what: "GET by a name that looks like it", host: "127.0.0.1.evil.example", status: 421 },
    { at: LOOPBACK, what: "GET without a host", host: undefined, status: 421 },
    { at: LOOPBACK, what: "POST where no token is", host: "localhost", status: 403 },
    { at: GUARDED, what: "POST without the token", host: "localhost", status: 401 },
    { at: GUARDED, what: "POST with the token", host: "localhost", shown: `Bearer ${TOKEN}`, status: undefined },
    { at: GUARDED, what: "POST with another token", host: "localhost", shown: `Bearer ${TOKEN}0`, status: 401 },
    { at: GUARDED, what: "POST with the token by another scheme", host: "localhost", shown: TOKEN, status: 401 },
    {
      at: GUARDED,
      what: "POST with the token by a rebound name",
      host: "a.example",
      shown: `Bearer ${TOKEN}`,
      status: 421,
    },
    { at: PUBLIC, what: "GET off loopback without the token", host: "privlink", status: 401 },
    {
      at: PUBLIC,
      what: "GET off loopback with the token",
      host: "privlink",
      shown: `bearer ${TOKEN}`,
      status: undefined,
    },
  ])("$what: $status", ({ at, what, host, shown, status }) => {
    const [method = ""] = what.split(" ");
    expect(refusalOf(at, { method, host, authorization: shown })?.status).toBe(status);
  });
});

test.each([
  { token: TOKEN, says: undefined },
  { token: "", says: /holds no token/ },
  { token: "hunter2", says: /of 7 characters, at least 32 are needed/ },
  { token: `${TOKEN}\n${TOKEN}`, says: /more than a token/ },
  { token: "ä".repeat(40), says: /more than a token/ },
  { token: "a".repeat(5000), says: /over 4096/ },
])("a token file with $token: $says", ({ token, says }) => {
  if (says === undefined) expect(tokenProblem(token)).toBeUndefined();
  else expect(tokenProblem(token)).toMatch(says);
});
