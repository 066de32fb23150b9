/** What a message is for (RFC 1035 §4.1.1, the IANA registry "DNS OpCodes"). Four bits; unknown ones are normal. */
export const Opcodes = {
  QUERY: 0,
  IQUERY: 1,
  STATUS: 2,
  NOTIFY: 4,
  UPDATE: 5,
  DSO: 6,
} as const satisfies Record<string, number>;

const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(Opcodes).map(([name, code]) => [code, name]));

/** The mnemonic of an opcode; `OPCODE15` for one without. */
export function opcodeName(opcode: number): string {
  return NAMES.get(opcode) ?? `OPCODE${opcode}`;
}
