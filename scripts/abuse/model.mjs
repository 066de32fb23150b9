// What the attacked server holds: something small to ask for, and what an attacker would choose.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The server's address that strangers ask at, and that of its own machine. */
export const PUBLIC = "192.0.2.53";
export const LOCAL = "127.0.0.1";
export const PORT = 5353;
/** Every address of these is the machine's own in the namespace: a stranger each, and no network of the model. */
export const STRANGERS = ["198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/16"];

export const NAMES = {
  small: "www.example",
  /** Of every type one set. */
  fat: "fat.example",
  /** The longest chain of the longest names. */
  chain: `c0.${"long".repeat(15)}.${"names".repeat(12)}.example`,
  /** A reply of some 16,000 octets over TCP. */
  big: "big.example",
};
const CHAIN = 15;

/** Writes the files of the server and gives the arguments that start it. */
export function writeModel(folder) {
  mkdirSync(folder, { recursive: true });
  const tail = NAMES.chain.slice(NAMES.chain.indexOf("."));
  const chain = Array.from({ length: CHAIN }, (_, i) => `c${i}${tail}. 60 IN CNAME c${i + 1}${tail}.`);
  const big = Array.from({ length: 1000 }, (_, i) => `${NAMES.big}. 60 IN A 10.9.${i >> 8}.${i & 255}`);
  const text = `"${"t".repeat(250)}"`;
  const lines = [
    "example. 300 IN SOA ns.invalid. nobody.invalid. 1 3600 300 2419200 10",
    "example. 300 IN NS ns.invalid.",
    `${NAMES.small}. 60 IN A 192.0.2.1`,
    `${NAMES.fat}. 60 IN A 192.0.2.1`,
    `${NAMES.fat}. 60 IN AAAA 2001:db8::1`,
    `${NAMES.fat}. 60 IN TXT ${text} ${text} ${text} ${text} ${text}`,
    `${NAMES.fat}. 60 IN MX 10 mail.example.`,
    ...chain,
    `c${CHAIN}${tail}. 60 IN A 192.0.2.1`,
    ...big,
  ];
  writeFileSync(join(folder, "example.zone"), `${lines.join("\n")}\n`);
  const topology = `networks: { hub: { prefixes: 10.0.0.0/8, clients: 127.0.0.0/8 } }
public: { zones: example.zone }
listen: ["${LOCAL}:${PORT}", "${PUBLIC}:${PORT}"]
`;
  writeFileSync(join(folder, "privlink.yaml"), topology);
  return ["serve", "-c", join(folder, "privlink.yaml"), "--log-level", "error"];
}
