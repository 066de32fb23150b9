import { type Cidr, containsCidr, knownCidr } from "../../net/cidr.ts";

/** One element of an address list: addresses, and whether who matches is let in. */
export interface AddressElement {
  readonly cidr: Cidr;
  readonly isIn: boolean;
}

/** The addresses everywhere: what `any` means. */
export const EVERYWHERE: readonly Cidr[] = [knownCidr("0.0.0.0/0"), knownCidr("::/0")];

/** Which view takes a prefix, where those inside it that another takes are left out. */
export interface ViewClaim {
  readonly cidr: Cidr;
  /** Index of the view; `undefined`: no view takes it. */
  readonly view?: number;
}

/**
 * Turns views of which the first counts whose list lets an address in, where of a list the first element that holds it
 * decides, into prefixes of which the longest counts. Prefixes that say nothing new are left out.
 */
export function claimsOfViews(views: readonly (readonly AddressElement[])[]): readonly ViewClaim[] {
  const cuts = new Map<string, Cidr>();
  for (const { cidr } of views.flat()) cuts.set(cidr.text, cidr);
  const all = [...cuts.values()].toSorted((a, b) => a.length - b.length || (a.text < b.text ? -1 : 1));
  const claims: ViewClaim[] = [];
  for (const cidr of all) {
    // Whoever is in this prefix, and in no longer one, is in the elements that hold all of it, and in no other.
    const index = views.findIndex((view) => view.find((element) => containsCidr(element.cidr, cidr))?.isIn === true);
    const view = index === -1 ? undefined : index;
    const around = claims.findLast((claim) => containsCidr(claim.cidr, cidr));
    if (around === undefined ? view === undefined : around.view === view) continue;
    claims.push(view === undefined ? { cidr } : { cidr, view });
  }
  return claims;
}
