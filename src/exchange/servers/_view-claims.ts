import { type Cidr, containsCidr, knownCidr } from "../../net/cidr.ts";

/** Who sees a view. */
export interface ViewClients {
  /** Every prefix at which that may change. */
  readonly cuts: readonly Cidr[];
  /** Whether the addresses see it that lie in a prefix, and in none of the longer ones at which anything changes. */
  takes(cidr: Cidr): boolean;
}

/** One element of an address list: addresses, and whether who matches is let in. */
export interface AddressElement {
  readonly cidr: Cidr;
  readonly isIn: boolean;
}

/** The first element of a list that holds an address decides. */
export function clientsOfList(list: readonly AddressElement[]): ViewClients {
  return {
    cuts: list.map(({ cidr }) => cidr),
    takes: (cidr) => list.find((element) => containsCidr(element.cidr, cidr))?.isIn === true,
  };
}

/** Everybody. */
export function everyClient(): ViewClients {
  return { cuts: EVERYWHERE, takes: () => true };
}

/** The addresses everywhere: what `any` means. */
export const EVERYWHERE: readonly Cidr[] = [knownCidr("0.0.0.0/0"), knownCidr("::/0")];

/** Which view takes a prefix, where those inside it that another takes are left out. */
export interface ViewClaim {
  readonly cidr: Cidr;
  /** Index of the view; `undefined`: no view takes it. */
  readonly view?: number;
}

/** Turns views of which the first counts into prefixes of which the longest counts. What says nothing new is left out. */
export function claimsOfViews(views: readonly ViewClients[]): readonly ViewClaim[] {
  const cuts = new Map<string, Cidr>();
  for (const cidr of views.flatMap((view) => view.cuts)) cuts.set(cidr.text, cidr);
  const all = [...cuts.values()].toSorted((a, b) => a.length - b.length || (a.text < b.text ? -1 : 1));
  const claims: ViewClaim[] = [];
  for (const cidr of all) {
    const index = views.findIndex((view) => view.takes(cidr));
    const view = index === -1 ? undefined : index;
    const around = claims.findLast((claim) => containsCidr(claim.cidr, cidr));
    if (around === undefined ? view === undefined : around.view === view) continue;
    claims.push(view === undefined ? { cidr } : { cidr, view });
  }
  return claims;
}
