import { CATALOGUE, type DiagnosticCode } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Severity } from "../diagnostics/diagnostic.ts";
import type { ExcusedFinding } from "../diagnostics/excused-finding.ts";
import { fingerprintOf } from "../diagnostics/fingerprint.ts";
import type { SourceSpan } from "../source/source-file.ts";
import { placeOf } from "./place.ts";
import type { Report } from "./report.ts";

/** What is said of a code itself: why it is reported, and what to do. */
export type RuleTexts = ReadonlyMap<string, { readonly cause: string; readonly fix: string }>;

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
const LEVELS: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "note" };

/**
 * A SARIF 2.1.0 log of one run: what code scanning shows beside the lines of a change. Excused findings are results with a
 * suppression (§3.27.23), which viewers take for dealt with. A fingerprint of a result holds while lines above it move.
 */
export function renderSarif({ findings, excused, version, rules }: Report): string {
  const codes = [...new Set([...findings, ...excused.map(({ finding }) => finding)].map(({ code }) => code))];
  const indexes = new Map(codes.map((code, index) => [code, index]));
  const results = [
    ...findings.map((finding) => resultOf(finding, indexes)),
    ...excused.map((one) => ({ ...resultOf(one.finding, indexes), suppressions: [suppressionOf(one)] })),
  ];
  const driver = {
    name: "privlink",
    version,
    semanticVersion: version,
    rules: codes.map((code) => ruleOf(code, rules)),
  };
  // Columns count characters, and so does §3.14.17 with this word.
  const run = { tool: { driver }, columnKind: "unicodeCodePoints", results };
  return `${JSON.stringify({ $schema: SCHEMA, version: "2.1.0", runs: [run] }, null, 2)}\n`;
}

function ruleOf(code: DiagnosticCode, rules: RuleTexts): object {
  const { severity, summary } = CATALOGUE[code];
  const texts = rules.get(code);
  return {
    id: code,
    shortDescription: { text: ended(summary) },
    ...(texts === undefined ? {} : { fullDescription: { text: texts.cause } }),
    help: { text: `${texts === undefined ? "" : `${texts.fix} `}Run: privlink explain-code ${code}` },
    defaultConfiguration: { level: LEVELS[severity] },
  };
}

function resultOf(finding: Diagnostic, indexes: ReadonlyMap<DiagnosticCode, number>): object {
  const { code, severity, message, span, related, effect, hint } = finding;
  const text = [message, ...(effect === undefined ? [] : [`effect: ${effect}`]), ...(hint === undefined ? [] : [hint])];
  return {
    ruleId: code,
    ruleIndex: indexes.get(code),
    level: LEVELS[severity],
    message: { text: text.map(ended).join(" ") },
    locations: [locationOf(span)],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((place, id) => ({
            id,
            ...locationOf(place.span),
            message: { text: ended(place.message) },
          })),
        }),
    partialFingerprints: { "privlink/v1": fingerprintOf(finding, span.file.path) },
  };
}

function suppressionOf({ by, reason }: ExcusedFinding): object {
  return { kind: by === "comment" ? "inSource" : "external", justification: reason };
}

function locationOf(span: SourceSpan): object {
  const { path, line, column, endLine, endColumn } = placeOf(span);
  const region = { startLine: line, startColumn: column, endLine, endColumn };
  return { physicalLocation: { artifactLocation: { uri: uriOf(path) }, region } };
}

/** A path as a URI reference, relative where the path is (RFC 3986 §4.2): `zones/corp%20a.zone`, `file:///etc/corp.zone`. */
function uriOf(path: string): string {
  const escaped = path.split("/").map(encodeURIComponent).join("/");
  return path.startsWith("/") ? `file://${escaped}` : escaped;
}

/** Ends a text: viewers show several one behind another. Its first letter stays: it may be that of a name. */
function ended(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
