import { type Explanation, endingOf } from "../explain/explain.ts";
import { describeResolver, whereTo } from "../explain/step-text.ts";
import { displayName } from "../name/name-text.ts";
import { formatRdata } from "../record/rdata-text.ts";
import type { Step } from "../resolve/resolution.ts";
import type { SimulatedResolver } from "../snapshot/snapshot.ts";
import type { SourceSpan } from "../source/source-file.ts";
import { domainWords } from "./_nodes.ts";
import { Easel, type EdgeKind, type NodeKind, type Picture } from "./picture.ts";

/**
 * The ways of one name, each asker's from the left to how it ended. Where two ways meet they are one: a box is a resolver
 * with what it is asked for, or whose data it was with what they said.
 */
export function pathPicture(explanations: readonly Explanation[]): Picture {
  const easel = new Easel();
  for (const explanation of explanations) new Way(easel, explanation).draw();
  const [first] = explanations;
  return easel.picture(first === undefined ? "" : displayName(first.resolution.question.name));
}

type Found = Extract<Step, { kind: "zone" }>["found"];

/** One asker's way: a trace, drawn step by step. */
class Way {
  private readonly easel: Easel;
  private readonly explanation: Explanation;
  private readonly kind: EdgeKind;
  /** Resolvers that wait for an answer, with the boxes they stand in; the last one has the question. */
  private readonly waiting: { readonly resolver: SimulatedResolver; readonly name: string }[] = [];
  /** Where the way has come to, and what leads on from there. */
  private at: string;
  private leading: string[] = [];
  private place: SourceSpan | undefined;
  /** The box of public data that the internet's own resolver is following aliases in. */
  private chain: { readonly what: string; readonly lines: readonly string[]; readonly span?: SourceSpan } | undefined;

  constructor(easel: Easel, explanation: Explanation) {
    this.easel = easel;
    this.explanation = explanation;
    const { origin, resolution } = explanation;
    const isAnswer = resolution.outcome.kind === "answer";
    this.kind = !isAnswer
      ? "step"
      : origin === "private"
        ? "private-step"
        : origin === "public"
          ? "public-step"
          : "step";
    this.at = easel.node("clients", explanation.asker, [explanation.asker]);
  }

  draw(): void {
    for (const step of this.explanation.resolution.trace) this.take(step);
    this.end();
  }

  private take(step: Step): void {
    switch (step.kind) {
      case "resolver":
        this.waiting.push({ resolver: step.resolver, name: displayName(step.name) });
        return this.ask(step.resolver, displayName(step.name));
      case "zone": {
        const { key, link, span } = step.source;
        const lines = [`zone ${key}`, link === undefined ? "its own" : `linked to ${link.network}`];
        return this.hear("zone", key, lines, step.name, step.found, link?.span ?? span);
      }
      case "rule-answer":
        return this.hear(
          "zone",
          `rule ${displayName(step.rule.domain)}`,
          ["records of the rule"],
          step.name,
          step.found,
        );
      case "public": {
        const where = step.zone === undefined ? "public data" : `public zone ${displayName(step.zone.zone.origin)}`;
        return this.hear("public", where, [where], step.name, step.found, step.zone?.span);
      }
      case "builtin":
        return this.stop("public", "built-in names", ["built-in names", displayName(step.domain)]);
      case "offline":
        return this.stop("public", `nothing public ${displayName(step.name)}`, ["public data", "no such name"]);
      case "upstream":
        return this.stop("outside", step.targets.join(" "), step.targets);
      case "redirect":
        return this.lead("missing there: asked in public", step.source.link?.span);
      case "rule":
        if (!step.rule.isLocal) this.lead(`${domainWords(step.rule.domain)} → ${whereTo(step.rule)}`, step.rule.span);
        return;
      case "target":
        return this.hearOf(step);
      case "authority":
      case "cut":
      case "assumed":
        return;
    }
  }

  /** A resolver has the question, or an alias of it. */
  private ask(resolver: SimulatedResolver, name: string): void {
    const { span } = resolver;
    const lines = [...wrap(describeResolver(resolver)), name];
    const to = this.easel.node("resolver", `${resolver.key} ${name}`, lines, span === undefined ? {} : { span });
    this.go(to);
  }

  /** Somebody's data spoke of a name. */
  private hear(
    kind: NodeKind,
    what: string,
    lines: readonly string[],
    name: Parameters<typeof displayName>[0],
    found: Found,
    span?: SourceSpan,
  ): void {
    const shown = displayName(name);
    const words = saidOf(found);
    if (kind === "public" && this.waiting.at(-1)?.resolver.kind === "internet") return this.follow(shown, words, span);
    this.askAgain(shown);
    const to = this.easel.node(
      kind,
      `${what} ${shown} ${words.join(" ")}`,
      [...lines, ...words],
      span === undefined ? {} : { span },
    );
    this.go(to);
  }

  /** Public data that leads on to public data is one box: nobody has a say in between. */
  private follow(name: string, words: readonly string[], span: SourceSpan | undefined): void {
    const { what, lines, span: first = span } = this.chain ?? { what: `public data ${name}`, lines: ["public data"] };
    this.chain = {
      what: `${what} ${words.join(" ")}`,
      lines: [...lines, ...words],
      ...(first === undefined ? {} : { span: first }),
    };
  }

  private stop(kind: NodeKind, what: string, lines: readonly string[]): void {
    this.go(this.easel.node(kind, what, lines));
  }

  /** An alias came back to the resolver: the same box with another name. */
  private askAgain(name: string): void {
    const last = this.waiting.at(-1);
    if (last === undefined || last.name === name) return;
    this.waiting[this.waiting.length - 1] = { resolver: last.resolver, name };
    this.ask(last.resolver, name);
  }

  private lead(words: string, span: SourceSpan | undefined): void {
    this.leading.push(words);
    this.place = span;
  }

  private hearOf({ target, result, why }: Extract<Step, { kind: "target" }>): void {
    if (result !== "no-reply" && target.kind !== "network") this.waiting.pop();
    if (result === "answered") return;
    const words = result === "no-reply" ? "does not answer" : "could not say";
    const to = this.easel.node("outside", `${this.at} ${target.text} ${words}`, [target.text, words]);
    this.easel.edge("broken", this.at, to, why === undefined ? [] : [why.kind.replaceAll("-", " ")], target.span);
  }

  private go(to: string): void {
    this.closeChain();
    this.arrive(to);
  }

  private closeChain(): void {
    const { chain } = this;
    if (chain === undefined) return;
    this.chain = undefined;
    const more = chain.span === undefined ? {} : { span: chain.span };
    this.arrive(this.easel.node("public", chain.what, chain.lines, more));
  }

  private arrive(to: string): void {
    this.easel.edge(this.kind, this.at, to, this.leading, this.place);
    this.leading = [];
    this.place = undefined;
    this.at = to;
  }

  /** How it ended; and, where it should not have, why. */
  private end(): void {
    const { resolution, origin, reason, connection } = this.explanation;
    const { outcome } = resolution;
    const isAnswer = outcome.kind === "answer";
    const kind: NodeKind = !isAnswer ? "no-answer" : origin === "public" ? "public-answer" : "private-answer";
    const lines = isAnswer
      ? [...outcome.rrsets.flatMap(({ type, rdatas }) => rdatas.map((rdata) => formatRdata(type, rdata))), origin ?? ""]
      : wrap(endingOf(outcome));
    const end = this.easel.node(kind, lines.join(" "), lines);
    this.go(end);
    if (reason !== undefined) {
      const words = [...wrap(reason.sentence), ...wrap(`To change it: ${reason.change}`)];
      const [span] = reason.places;
      const note = this.easel.node("reason", words.join(" "), words, span === undefined ? {} : { span });
      this.easel.edge("broken", end, note, ["although an endpoint exists"], span);
    }
    if (connection !== undefined) {
      const note = this.easel.node("reason", connection, wrap(connection));
      this.easel.edge("broken", end, note, ["a connection"]);
    }
  }
}

/** What data said of a name, in a few words. */
function saidOf(found: Found): string[] {
  switch (found.kind) {
    case "data":
      return found.rrsets.flatMap(({ type, rdatas }) => rdatas.map((rdata) => formatRdata(type, rdata)));
    case "alias":
      return ["alias of", displayName(found.target)];
    case "dname":
      return found.target === undefined ? ["DNAME, too long"] : ["DNAME: alias of", displayName(found.target)];
    case "delegation":
      return [`${displayName(found.ns.owner)} is delegated`];
    case "nodata":
      return ["no such type"];
    case "nxdomain":
      return ["no such name"];
  }
}

/** A sentence in lines that a box holds. */
function wrap(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= LINE_LENGTH) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** Characters of a line in a box. */
const LINE_LENGTH = 36;
