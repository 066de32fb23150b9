/** Where the clients of `asker.mjs` count, in one array that threads share. */
export const Counts = {
  SENT: 0,
  ANSWERED: 1,
  /** The system refused to send. */
  UNSENT: 2,
  /** No answer, or to another question. */
  WRONG: 3,
  /** Two generations in one reply. */
  MIXED: 4,
  /** An older generation after a newer one, to one client. */
  BACKWARDS: 5,
  /** The newest generation that anybody saw. */
  NEWEST: 6,
};
