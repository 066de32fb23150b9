import type { ResolvConf } from "./facts.ts";

/** Reads `resolv.conf` as glibc does (resolv.conf(5)): of several `search` or `domain` lines the last counts. */
export function readResolvConf(text: string, realPath: string): ResolvConf {
  const nameservers: string[] = [];
  const options: string[] = [];
  let search: readonly string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [word = "", ...values] = line.trim().split(/\s+/);
    switch (word) {
      case "nameserver":
        nameservers.push(...values.slice(0, 1));
        break;
      case "search":
        search = values;
        break;
      case "domain":
        search = values.slice(0, 1);
        break;
      case "options":
        options.push(...values);
        break;
    }
  }
  return { realPath, nameservers, search, options };
}

/** The sources of host names that `nsswitch.conf` lists, in order, without what is to be done on success or failure. */
export function readHostSources(text: string): readonly string[] {
  const line = /^\s*hosts:(.*)$/m.exec(text)?.[1] ?? "";
  return line
    .replace(/#.*$/, "")
    .replaceAll(/\[[^\]]*\]/g, " ")
    .split(/\s+/)
    .filter((word) => word !== "");
}
