import { TESTS_FORMATS } from "../../report/tests-report.ts";
import type { Command } from "../command.ts";
import { CONFIG_OPTION, NO_COLOR_OPTION } from "../command.ts";
import { misuse } from "../misuse.ts";
import { initTests } from "../test-init.ts";
import { testOnce } from "../test-run.ts";
import { readTestTerms } from "../test-terms.ts";
import { watchTests } from "../test-watch.ts";

export const testCommand: Command = {
  name: "test",
  usage: "privlink test [FILE…] [--server ADDR[:PORT]] [--only TEXT]… [--format FORM] [-v]",
  describe: "holds what you expect of answers against the files, or against a real server",
  details: `Expectations are those of the topology (expect:), or those of FILE, a list of the same objects. Each asker asks each name and
type; nothing is sent. What only a real server knows is unknown: it neither holds nor fails, unless --strict is there, and
with --live it is asked. With --server a real server is asked instead: over UDP, then over TCP what does not fit. It is told
who asks by client subnet; one that takes none is asked as whom we stand, --as WHO. TEXT is a tag, or a part of because, of
a name, of who asks, or of FILE:LINE.`,
  options: [
    { name: "format", value: "FORM", choices: TESTS_FORMATS, describe: "how results are written (default: text)" },
    {
      name: "report",
      value: "FORM=FILE",
      repeatable: true,
      environment: "none",
      describe: "a report in a file as well",
    },
    { name: "only", value: "TEXT", repeatable: true, describe: "only expectations of which this is said" },
    { name: "except", value: "TEXT", repeatable: true, describe: "none of which this is said" },
    { name: "strict", describe: "what is unknown has failed" },
    { name: "live", describe: "ask the real servers that the model would ask" },
    { name: "server", value: "ADDR[:PORT]", describe: "hold the expectations against this server" },
    {
      name: "as",
      value: "WHO",
      environment: "none",
      describe: "with --server: where we stand; other expectations are skipped",
    },
    {
      name: "source",
      short: "b",
      value: "ADDR",
      environment: "none",
      describe: "with --server: the address to ask from",
    },
    { name: "timeout", value: "SECONDS", describe: "with --server: for each try (default: 2)" },
    { name: "tries", value: "N", describe: "with --server: queries at most while none is answered (default: 3)" },
    { name: "coverage", describe: "tell which zones, records, links, endpoints and rules no expectation touched" },
    { name: "init", environment: "none", describe: "write expectations that today's answers meet, and run none" },
    {
      name: "out",
      environment: "none",
      value: "FILE",
      describe: "with --init: where to, a file that does not exist (default: standard output)",
    },
    {
      name: "update",
      environment: "none",
      describe: "change what failed to today's answers, in the files, and show the difference",
    },
    { name: "watch", environment: "none", describe: "run again whenever a file changes, until interrupted" },
    { name: "verbose", short: "v", describe: "tell what is met, unknown and skipped too" },
    { name: "quiet", short: "q", describe: "no summary" },
    CONFIG_OPTION,
    NO_COLOR_OPTION,
  ],
  async run(args, io) {
    const terms = readTestTerms(args);
    if (typeof terms === "string") return misuse(io, testCommand, terms);
    if (terms.mode === "init") return initTests(terms, args, io);
    if (terms.isWatching) return watchTests(terms, args, io);
    return (await testOnce(terms, args, io)).code;
  },
};
