/** Where a provider's resolver is asked from inside a network of its own, and what it knows there. */
export interface PlatformAddressFact {
  readonly address: string;
  /** `view`: what is linked and published in the network; `public`: public data alone, whatever is linked. */
  readonly answers: "view" | "public";
}

/**
 * Fixed addresses of the providers' resolvers, by kind of network. AWS answers at the second address above the start of
 * every prefix as well, which depends on the network.
 */
export const PLATFORM_ADDRESSES = {
  azure: [{ address: "168.63.129.16", answers: "view" }],
  aws: [
    { address: "169.254.169.253", answers: "view" },
    { address: "fd00:ec2::253", answers: "view" },
  ],
  gcp: [{ address: "169.254.169.254", answers: "view" }],
  ibm: [
    { address: "161.26.0.7", answers: "view" },
    { address: "161.26.0.8", answers: "view" },
    { address: "161.26.0.10", answers: "public" },
    { address: "161.26.0.11", answers: "public" },
  ],
  "ibm-classic": [
    { address: "10.0.80.11", answers: "view" },
    { address: "10.0.80.12", answers: "view" },
  ],
} as const satisfies Readonly<Record<string, readonly PlatformAddressFact[]>>;

/** The kind of network in which a fixed platform address answers. */
export function kindOfPlatformAddress(text: string): keyof typeof PLATFORM_ADDRESSES | undefined {
  return KINDS.find((kind) => PLATFORM_ADDRESSES[kind].some(({ address }) => address === text));
}

const KINDS = ["azure", "aws", "gcp", "ibm", "ibm-classic"] as const;

/** Prefixes that only machines inside a provider's network reach, though the addresses look public, by kind. */
export const PROVIDER_ROUTES = {
  /** Service endpoints; infrastructure: mirrors, time, the resolvers. */
  ibm: ["166.8.0.0/14", "161.26.0.0/16"],
  /** The addresses of restricted.googleapis.com and of private.googleapis.com. */
  gcp: ["199.36.153.4/30", "199.36.153.8/30"],
} as const;
