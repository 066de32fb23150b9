import { type DomainName, isAtOrBelow, prepend, ROOT } from "../name/domain-name.ts";
import { displayName, parseName } from "../name/name-text.ts";
import { type Cloud, cloudOfRegion, foldRegion, parseCloud, regionCode } from "./clouds.ts";
import { type MemberPattern, memberPatterns, type NamePattern } from "./name-patterns.ts";
import { type FilledTemplate, fillTemplate, parameterNamed } from "./parameters.ts";
import { groupsIn, type ServiceGroup, type ServiceType } from "./service-types.ts";
import { whyUnexpanded } from "./unexpanded.ts";
import type { Door } from "./zone-rows.ts";

/** What is known of one service. */
export interface ServiceInputs {
  readonly name: string;
  readonly location?: string;
  /** Further regions. */
  readonly replicas: readonly string[];
  readonly parameters: ReadonlyMap<string, string>;
  /** Member → its public name, where the type cannot know it: in place of what the type would make. */
  readonly names: ReadonlyMap<string, DomainName>;
}

/** The members of one group of one service, or why there are none. */
export type Expansion =
  | { readonly kind: "members"; readonly members: readonly ExpandedMember[] }
  /** The service's cloud does not have the group. */
  | { readonly kind: "not-offered"; readonly problem: string }
  /** A sentence without a full stop; `member` when the name that was given for it is at fault. */
  | { readonly kind: "problem"; readonly problem: string; readonly member?: string };

/** What has addresses of its own at an endpoint. */
export interface ExpandedMember {
  /** As the platform spells it: `registry_data_westeurope`. */
  readonly member: string;
  /** One or more. */
  readonly names: readonly ExpandedName[];
}

/** One public name of a member, and what it becomes in private. */
export interface ExpandedName {
  /** The same as `privateName` where clients use the private name itself. */
  readonly publicName: DomainName;
  /** At or below `zone`. */
  readonly privateName: DomainName;
  readonly zone: DomainName;
  /** Whether every service of the type has this name: it is the provider's, not the service's own. */
  readonly shared: boolean;
}

/** The cloud a service is in: what `cloud` says, else its location. */
export function cloudOf({ parameters, location }: Pick<ServiceInputs, "parameters" | "location">): Cloud {
  return parseCloud(parameters.get("cloud") ?? "") ?? cloudOfRegion(location);
}

/**
 * Makes the members of a group, in the order the platform gives them addresses, with the names that lead to each.
 * The names of a member that `service.names` has are replaced by that one.
 */
export function expandMembers(type: ServiceType, group: ServiceGroup, service: ServiceInputs): Expansion {
  const forced = service.parameters.get("cloud");
  if (forced !== undefined && parseCloud(forced) === undefined)
    return { kind: "problem", problem: `parameter cloud is "${forced}", expected commercial, usgov or china` };
  const cloud = cloudOf(service);
  const doors = group.doors.get(cloud);
  if (doors === undefined)
    return { kind: "not-offered", problem: `${type.id} has no group ${group.name} in cloud ${cloud}` };

  const members: ExpandedMember[] = [];
  for (const pattern of memberPatterns(type.id, group.name)) {
    for (const region of regionsOf(pattern, service)) {
      const made = expandMember(type, pattern, doors, service, region);
      if (made.kind === "problem") return made;
      if (made.member !== undefined) members.push(made.member);
    }
  }
  if (members.length > 0) return { kind: "members", members };
  const reason = whyUnexpanded(cloud, type.id, group.name) ?? "none of its parameters is given";
  const [first] = memberPatterns(type.id, group.name);
  return {
    kind: "problem",
    problem: `${type.id} ${group.name} makes no names: ${reason}; give names.${first?.member}`,
  };
}

/** One name of a service, with what it is a name of. */
export interface ServiceName extends ExpandedName {
  readonly group: ServiceGroup;
  readonly member: string;
}

/** The names of every group of a service, each name once, and the groups that could not be named. */
export interface PublicNames {
  readonly names: readonly ServiceName[];
  readonly problems: readonly { readonly group: ServiceGroup; readonly problem: string; readonly member?: string }[];
}

/** Lists every public name of a service, whichever groups have endpoints. */
export function publicNames(type: ServiceType, service: ServiceInputs): PublicNames {
  const names = new Map<string, ServiceName>();
  const problems: PublicNames["problems"][number][] = [];
  for (const group of groupsIn(type, cloudOf(service))) {
    const expansion = expandMembers(type, group, service);
    if (expansion.kind !== "members") {
      problems.push({ ...expansion, group });
      continue;
    }
    for (const { member, names: own } of expansion.members) {
      for (const name of own) {
        if (!names.has(name.publicName.key)) names.set(name.publicName.key, { ...name, group, member });
      }
    }
  }
  return { names: [...names.values()], problems };
}

type Problem = Extract<Expansion, { readonly kind: "problem" }>;
type MadeMember = { readonly kind: "member"; readonly member?: ExpandedMember } | Problem;

/** The regions a pattern is repeated for, the home region first; `undefined` = once, with the home region if known. */
function regionsOf(pattern: MemberPattern, service: ServiceInputs): readonly (string | undefined)[] {
  if (pattern.perRegion === undefined) return [undefined];
  const home = service.parameters.get("regionName") ?? service.location;
  if (home === undefined) return pattern.perRegion === "always" ? [undefined] : [];
  return [...new Set([home, ...service.replicas].map(foldRegion))];
}

function expandMember(
  type: ServiceType,
  pattern: MemberPattern,
  doors: readonly Door[],
  service: ServiceInputs,
  region: string | undefined,
): MadeMember {
  const values = valuesOf(service, region);
  const label = fillTemplate(pattern.member, values);
  if (label.kind === "missing") return missing(type, label, service);
  const member = label.text;
  const given = givenName(service, member);
  if (given !== undefined) return nameGiven(type, member, given, doors, values);
  const names: ExpandedName[] = [];
  for (const name of pattern.names) {
    if (name.unless !== undefined && values.has(name.unless)) continue;
    const door = name.door === undefined ? doors[0] : doors.find(({ suffix }) => suffix.startsWith(name.door ?? ""));
    if (door === undefined) continue;
    const made = expandName(type, name, door, values, service);
    if (made.kind === "problem") return made;
    if (made.name !== undefined) names.push(made.name);
  }
  return names.length === 0 ? { kind: "member" } : { kind: "member", member: { member, names } };
}

function givenName(service: ServiceInputs, member: string): DomainName | undefined {
  const folded = member.toLowerCase();
  for (const [key, name] of service.names) if (key.toLowerCase() === folded) return name;
  return undefined;
}

/** What stands for each placeholder. A parameter that is given counts before what follows from the location. */
function valuesOf(service: ServiceInputs, region: string | undefined): ReadonlyMap<string, string> {
  const { name, location, parameters } = service;
  const home = region ?? parameters.get("regionName") ?? location;
  const code = home === undefined ? undefined : regionCode(home);
  const workspaceId = parameters.get("workspaceId");
  const values = new Map<string, string>();
  if (code !== undefined) values.set("regionCode", code);
  if (workspaceId !== undefined) values.set("workspaceShard", workspaceId.slice(0, 2).toLowerCase());
  for (const [key, value] of parameters) values.set(key, value);
  if (home !== undefined) values.set("regionName", foldRegion(home));
  return values.set("name", name);
}

type MadeName = { readonly kind: "name"; readonly name?: ExpandedName } | Problem;

function expandName(
  type: ServiceType,
  pattern: NamePattern,
  door: Door,
  values: ReadonlyMap<string, string>,
  service: ServiceInputs,
): MadeName {
  const parts = [pattern.head, door.suffix, door.zone].map((template) => fillTemplate(template, values));
  const texts: string[] = [];
  for (const part of parts) {
    if (part.kind === "text") texts.push(part.text);
    else if (parameterNamed(part.parameter).required) return missing(type, part, service);
    else return { kind: "name" };
  }
  const [head = "", suffix = "", zone = ""] = texts;
  if (head.includes("\\"))
    return { kind: "problem", problem: `${type.id} cannot make a name of ${head}: it has a backslash` };
  const dot = head === "" ? "" : ".";
  const read = [`${head}${dot}${suffix}`, `${head}${dot}${zone}`, zone].map((text) => ({
    text,
    parsed: parseName(text, ROOT, "unicode"),
  }));
  const names: DomainName[] = [];
  for (const { text, parsed } of read) {
    if (parsed.kind === "problem")
      return { kind: "problem", problem: `${type.id} cannot make the name ${text}: it ${parsed.problem}` };
    names.push(parsed.name);
  }
  const [publicName, privateName, zoneName] = names;
  if (publicName === undefined || privateName === undefined || zoneName === undefined) return { kind: "name" };
  const shared = !pattern.head.includes("{");
  return { kind: "name", name: { publicName, privateName, zone: zoneName, shared } };
}

/**
 * A name the user gives lies in one of the group's zones already, or below one of its public suffixes; the longest counts.
 * Doors that need a parameter nobody gave do not.
 */
function nameGiven(
  type: ServiceType,
  member: string,
  given: DomainName,
  doors: readonly Door[],
  values: ReadonlyMap<string, string>,
): MadeMember {
  const expected: DomainName[] = [];
  let best: { readonly labels: number; readonly name: ExpandedName } | undefined;
  for (const door of doors) {
    const suffix = nameOf(fillTemplate(door.suffix, values));
    const zone = nameOf(fillTemplate(door.zone, values));
    if (suffix === undefined || zone === undefined) continue;
    expected.push(suffix);
    const isPrivate = isAtOrBelow(given, zone);
    if (!isPrivate && !isAtOrBelow(given, suffix)) continue;
    const labels = isPrivate ? zone.labels.length : suffix.labels.length;
    const privateName = isPrivate ? given : moved(given, suffix, zone);
    if (privateName === undefined) {
      const problem = `${displayName(given)} is too long: below ${displayName(zone)} it has over 255 octets`;
      return { kind: "problem", problem, member };
    }
    if (labels <= (best?.labels ?? 0)) continue;
    best = { labels, name: { publicName: given, privateName, zone, shared: false } };
  }
  if (best !== undefined) return { kind: "member", member: { member, names: [best.name] } };
  const below = expected.map(displayName).join(" or ");
  const where = below === "" ? "the suffixes of its type need parameters" : `expected it below ${below}`;
  return { kind: "problem", problem: `${displayName(given)} is no name of ${type.id}: ${where}`, member };
}

function nameOf(filled: FilledTemplate): DomainName | undefined {
  const parsed = filled.kind === "text" ? parseName(filled.text, ROOT, "unicode") : undefined;
  return parsed?.kind === "name" ? parsed.name : undefined;
}

/** The labels of a name before `suffix`, in front of `zone`; `undefined` when that is too long. */
function moved(name: DomainName, suffix: DomainName, zone: DomainName): DomainName | undefined {
  return prepend(name.labels.slice(0, name.labels.length - suffix.labels.length), zone);
}

function missing(type: ServiceType, { parameter }: { readonly parameter: string }, service: ServiceInputs): Problem {
  const { meaning } = parameterNamed(parameter);
  if (parameter === "regionName")
    return { kind: "problem", problem: `${type.id} needs location: its names hold the region` };
  if (parameter === "regionCode" && service.location === undefined)
    return { kind: "problem", problem: `${type.id} needs location, or parameter regionCode: ${meaning}` };
  return { kind: "problem", problem: `${type.id} needs parameter ${parameter}: ${meaning}` };
}
