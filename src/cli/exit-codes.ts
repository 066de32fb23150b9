/** What a command says when it ends. Data on standard output is complete whatever it is. */
export type ExitCode = number;

export const ExitCodes = {
  /** Did what it was asked to. */
  CLEAN: 0,
  /** Could not run: misuse, a topology that cannot be read or is invalid, a port that is taken. */
  COULD_NOT_RUN: 1,
  /** `check`: problems as bad as was asked for; `test`: expectations that do not hold; `diff`: changes that were asked for; `doctor`: something in the way. */
  FINDINGS: 2,
  /** `query`: nobody replied. The number is dig's. */
  NO_REPLY: 9,
} as const satisfies Record<string, ExitCode>;

/** The table that every help ends with. */
export const EXIT_CODES_TEXT = `Exit codes:
  0  clean; query: a reply came, whatever it says
  1  could not run: misuse, unreadable files, an invalid topology, a port that is taken
  2  check, diff: findings at or above --fail-on; test: an expectation that does not hold
  9  query: no reply
`;
