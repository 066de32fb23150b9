import type { Diagnostics } from "../diagnostics/diagnostic.ts";
import { displayName } from "../name/name-text.ts";
import type { SourceSpan } from "../source/source-file.ts";
import { asText, ObjectReader } from "./_object-reader.ts";
import {
  type Declaration,
  foldKey,
  meansSeveral,
  nameInKey,
  networksOf,
  type Reading,
  referenceTo,
} from "./_reading.ts";
import { readForward, readOrder } from "./_rules.ts";
import { readWord } from "./_scalars.ts";
import type { Written } from "./_value.ts";
import type { ForwardRule, Network, Ruleset, RulesetLink, Target } from "./model.ts";

/** Reads a ruleset. */
export function readRuleset(declaration: Declaration, reading: Reading): Ruleset {
  const { key, span } = declaration;
  const reader = new ObjectReader("ruleset", { ...declaration, what: `ruleset ${key}` }, reading.diagnostics);
  const name = reader.one("name", readWord) ?? nameInKey(key);
  const links = readLinks(reader, reading);
  const network = reader.one("network", (text) => referenceTo(reading, "networks", text));
  const order = reader.one("order", readOrder);
  const id = reader.one("id", readWord);
  const owners = links.map((link) => link.network);
  const asking = (network === undefined ? owners : [network]).map((one) => ({
    what: reader.what,
    network: one,
    as: "rule" as const,
  }));
  const place = {
    asking,
    owners,
    refuses: (target: Target, domain: string) => isRefused(target, domain, owners, reading),
  };
  return {
    key,
    span,
    name,
    links,
    forward: readForward(reader.entries("forward"), place, reading),
    spans: reader.spans,
    ...(network === undefined ? {} : { network }),
    ...(order === undefined ? {} : { order }),
    ...(id === undefined ? {} : { id }),
  };
}

/** Azure refuses its own platform address as a target: what no rule matches goes there anyway. */
function isRefused(
  target: Target,
  domain: string,
  owners: readonly string[],
  { kinds, diagnostics }: Reading,
): boolean {
  const isPlatforms =
    target.kind === "platform" || (target.kind === "address" && target.at.address.text === "168.63.129.16");
  const azure = owners.find((owner) => kinds.get(owner) === "azure");
  if (!isPlatforms || azure === undefined) return false;
  const message = `the rule for ${domain} leads to the platform resolver, which Azure refuses: network ${azure} asks it already`;
  diagnostics.report("rule/platform-target", message, target.span, {
    hint: "remove the rule: what no rule matches goes there",
  });
  return true;
}

function readLinks(reader: ObjectReader<"ruleset">, reading: Reading): RulesetLink[] {
  const links = new Map<string, RulesetLink>();
  const texts = reader
    .items("links")
    .map((item) => asText(item, "links", reading.diagnostics))
    .filter((text) => text !== undefined);
  for (const text of texts) {
    for (const network of linkedNetworks(text, reader.what, reading)) {
      const first = links.get(network);
      if (first === undefined) links.set(network, { network, span: text.span });
      else if (!meansSeveral(reading, text.text)) {
        const related = [{ message: "the first link is here", span: first.span }];
        const message = `${reader.what} is linked to ${network} already`;
        reading.diagnostics.report("link/repeated", message, text.span, { related });
      }
    }
  }
  if (texts.length === 0 && !reader.isPartial && !reader.spans.has("links")) {
    const hint = "write links: and the networks whose platform resolvers obey it";
    reading.diagnostics.report("ruleset/no-links", `${reader.what} has no links: nobody obeys it`, reader.span, {
      hint,
    });
  }
  return [...links.values()];
}

/** Networks that can obey rules; where no platform resolver is, nobody would. */
function linkedNetworks(text: Written, what: string, reading: Reading): string[] {
  const canObey = (key: string): boolean => reading.kinds.get(key) !== "on-premises";
  const hint = "write the rules into forward of the resolver that these clients use";
  const report = (message: string): string[] => {
    reading.diagnostics.report("link/no-links-there", message, text.span, { hint });
    return [];
  };
  if (foldKey(text.text) === "internet") return report(`the internet cannot be linked to ${what}`);
  const found = networksOf(reading, text, canObey);
  const [network] = found;
  if (network === undefined || canObey(network)) return found;
  return report(`network ${network} is on-premises: it has no platform resolver that could obey ${what}`);
}

/** Looks for two rules for one domain in one network, of which nobody says which counts. */
export function checkRulesets(
  rulesets: ReadonlyMap<string, Ruleset>,
  networks: ReadonlyMap<string, Network>,
  diagnostics: Diagnostics,
): void {
  const seen = new Map<string, { readonly what: string; readonly span: SourceSpan }>();
  const add = (network: string, what: string, order: string, rules: readonly ForwardRule[], at?: SourceSpan): void => {
    for (const { domain, enabled, span } of rules) {
      if (!enabled) continue;
      const place = `${network}\0${order}\0${domain.key}`;
      const other = seen.get(place);
      if (other === undefined) {
        seen.set(place, { what, span });
        continue;
      }
      const message = `network ${network} has two rules for ${displayName(domain)}: of ${other.what} and of ${what}`;
      const related = [
        { message: `the rule of ${other.what} is here`, span: other.span },
        ...(at === undefined ? [] : [{ message: `${what} is linked here`, span: at }]),
      ];
      diagnostics.report("ruleset/same-domain", message, span, { related, hint: "remove or disable one of them" });
    }
  };
  for (const { key, forward } of networks.values()) add(key, `network ${key} itself`, "", forward);
  for (const { key, links, forward, order } of rulesets.values()) {
    for (const { network, span } of links) add(network, `ruleset ${key}`, order ?? "", forward, span);
  }
}
