import { foldLabel } from "../../name/domain-name.ts";
import type { Origin, Unmapped } from "../draft.ts";
import { type AzureResource, foldId } from "./azure-resource.ts";

/**
 * The resources of an estate, and what has become of each. A resource is in the model (`claim`), or reported
 * (`leaveOut`): `finish` reports what nobody asked for, so that nothing is dropped in silence.
 */
export class Estate {
  readonly unmapped: Unmapped[] = [];
  private readonly byId = new Map<string, AzureResource>();
  private readonly byType = new Map<string, AzureResource[]>();
  private readonly claimed = new Set<AzureResource>();
  private readonly left = new Set<AzureResource>();

  constructor(resources: readonly AzureResource[]) {
    for (const resource of resources) {
      const id = foldId(resource.id);
      // The same resource in a list and in a file of its own: once.
      if (this.byId.has(id)) continue;
      this.byId.set(id, resource);
      const type = foldLabel(resource.type);
      const same = this.byType.get(type);
      if (same === undefined) this.byType.set(type, [resource]);
      else same.push(resource);
    }
  }

  /** In the order they came; case does not count. */
  ofType(type: string): readonly AzureResource[] {
    return this.byType.get(foldLabel(type)) ?? [];
  }

  get(id: string): AzureResource | undefined {
    return this.byId.get(foldId(id));
  }

  all(): Iterable<AzureResource> {
    return this.byId.values();
  }

  /** How many resources there are, each once. */
  get size(): number {
    return this.byId.size;
  }

  /** How many of them are in the model, or told of in a part of it. */
  get mapped(): number {
    return [...this.byId.values()].filter((one) => this.claimed.has(one) && !this.left.has(one)).length;
  }

  claim(resource: AzureResource): void {
    this.claimed.add(resource);
  }

  isClaimed(resource: AzureResource): boolean {
    return this.claimed.has(resource) || this.left.has(resource);
  }

  /** Nothing of the resource is in the model; the first reason counts. */
  leaveOut(resource: AzureResource, reason: string): void {
    if (this.left.has(resource)) return;
    this.left.add(resource);
    this.unmapped.push({ kind: "left-out", what: resource.type, origin: resource.origin, reason });
  }

  /** Something of the resource is not in the model. */
  partial(resource: AzureResource, reason: string, origin: Origin = resource.origin): void {
    this.unmapped.push({ kind: "partial", what: resource.type, origin, reason });
  }

  /** Reports what nobody claimed. */
  finish(reasonFor: (resource: AzureResource) => string): void {
    for (const resource of this.byId.values()) {
      if (!this.isClaimed(resource)) this.leaveOut(resource, reasonFor(resource));
    }
  }
}
