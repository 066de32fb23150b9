import { CATALOGUE, type DiagnosticCode } from "../diagnostics/catalogue.ts";
import type { CodePage } from "../diagnostics/code-pages.ts";

/** How wide paragraphs are. */
const COLUMNS = 80;

/** Everything there is to say of a code, for people: cause, an input with that fault, what it prints, and how to mend it. */
export function renderCodePage(code: DiagnosticCode, { cause, inputs, output, fix, change }: CodePage): string {
  const { severity, summary } = CATALOGUE[code];
  const parts = [
    `${code}\n${severity}: ${summary}`,
    wrapped(cause),
    ...inputs.map(({ path, text }) => `${path}\n\n${indented(text)}`),
    `prints\n\n${indented(output)}`,
    wrapped(`Fix: ${fix}`),
    indented(change),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** The same for programs. */
export function codePageData(code: DiagnosticCode, page: CodePage): object {
  const { severity, summary } = CATALOGUE[code];
  return { code, severity, summary, ...page };
}

function indented(text: string): string {
  return text
    .split("\n")
    .map((line) => (line === "" ? "" : `    ${line}`))
    .join("\n");
}

function wrapped(paragraph: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of paragraph.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > COLUMNS) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join("\n");
}
