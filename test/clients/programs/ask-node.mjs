// Asks through Node: `dns.lookup`, which is the C library's getaddrinfo, or `dns.Resolver`, which is c-ares.
//
//   node ask-node.mjs lookup|resolver VERB NAME …      verbs: addresses aaaa text names
//
// A line for each question: milliseconds, a tab, what Node made of the answer.
import { lookup, lookupService, Resolver } from "node:dns/promises";

const resolver = new Resolver();

const WAYS = {
  lookup: {
    addresses: async (name) => (await lookup(name, { all: true, verbatim: true })).map(({ address }) => address).join(" "),
    aaaa: async (name) => (await lookup(name, { all: true, family: 6 })).map(({ address }) => address).join(" "),
    names: async (address) => (await lookupService(address, 53)).hostname,
  },
  resolver: {
    addresses: async (name) => (await resolver.resolve4(name)).join(" "),
    aaaa: async (name) => (await resolver.resolve6(name)).join(" "),
    names: async (address) => (await resolver.reverse(address)).join(" "),
    text: async (name) => JSON.stringify(await resolver.resolveTxt(name)),
  },
};

const [door, ...words] = process.argv.slice(2);
for (let at = 0; at + 1 < words.length; at += 2) {
  const start = performance.now();
  let result;
  try {
    result = await WAYS[door][words[at]](words[at + 1]);
  } catch (error) {
    result = error.code;
  }
  process.stdout.write(`${Math.floor(performance.now() - start)}\t${result}\n`);
}
