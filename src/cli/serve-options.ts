import { DATAGRAM_ENGINES } from "../serve/datagram-engines.ts";
import { CONFIG_OPTION, NO_COLOR_OPTION, type Option } from "./command.ts";

export const LOG_FORMATS = ["text", "json"] as const;
export const LOG_LEVELS = ["info", "silent", "error", "warn", "debug"] as const;

/** The flags of `privlink serve`, in the order of its help. */
export const SERVE_OPTIONS: readonly Option[] = [
  CONFIG_OPTION,
  {
    name: "listen",
    value: "ADDR:PORT[=WHO]",
    repeatable: true,
    describe: "where to answer, instead of where the topology says; as network or resolver WHO, or authoritative",
  },
  {
    name: "beyond-loopback",
    describe: "open the topology's listeners of loopback addresses at every address of the machine: for containers",
  },
  {
    name: "network",
    value: "NAME=CIDR",
    repeatable: true,
    describe: "with zone files: a network that sees them as private zones",
  },
  {
    name: "forward",
    value: "DOMAIN=ADDR[:PORT]",
    repeatable: true,
    describe: "send the names of a domain to a real server, or tls://NAME@ADDR; . is every domain",
  },
  {
    name: "resolver",
    value: "NAME=ADDR[:PORT]",
    repeatable: true,
    describe: "where an external resolver of the topology is asked",
  },
  { name: "max-ttl", value: "TTL", describe: "cap on the TTLs of replies: 30, 5m" },
  {
    name: "cache-size",
    value: "SIZE",
    describe: "octets of real servers' answers that are kept at most (default: the topology's, else 32MiB)",
  },
  { name: "id", value: "TEXT", describe: "what it calls itself: id.server and NSID (default: the machine's name)" },
  {
    name: "user",
    value: "NAME|UID[:GID]",
    describe: "started as root, become this user for good once every socket is open",
  },
  {
    name: "workers",
    value: "N",
    describe:
      "so many processes answer, auto: one for each processor; this one looks after them (default: 1, this one)",
  },
  {
    name: "datagrams",
    value: "ENGINE",
    choices: DATAGRAM_ENGINES,
    describe:
      "how UDP is read and written: batched, many datagrams in a system call, or node, one in each (default: batched where it was built)",
  },
  {
    name: "control",
    value: "SOCKET|ADDR:PORT",
    describe: "ask and tell the server there over HTTP, at a Unix socket or an address: /v1/openapi.json says what",
  },
  {
    name: "control-token-file",
    value: "FILE",
    describe: "with ADDR:PORT: holds the token that a request needs to change something; off loopback, to read, too",
  },
  {
    name: "health",
    value: "ADDR:PORT",
    bare: "127.0.0.1:8080",
    describe: "answer GET /health there while it runs (default: 127.0.0.1:8080)",
  },
  {
    name: "ready",
    value: "ADDR:PORT",
    bare: "127.0.0.1:8181",
    describe: "answer GET /ready there: 503 says what is not ready (default: 127.0.0.1:8181)",
  },
  {
    name: "metrics",
    value: "ADDR:PORT",
    bare: "127.0.0.1:9153",
    describe: "show counters at /metrics there, for Prometheus (default: 127.0.0.1:9153)",
  },
  {
    name: "lameduck",
    value: "TIME",
    describe: "go on answering so long once told to stop, not ready any more: 5, 1m (default: 0)",
  },
  { name: "ready-file", value: "FILE", describe: "written, with the addresses listened on, once everything answers" },
  { name: "query-log", describe: "log a line for each question" },
  {
    name: "log-format",
    value: "FORM",
    choices: LOG_FORMATS,
    describe: "of the log on standard error (default: text on a terminal, else json)",
  },
  { name: "log-level", value: "LEVEL", choices: LOG_LEVELS, describe: "how much is logged (default: info)" },
  NO_COLOR_OPTION,
];
