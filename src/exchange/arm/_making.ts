import type { SourceSpan } from "../../source/source-file.ts";
import type { ListValue, MapValue, UnknownValue, Value } from "../azure/value.ts";

/** Templates of Azure hold no longer texts; a chain of doubling functions would fill the memory. */
const MAX_TEXT = 1_000_000;
const MAX_ITEMS = 100_000;

/** Makes values of one place: where the expression stands that they are of. */
export class Making {
  readonly span: SourceSpan;

  constructor(span: SourceSpan) {
    this.span = span;
  }

  text(text: string): Value {
    return text.length > MAX_TEXT
      ? this.unknown(`a text of more than ${MAX_TEXT} characters is not made`)
      : { kind: "text", text, span: this.span };
  }

  number(number: number): Value {
    return Number.isFinite(number) ? { kind: "number", number, span: this.span } : this.unknown("it is no number");
  }

  boolean(is: boolean): Value {
    return { kind: "boolean", is, span: this.span };
  }

  null(): Value {
    return { kind: "null", span: this.span };
  }

  list(items: readonly Value[]): ListValue | UnknownValue {
    return items.length > MAX_ITEMS
      ? this.unknown(`a list of more than ${MAX_ITEMS} items is not made`)
      : { kind: "list", items, span: this.span };
  }

  map(entries: Iterable<readonly [string, Value]>, open?: string): MapValue {
    const made = { kind: "map" as const, entries: new Map(entries), span: this.span };
    return open === undefined ? made : { ...made, open };
  }

  unknown(reason: string): UnknownValue {
    return { kind: "unknown", reason, span: this.span };
  }
}

/** The value as JSON, for comparing and for `string()`; `undefined` where something of it is unknown, or it is too much. */
export function jsonOf(value: Value): string | undefined {
  const parts: string[] = [];
  let length = 0;
  const write = (text: string): boolean => {
    parts.push(text);
    length += text.length;
    return length <= MAX_TEXT;
  };
  const walk = (one: Value): boolean => {
    switch (one.kind) {
      case "unknown":
        return false;
      case "text":
        return write(JSON.stringify(one.text));
      case "number":
        return write(String(one.number));
      case "boolean":
        return write(String(one.is));
      case "null":
        return write("null");
      case "list":
        return write("[") && one.items.every((item, i) => (i === 0 || write(",")) && walk(item)) && write("]");
      case "map":
        return (
          write("{") &&
          [...one.entries].every(
            ([key, item], i) => write(`${i === 0 ? "" : ","}${JSON.stringify(key)}:`) && walk(item),
          ) &&
          write("}")
        );
    }
  };
  return walk(value) ? parts.join("") : undefined;
}
