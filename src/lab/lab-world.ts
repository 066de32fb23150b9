/** What making a lab needs of the machine: handed in, so that the rules of a lab can be proven without one. */
export interface LabWorld {
  /** Runs `ip`, to its end. */
  ip(args: readonly string[], input?: string): Promise<ToolResult>;
  /** Writes a file, and makes the folders it lies in; the sentence of why it cannot. */
  write(path: string, text: string): string | undefined;
  /** Takes a file or a folder away with all that is in it; what is not there is taken away already. */
  remove(path: string): void;
  /** The names in a folder; none when it is not there. */
  list(folder: string): readonly string[];
  /** Starts privlink in a namespace; it goes on when this process ends. Its log and its word that it is ready go to `logs`. */
  serve(namespace: string, listen: readonly string[], logs: string): LabProcess;
  /** Sends a signal; false where the process has gone. */
  signal(pid: number, name: "SIGTERM" | "SIGKILL"): boolean;
  wait(ms: number): Promise<void>;
}

export interface ToolResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A server that was started. */
export interface LabProcess {
  /** `ready` once it answers at every address. */
  state(): "starting" | "ready" | "ended";
  /** What it has said so far. */
  said(): string;
}
