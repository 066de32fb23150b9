import type { Field } from "./field.ts";

/**
 * A field whose form the fields before it decide: `choose` gets their octets, from the first of the rdata on. What it
 * returns stands at this place; `mayBeAbsent` says whether that is, for some octets, nothing.
 */
export function chosen(noun: string, mayBeAbsent: boolean, choose: (before: Uint8Array) => Field): Field {
  return {
    noun,
    mayBeAbsent,
    parse(cursor, writer) {
      const field = choose(writer.finish());
      if (cursor.atEnd && field.mayBeAbsent !== true) return cursor.needs(field.noun);
      return field.parse(cursor, writer);
    },
    read: (reader, writer) => choose(writer.finish()).read(reader, writer),
    format: (reader) => choose(reader.octets.subarray(0, reader.offset)).format(reader),
  };
}

/** A field that takes no room, in text or in octets. */
export const nothing: Field = {
  noun: "nothing",
  mayBeAbsent: true,
  parse: () => undefined,
  read: () => undefined,
  format: () => "",
};
