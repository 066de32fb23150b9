import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { type SourceSpan, sourceFile } from "../source/source-file.ts";
import { renderCompact } from "./compact.ts";
import { renderText } from "./text.ts";

/** `[` and `]` mark the span in the text and are not part of it. */
function marked(path: string, text: string, encoding: "octets" | "unicode" = "unicode"): SourceSpan {
  const start = text.indexOf("[");
  const end = text.indexOf("]") - 1;
  return { file: sourceFile(path, text.replace("[", "").replace("]", ""), encoding), start, end };
}

function problemAt(span: SourceSpan, more: Partial<Diagnostic> = {}): Diagnostic {
  return { code: "zonefile/syntax", severity: "error", message: "no entry", span, related: [], ...more };
}

/** The lines without the first, which says what is wrong and where. */
function excerptLines(span: SourceSpan): string[] {
  return renderText(problemAt(span), { color: false }).split("\n").slice(1, -1);
}

describe("renderText", () => {
  test("shows the place, the line, the caret under the span, notes and the hint", () => {
    const span = marked(
      "zones/corp.zone",
      "$ORIGIN corp.example.\nwww\t300 A 10.0.0.7\nwww\t300 [CNAME] web\n",
      "octets",
    );
    const diagnostic = problemAt(span, {
      code: "zone/cname-beside-data",
      message: "www.corp.example. has a CNAME and an A record",
      related: [
        { message: "the A record is here", span: { file: span.file, start: 30, end: 31 } },
        { message: "the zone is declared here", span: marked("privlink.yaml", "zones:\n  [corp.example]:\n") },
      ],
      hint: "remove one of them",
    });
    expect(renderText(diagnostic, { color: false })).toBe(
      [
        "zones/corp.zone:3:9: error: www.corp.example. has a CNAME and an A record [zone/cname-beside-data]",
        " 3 | www\t300 CNAME web",
        "   |    \t    ^^^^^",
        "zones/corp.zone:2:9: note: the A record is here",
        "privlink.yaml:2:3: note: the zone is declared here",
        "hint: remove one of them",
        "",
      ].join("\n"),
    );
  });

  test.each([
    { what: "a span at the start of the file", text: "[www] A", lines: [" 1 | www A", "   | ^^^"] },
    { what: "a span of nothing", text: "www[] A", lines: [" 1 | www A", "   |    ^"] },
    { what: "a span behind the last character", text: "www A[]", lines: [" 1 | www A", "   |      ^"] },
    { what: "an empty line", text: "\n[]\n", lines: [" 2 |", "   | ^"] },
    { what: "the end of a file that ends in a line ending", text: "a\n[]", lines: [" 2 |", "   | ^"] },
    {
      what: "a span of several lines, up to the end of the first",
      text: "a [( b\nc )] d",
      lines: [" 1 | a ( b", "   |   ^^^"],
    },
    { what: "a span that takes CRLF with it", text: "a [b\r\n]c", lines: [" 1 | a b", "   |   ^"] },
    { what: "a line number of two digits", text: `${"\n".repeat(9)}a [b]`, lines: [" 10 | a b", "    |   ^"] },
    { what: "the end of a line of nothing but a tab", text: "\t[]", lines: [" 1 | \t", "   | \t^"] },
    { what: "tabs inside the span, one caret each", text: "a\t[b\tc]", lines: [" 1 | a\tb\tc", "   |  \t^^^"] },
    { what: "a byte-order mark, which is not shown", text: "\uFEFF[www] A", lines: [" 1 | www A", "   | ^^^"] },
    {
      what: "wide characters, which take two columns",
      text: "名前 [日本] x",
      lines: [" 1 | 名前 日本 x", "   |      ^^^^"],
    },
    {
      what: "combining marks, which take none",
      text: "e\u0301 [a\u0308]",
      lines: [" 1 | e\u0301 a\u0308", "   |   ^"],
    },
  ])("marks $what", ({ text, lines }) => {
    expect(excerptLines(marked("f", text))).toEqual(lines);
  });

  test("shows characters that act on a terminal and does not obey them", () => {
    const file = sourceFile("f", "a\u001B]0;title\u0007\u202Eb\u0000 X\u007F\n");
    const span = { file, start: file.text?.indexOf("X") ?? 0, end: (file.text?.indexOf("X") ?? 0) + 1 };
    const text = renderText(problemAt(span, { message: "odd\r\nname\u009B2J", hint: "x\u2028y" }), { color: false });
    expect(text).toBe(
      "f:1:16: error: odd␍␊name\uFFFD2J [zonefile/syntax]\n 1 | a␛]0;title␇\uFFFDb␀ X␡\n   |                ^\nhint: x\uFFFDy\n",
    );
  });

  test("decodes zone files as UTF-8", () => {
    const octets = Buffer.from('www TXT "née" [oops]', "utf8").toString("latin1");
    expect(excerptLines(marked("f", octets, "octets"))).toEqual([' 1 | www TXT "née" oops', "   |               ^^^^"]);
  });

  test("clips a very long line around the span, and the carets with it", () => {
    const lines = excerptLines(marked("f", `${"a".repeat(5000)}[${"b".repeat(20)}]${"c".repeat(5000)}`));
    expect(lines).toEqual([
      ` 1 | …${"a".repeat(40)}${"b".repeat(20)}${"c".repeat(100)}…`,
      `   | ${" ".repeat(41)}${"^".repeat(20)}`,
    ]);
    const longSpan = excerptLines(marked("f", `${"a".repeat(10)}[${"b".repeat(5000)}]`));
    expect(longSpan).toEqual([` 1 | ${"a".repeat(10)}${"b".repeat(150)}…`, `   | ${" ".repeat(10)}${"^".repeat(150)}`]);
  });

  test("leaves the excerpt out where only positions are known", () => {
    const span = {
      file: { path: "f", encoding: "octets" as const, lineStarts: Uint32Array.of(0, 4) },
      start: 6,
      end: 8,
    };
    expect(renderText(problemAt(span), { color: false })).toBe("f:2:3: error: no entry [zonefile/syntax]\n");
  });

  test("colours for a terminal: each severity its own, and the same characters as without", () => {
    const colors = (["error", "warning", "info"] as const).map((severity) => {
      const diagnostic = problemAt(marked("f", "a [b] c"), {
        severity,
        hint: "h",
        related: [{ message: "m", span: marked("g", "[x]") }],
      });
      const colored = renderText(diagnostic, { color: true });
      expect(withoutColor(colored)).toBe(renderText(diagnostic, { color: false }));
      return new RegExp(`\u001B\\[([0-9;]+)m${severity}`).exec(colored)?.[1];
    });
    expect(colors).toEqual(["1;31", "1;33", "1;36"]);
  });
});

function withoutColor(text: string): string {
  return text
    .split("\u001B")
    .map((part, i) => (i === 0 ? part : part.replace(/^\[[0-9;]*m/, "")))
    .join("");
}

test("renderCompact is one line that editors read, whatever the message holds", () => {
  expect(
    renderCompact(
      problemAt(marked("zones/a.zone", "x\ny [z]"), { severity: "warning", message: "two\nlines", hint: "h" }),
    ),
  ).toBe("zones/a.zone:2:3: warning: two␊lines [zonefile/syntax]\n");
});

test("any span of any text is shown on lines that no text of the file can break, the caret under its first column", () => {
  const texts = fc.array(
    fc.oneof(fc.constantFrom("a", "\t", "\n", "\r\n", "é", "名", "😀", "\u0301", "\u001B", "\u202E"), fc.string()),
  );
  fc.assert(
    fc.property(texts, fc.nat(), fc.nat(), fc.boolean(), (parts, first, second, asOctets) => {
      const whole = parts.join("");
      const text = asOctets ? Buffer.from(whole, "utf8").toString("latin1") : whole;
      const [start = 0, end = 0] = [first, second].map((offset) => offset % (text.length + 1)).sort((a, b) => a - b);
      const diagnostic = problemAt(
        { file: sourceFile("f", text, asOctets ? "octets" : "unicode"), start, end },
        { message: whole },
      );
      const lines = renderText(diagnostic, { color: false }).split("\n");
      expect(lines).toHaveLength(4);
      const [head = "", line = "", caret = "", rest] = lines;
      expect(rest).toBe("");
      expect(head).toMatch(/^f:\d+:\d+: error: .*\[zonefile\/syntax\]$/su);
      expect(caret).toMatch(/^ +\| [ \t]*\^+$/);
      expect(lines.join("")).not.toMatch(/[^\P{Cc}\t]|[\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
      const tabsIn = (one: string): number => one.split("\t").length;
      expect(tabsIn(caret)).toBeLessThanOrEqual(tabsIn(line));
      expect(withoutColor(renderText(diagnostic, { color: true }))).toBe(lines.join("\n"));
    }),
  );
});
