/** What is known of a machine and of how it resolves names. Everything was looked at; nothing was changed. */
export interface MachineFacts {
  readonly platform: "linux" | "macos" | "windows" | "other";
  /** Where privlink runs, when that changes how names are resolved. */
  readonly inside: readonly ("container" | "kubernetes" | "wsl")[];
  /** Who has port 53; `undefined` where that could not be found out. */
  readonly holders: readonly PortHolder[] | undefined;
  /** What the system's resolver file says; `undefined` where there is none. */
  readonly resolvConf?: ResolvConf;
  /** The sources of host names, in order: `files`, `dns`, `resolve`. */
  readonly hostSources: readonly string[];
  /** `/etc/resolver`: domains with servers of their own, on macOS. */
  readonly domainServers: readonly DomainServers[];
  /** What somebody got who asked the servers that the machine uses, and privlink itself. */
  readonly probes: readonly Probe[];
}

/** A owner, or the little that is known of it, with a socket at port 53. */
export interface PortHolder {
  readonly protocol: "udp" | "tcp";
  /** As the system prints it; `0.0.0.0` and `::` are every address. */
  readonly address: string;
  /** Absent where another user's process has it. */
  readonly owner?: { readonly id: number; readonly name: string };
}

export interface ResolvConf {
  /** Where the file is when its links are resolved. */
  readonly realPath: string;
  readonly nameservers: readonly string[];
  readonly search: readonly string[];
  readonly options: readonly string[];
}

export interface DomainServers {
  readonly domain: string;
  readonly nameservers: readonly string[];
}

/** One server, asked who it is. */
export interface Probe {
  readonly server: string;
  /** Why it was asked: the system uses it, or privlink should be there. */
  readonly why: "system" | "privlink";
  readonly result: /** privlink, with the words for whom it takes us. */
    | { readonly kind: "privlink"; readonly asker: string }
    /** A DNS server, and none of ours. */
    | { readonly kind: "other"; readonly rcode: string }
    | { readonly kind: "none"; readonly text: string }
    /** Outside this machine, and nobody said that it may be asked. */
    | { readonly kind: "not-asked" };
}
