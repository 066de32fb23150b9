/** What stands where the path of a topology would, when the command line alone says what to load. */
export const COMMAND_LINE = "command line";
