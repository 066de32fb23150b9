import { displayName } from "../name/name-text.ts";
import { formatRdata } from "../record/rdata-text.ts";
import type { RRset } from "../record/rrset.ts";
import { typeName } from "../record/type-names.ts";
import type { Step } from "../resolve/resolution.ts";
import { INTERNET } from "../snapshot/compile.ts";
import type { Rule, SimulatedResolver } from "../snapshot/snapshot.ts";
import type { SourceSpan } from "../source/source-file.ts";
import type { ForwardRule } from "../topology/model.ts";
import { failureSentence, refusalSentence, silenceSentence } from "./sentences.ts";

/** What a zone said, as a step keeps it. */
type ZoneAnswer = Extract<Step, { kind: "zone" }>["found"];

/** One decision in words, with the places in the user's files that it rests on. */
export interface Line {
  readonly kind: Step["kind"];
  readonly text: string;
  readonly places: readonly SourceSpan[];
}

export function lineOf(step: Step): Line {
  return { kind: step.kind, ...textOf(step) };
}

type Text = Omit<Line, "kind">;

function textOf(step: Step): Text {
  switch (step.kind) {
    case "resolver": {
      const { resolver, name, type } = step;
      return line(`${describeResolver(resolver)} is asked for ${displayName(name)} ${typeName(type)}`, resolver.span);
    }
    case "authority": {
      const { authority, name, type } = step;
      return line(`an authoritative server of ${authority.key} is asked for ${displayName(name)} ${typeName(type)}`);
    }
    case "zone": {
      const { key, span, link } = step.source;
      const how = whereFrom(step.source);
      const { text, places } = answerLine(step.found, displayName(step.name));
      return {
        text: `zone ${key}, ${how}, is the longest match: ${text}`,
        places: [...places, ...(link === undefined ? [span] : [link.span])],
      };
    }
    case "redirect":
      return line(
        `the link says onMiss: internet, so ${displayName(step.name)} is asked in public`,
        step.source.link?.span,
      );
    case "rule": {
      if (step.rule.isLocal) {
        return line(
          `${describeRule(step.rule)} leaves ${displayName(step.name)} to this resolver itself`,
          step.rule.span,
        );
      }
      return line(`${describeRule(step.rule)} ${doingOf(step.rule, displayName(step.name))}`, step.rule.span);
    }
    case "rule-answer": {
      const { text, places } = answerLine(step.found, displayName(step.name));
      return { text: `its records: ${text}`, places };
    }
    case "target":
      return targetLine(step);
    case "builtin":
      return line(`${displayName(step.domain)} is a name that every resolver knows by itself`);
    case "public": {
      const { text, places } = answerLine(step.found, displayName(step.name));
      const where = step.zone === undefined ? "public data" : `public zone ${displayName(step.zone.zone.origin)}`;
      return { text: `${where}: ${text}`, places };
    }
    case "offline":
      return line(`no public data for ${displayName(step.name)}, and no upstream to ask: offline`);
    case "upstream":
      return line(`${displayName(step.name)} ${upstreamVerb(step.result)} ${step.targets.join(", ")}`);
    case "assumed":
      return assumedLine(step);
    case "cut":
      return line(
        `the reply goes on past ${displayName(step.at)}, for which this resolver has a source of its own: the rest is dropped`,
      );
  }
}

/** A rule by its domain, and whose it is where its place does not tell. */
function describeRule({ domain, ruleset }: Rule): string {
  return `rule ${displayName(domain)}${ruleset === undefined ? "" : ` of ruleset ${ruleset}`}`;
}

function doingOf(rule: Rule, name: string): string {
  switch (rule.kind) {
    case "to": {
      const from = rule.network === undefined ? "" : `, from network ${rule.network}`;
      return `sends ${name} to ${whereTo(rule)}${from}`;
    }
    case "view":
      return `has ${name} answered as in ${whereTo(rule)}`;
    case "answer":
      return `answers ${name} by itself`;
  }
}

/** What a rule leads to, in few words. */
export function whereTo(rule: Rule | ForwardRule): string {
  switch (rule.kind) {
    case "to":
      return rule.targets.map(({ text }) => text).join(", ");
    case "view":
      return `the view of network ${rule.network}`;
    case "answer":
      return "its own records";
  }
}

/** What rests on a switch of the topology, which one, and how it stands. */
function assumedLine({ name, assumption }: Extract<Step, { kind: "assumed" }>): Text {
  const asked = displayName(name);
  switch (assumption.kind) {
    case "reenter": {
      const what =
        assumption.aliases === "all"
          ? `${asked}, an alias in public data, comes back to this resolver's zones and rules`
          : `${asked}, an alias in public data, is followed in public data alone`;
      return line(`assumed: ${what} (assume.reenter: ${assumption.aliases}); the provider does not document it`);
    }
    case "ruleAliases": {
      const { aliases, rule } = assumption;
      const does = aliases === "chase" ? "comes back" : "does not come back";
      return line(
        `assumed: ${asked}, an alias that ${describeRule(rule)} gave, ${does} to this resolver's zones and rules (assume.ruleAliases: ${aliases}); the provider does not document it`,
      );
    }
    case "redirectThrough": {
      const { through, rule } = assumption;
      const what = through === "rules" ? "takes what a link sends on" : "is passed over by what a link sends on";
      return line(
        `assumed: ${describeRule(rule)} ${what} (assume.redirectThrough: ${through}); the provider does not document it`,
        rule.span,
      );
    }
    case "redirectNodata":
      return line(`assumed: a type that ${asked} does not have is sent on as well (assume.redirectNodata: true)`);
    case "azureRules": {
      const { order, rule, zone } = assumption;
      const what =
        order === "after-zones"
          ? `zone ${zone.key} hides ${describeRule(rule)}, which is longer`
          : `${describeRule(rule)} counts before zone ${zone.key}, which is shorter`;
      return line(`assumed: ${what} (assume.azureRules: ${order}); the provider does not document it`, rule.span);
    }
    case "reservedNames": {
      const { isLeftAlone, rule, domain } = assumption;
      const reserved = `Azure reserves ${displayName(domain)} (assume.reservedNames: ${isLeftAlone})`;
      const what = isLeftAlone ? `leaves ${asked} alone, as ${reserved}` : `takes ${asked}, although ${reserved}`;
      return line(`assumed: ${describeRule(rule)} ${what}`, rule.span);
    }
  }
}

/** Why a resolver sees a zone. */
function whereFrom({ link, madeBy }: Extract<Step, { kind: "zone" }>["source"]): string {
  if (madeBy !== undefined) {
    const what = madeBy.endpoint === undefined ? "its machines" : `endpoint ${madeBy.endpoint}`;
    return `which the provider makes in network ${madeBy.network} for ${what}`;
  }
  return link === undefined ? "which it holds itself" : `linked to network ${link.network}`;
}

function line(text: string, ...places: readonly (SourceSpan | undefined)[]): Text {
  return { text, places: places.filter((place) => place !== undefined) };
}

/** A resolver as people know it: what it is, and where it stands. */
export function describeResolver({ key, kind, network, addresses }: SimulatedResolver): string {
  const at = addresses[0] === undefined ? "" : ` (${addresses[0].address.text})`;
  const within = network === INTERNET ? "" : ` in network ${network}`;
  switch (kind) {
    case "platform":
      return `the platform resolver of network ${network}${at}`;
    case "public":
      return `the resolver of network ${network} that knows public data alone${at}`;
    case "external":
      return `real server ${key}${at}${within}`;
    case "inbound":
      return `inbound endpoint ${key}${at} of network ${network}`;
    case "forwarder":
      return `resolver ${key}${at}${within}`;
    case "internet":
      return "the internet";
  }
}

function targetLine(step: Extract<Step, { kind: "target" }>): Text {
  const { target, result, why } = step;
  switch (result) {
    case "answered":
      return line(`${target.text} answered, and its reply is final`, target.span);
    case "no-reply":
      return line(`${target.text} does not answer${why === undefined ? "" : `: ${reasonSentence(why)}`}`, target.span);
    case "failed":
      return line(`${target.text} could not say${why === undefined ? "" : `: ${reasonSentence(why)}`}`, target.span);
    case "moved-on":
      return line(
        `${target.text} could not say${why === undefined ? "" : ` (${reasonSentence(why)})`}: the next server is asked`,
        target.span,
      );
  }
}

function reasonSentence(why: NonNullable<Extract<Step, { kind: "target" }>["why"]>): string {
  switch (why.kind) {
    case "no-resolver-there":
    case "unreachable":
    case "platform-outside":
    case "no-egress":
    case "targets-silent":
      return silenceSentence(why);
    case "ambiguous-client":
    case "recursion-not-desired":
    case "not-authoritative":
      return refusalSentence(why);
    case "alias-loop":
    case "alias-limit":
    case "resolver-loop":
    case "resolver-limit":
    case "targets-failed":
    case "delegation":
      return failureSentence(why);
  }
}

function upstreamVerb(result: "answered" | "failed" | "would-ask"): string {
  switch (result) {
    case "answered":
      return "was answered by";
    case "failed":
      return "was not answered by";
    case "would-ask":
      return "would be asked of";
  }
}

/** What a zone said of a name, with the records it said it with. */
function answerLine(answer: ZoneAnswer, name: string): Text {
  switch (answer.kind) {
    case "data":
      return line(
        `${name} ${answer.rrsets.map(rrsetText).join("; ")}${byWildcard(answer.wildcard)}`,
        ...answer.rrsets.flatMap(placesOf),
      );
    case "alias":
      return line(
        `${name} is an alias of ${displayName(answer.target)}${byWildcard(answer.wildcard)}`,
        ...placesOf(answer.cname),
      );
    case "dname": {
      const whither = answer.target === undefined ? "a name that is too long" : displayName(answer.target);
      return line(
        `${name} lies below DNAME ${displayName(answer.dname.owner)} and is an alias of ${whither}`,
        ...placesOf(answer.dname),
      );
    }
    case "delegation":
      return line(`${displayName(answer.ns.owner)} is delegated`, ...placesOf(answer.ns));
    case "nodata":
      return line(`${name} exists${byWildcard(answer.wildcard)} and has no such type (NODATA)`);
    case "nxdomain":
      return line(`it has no ${name} (NXDOMAIN)`);
  }
}

function rrsetText({ type, rdatas }: RRset): string {
  return `${typeName(type)} ${rdatas.map((rdata) => formatRdata(type, rdata)).join(", ")}`;
}

function placesOf({ places = [] }: RRset): readonly SourceSpan[] {
  return places;
}

function byWildcard(wildcard: Parameters<typeof displayName>[0] | undefined): string {
  return wildcard === undefined ? "" : ` (by wildcard ${displayName(wildcard)})`;
}
