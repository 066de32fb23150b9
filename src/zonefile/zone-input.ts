import type { SourceFile, SourceSpan } from "../source/source-file.ts";

/** Text of zone-file entries, and where it came from. */
export interface ZoneInput {
  /** One char per octet when it came from a file of octets, Unicode when it came from a topology. */
  readonly text: string;
  /** The place in its file of the chars from `start` to `end`, `end` excluded. */
  span(start: number, end: number): SourceSpan;
}

/** Which of both a text is: in Unicode text other chars than ASCII stand for their UTF-8 octets. */
export function encodingOf(input: ZoneInput): SourceFile["encoding"] {
  return input.span(0, 0).file.encoding;
}

/** Lines that stand inside another file, and where: what a topology keeps of them. */
export interface EmbeddedText {
  readonly text: string;
  readonly file: SourceFile;
  /** For each stretch of `text`, where it starts in `file`; ascending by `at`, the first at 0. */
  readonly stretches: readonly { readonly at: number; readonly offset: number }[];
}

/**
 * The whole of a file.
 * @throws RangeError when the file's text was not kept.
 */
export function inputOfFile(file: SourceFile): ZoneInput {
  const { text } = file;
  if (text === undefined) throw new RangeError(`${file.path} was kept without its text`);
  return { text, span: (start, end) => ({ file, start, end }) };
}

/** Lines out of another file; their spans lead to where they were written. */
export function inputOfText({ text, file, stretches }: EmbeddedText): ZoneInput {
  const place = (at: number): number => {
    let low = 0;
    let high = stretches.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((stretches[middle]?.at ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    const stretch = stretches[low];
    return stretch === undefined ? at : stretch.offset + at - stretch.at;
  };
  return {
    text,
    span: (start, end) => {
      // By its last char, so that a span that ends a stretch does not end where the next one starts.
      const last = end === 0 ? place(0) : place(end - 1) + 1;
      return { file, start: start === end ? last : place(start), end: last };
    },
  };
}
