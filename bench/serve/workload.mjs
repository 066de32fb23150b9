// The workload W: 10,000 registries, each an alias in the public zone to an address in a linked private zone, and 1,000
// names that do not exist; the same zones for every server, in its own words.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const PUBLIC = "azurecr.io";
const PRIVATE = "privatelink.azurecr.io";
const SOA = "300 IN SOA ns.invalid. nobody.invalid. 1 3600 300 2419200 10";

/** Writes the files of W into a folder: zones, configurations, and the questions as dnsperf reads them, in random order. */
export function writeWorkload(folder, registries = 10_000) {
  mkdirSync(folder, { recursive: true });
  const write = (file, text) => writeFileSync(join(folder, file), text);
  const numbers = Array.from({ length: registries }, (_, i) => i);
  const address = (i) => `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`;
  const apex = (zone) => `${zone}. ${SOA}\n${zone}. 300 IN NS ns.invalid.\n`;
  write("public.zone", apex(PUBLIC) + numbers.map((i) => `r${i}.${PUBLIC}. 300 IN CNAME r${i}.${PRIVATE}.\n`).join(""));
  write("private.zone", apex(PRIVATE) + numbers.map((i) => `r${i}.${PRIVATE}. 10 IN A ${address(i)}\n`).join(""));
  write("privlink.yaml", privlink());
  write("named.conf", named(folder));
  write("unbound.conf", unbound(folder, 5392));
  // No message is kept, so that every question walks the zones.
  write("unbound-anew.conf", unbound(folder, 5396, "1\n  msg-cache-slabs: 1"));
  write("dnsmasq.conf", dnsmasq(numbers, address));
  const missing = Array.from({ length: Math.ceil(registries / 9) }, (_, i) => `none${i}.${PUBLIC}`);
  const names = shuffled([...numbers.map((i) => `r${i}.${PUBLIC}`), ...missing]);
  write("questions.txt", names.map((name) => `${name} A\n`).join(""));
  return names;
}

function privlink() {
  return `networks: { hub: { kind: azure, prefixes: 10.0.0.0/8, clients: 127.0.0.0/8 } }
zones: { ${PRIVATE}: { file: private.zone, links: hub } }
public: { zones: public.zone }
listen: 127.0.0.1:5390
`;
}

function named(folder) {
  const zone = (name, file) => `  zone "${name}" { type primary; file "${join(folder, file)}"; };\n`;
  return `options {
  directory "${folder}"; pid-file none; session-keyfile none; listen-on port 5391 { 127.0.0.1; }; listen-on-v6 { none; };
  recursion yes; allow-query { any; }; allow-recursion { any; }; dnssec-validation no; empty-zones-enable no;
  minimal-responses yes; notify no; querylog no;
};
controls { };
logging { category default { null; }; };
view "hub" {
  match-clients { 127.0.0.0/8; };
${zone(PUBLIC, "public.zone")}${zone(PRIVATE, "private.zone")}};
view "internet" {
  match-clients { any; };
${zone(PUBLIC, "public.zone")}};
`;
}

function unbound(folder, port, messageCache = "64m") {
  const zone = (name, file) => `auth-zone:
  name: "${name}."
  zonefile: "${join(folder, file)}"
  for-downstream: no
  for-upstream: yes
  fallback-enabled: no
`;
  return `server:
  interface: 127.0.0.1@${port}
  do-daemonize: no
  use-syslog: no
  verbosity: 0
  username: ""
  chroot: ""
  directory: "${folder}"
  pidfile: ""
  num-threads: 1
  so-rcvbuf: 4m
  msg-cache-size: ${messageCache}
  rrset-cache-size: 128m
  module-config: "iterator"
  access-control: 127.0.0.0/8 allow
  do-not-query-localhost: no
  minimal-responses: yes
remote-control:
  control-enable: no
${zone(PUBLIC, "public.zone")}${zone(PRIVATE, "private.zone")}`;
}

function dnsmasq(numbers, address) {
  return `port=5393
listen-address=127.0.0.1
bind-interfaces
no-resolv
no-hosts
no-daemon
local=/${PUBLIC}/
cache-size=10000
dns-forward-max=10000
${numbers.map((i) => `host-record=r${i}.${PRIVATE},${address(i)}\ncname=r${i}.${PUBLIC},r${i}.${PRIVATE}`).join("\n")}
`;
}

/** The same random order every time. */
function shuffled(list) {
  let state = 0x2545f491;
  for (let i = list.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const j = state % (i + 1);
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}
