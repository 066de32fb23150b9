import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a program makes of a zone file. */
export interface CheckedZone {
  readonly accepts: boolean;
  /** Lines of its complaints: `zone:5`, or `parts/hosts.part:5` in what the zone file includes. */
  readonly places: readonly string[];
  /** `www.example. 300 A 10.0.0.1`, sorted; owners in small letters. None where the program prints none. */
  readonly lines: readonly string[];
  /** What it said. */
  readonly text: string;
}

/** Programs that read zone files. */
export type CheckerName = "named-checkzone" | "kzonecheck" | "nsd-checkzone";

export const CHECKERS = ["named-checkzone", "kzonecheck", "nsd-checkzone"] as const satisfies readonly CheckerName[];

/** Names in the records that complete a zone. */
const ADDED = "added.invalid.";
/** Shells that run programs side by side. */
const SHELLS = 2;
/** Runs `$COMMAND FILE` for each argument: a shell starts a program in a fraction of the time that this process takes. */
const LOOP = 'for f; do $COMMAND "$f" >"$f.out" 2>"$f.err"; echo $? >"$f.status"; done';

/** What named refuses of other zones than ours, it is not asked. */
const LENIENT = "named-checkzone -i none -k ignore";
const COMMANDS = {
  "named-checkzone": (origin: string) => `${LENIENT} -s full -D -o - ${origin}`,
  kzonecheck: (origin: string) => `kzonecheck -v -o ${origin}`,
  "nsd-checkzone": (origin: string) => `nsd-checkzone ${origin}`,
} as const satisfies Record<CheckerName, (origin: string) => string>;

/** Lets other programs read zone files, in a folder that has the files they include. */
export class ZoneCheckers {
  private readonly folder = mkdtempSync(join(tmpdir(), "privlink-checkzone-"));
  private files = 0;

  /** @param includes A folder whose contents lie beside every file. */
  constructor(includes?: string) {
    if (includes !== undefined) cpSync(includes, this.folder, { recursive: true });
  }

  /**
   * Has a program read texts, one char per octet, as files of zone `origin`. A private zone of a cloud lacks what a zone
   * must have elsewhere, NS records or the SOA, too: they are put behind its text, and taken out of what comes back.
   */
  async check(
    program: CheckerName,
    texts: readonly string[],
    origin: string,
  ): Promise<ReadonlyMap<string, CheckedZone>> {
    const files = texts.map((text) => this.write(text + missingRecords(text, origin)));
    await this.runAll(COMMANDS[program](origin), files);
    return new Map(texts.map((text, i) => [text, READERS[program](this.runOf(files[i] ?? ""), files[i] ?? "")]));
  }

  /** Each text as named writes it in its raw format; `undefined` where it takes it for no zone. */
  async dumpRaw(texts: readonly string[], origin: string): Promise<readonly (Buffer | undefined)[]> {
    const files = texts.map((text) => this.write(text));
    await this.runAll(`${LENIENT} -q -F raw -o /dev/stdout ${origin}`, files);
    return files.map((file) =>
      this.runOf(file).status === 0 ? readFileSync(join(this.folder, `${file}.out`)) : undefined,
    );
  }

  close(): void {
    rmSync(this.folder, { recursive: true });
  }

  private write(text: string): string {
    this.files += 1;
    const file = `${this.files}.zone`;
    writeFileSync(join(this.folder, file), text, "latin1");
    return file;
  }

  private async runAll(command: string, files: readonly string[]): Promise<void> {
    const share = Math.ceil(files.length / SHELLS);
    const shares = Array.from({ length: SHELLS }, (_, i) => files.slice(i * share, (i + 1) * share));
    await Promise.all(shares.map((some) => runLoop(this.folder, command, some)));
  }

  private runOf(file: string): Run {
    const [status = "", stdout = "", stderr = ""] = ["status", "out", "err"].map((ending) =>
      readFileSync(join(this.folder, `${file}.${ending}`), "latin1"),
    );
    return { status: Number.parseInt(status, 10), stdout, stderr };
  }
}

/** What a program did. */
interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function runLoop(folder: string, command: string, files: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, COMMAND: command };
    const child = spawn("sh", ["-c", LOOP, "sh", ...files], { cwd: folder, env, timeout: 100_000, stdio: "ignore" });
    child.on("error", reject);
    child.on("close", () => resolve());
  });
}

function missingRecords(text: string, origin: string): string {
  const soa = /\bSOA\b/.test(text) ? "" : `${origin} 300 IN SOA ${ADDED} ${ADDED} 1 2 3 4 5\n`;
  return /\bNS\b/.test(text) ? soa : `${soa}${origin} 300 IN NS ${ADDED}\n`;
}

const READERS = {
  "named-checkzone": ({ status, stdout, stderr }: Run, file: string): CheckedZone => {
    const accepts = status === 0;
    const lines = stdout.split("\n").filter((line) => accepts && /^[^;]/.test(line) && !line.includes(ADDED));
    // What $GENERATE makes is read from a buffer. Not every remark is a complaint.
    const places = stderr.matchAll(
      /(?:^|\s)(?!buffer-)(\S+):([0-9]+): (?!.*(?:ignoring out-of-zone|signature has expired|old style DNSSEC))/g,
    );
    return { accepts, places: placesOf(places, file), lines: lines.map(normalLine).sort(), text: stderr };
  },
  /** It exits with 1 for a warning, too; what it takes for an error it sums up as serious, or it could not read the file. */
  kzonecheck: ({ status, stdout, stderr }: Run, file: string): CheckedZone => {
    const text = stdout + stderr;
    const accepts = status === 0 || (text.includes("Error summary") && !text.includes("Serious semantic error"));
    return { accepts, places: placesOf(text.matchAll(/file '([^']*)', line ([0-9]+)/g), file), lines: [], text };
  },
  /** It prints no records, and says where in brackets: `[2026-11-28 12:00:00] nsd-checkzone[1]: error: 1.zone:5: syntax error`. */
  "nsd-checkzone": ({ status, stdout, stderr }: Run, file: string): CheckedZone => {
    const text = stdout + stderr;
    return { accepts: status === 0, places: placesOf(text.matchAll(/error: (\S+):([0-9]+):/g), file), lines: [], text };
  },
} as const satisfies Record<CheckerName, (run: Run, file: string) => CheckedZone>;

function placesOf(matches: Iterable<RegExpMatchArray>, file: string): string[] {
  return [...matches].map(([, path = "", line = ""]) => {
    const included = /parts\/[^/]*$/.exec(path)?.[0] ?? path;
    return `${path.endsWith(file) ? "zone" : included}:${line}`;
  });
}

/** BIND's columns as single blanks, without the class. */
function normalLine(line: string): string {
  const [, owner = "", ttl = "", type = "", rdata = ""] = /^(\S+)\s+(\d+)\s+IN\s+(\S+)\s*(.*)$/.exec(line) ?? [];
  return withSmallOwner(`${owner} ${ttl} ${type} ${rdata}`);
}

/** Servers keep the case of an owner per name, or per set: that is no difference. */
export function withSmallOwner(line: string): string {
  const end = line.indexOf(" ");
  return line.slice(0, end).toLowerCase() + line.slice(end).trimEnd();
}
