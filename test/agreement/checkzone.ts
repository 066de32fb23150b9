import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What named-checkzone makes of a zone file. */
export interface CheckedZone {
  readonly accepts: boolean;
  /** `www.example. 300 A 10.0.0.1`, sorted; owners in small letters. */
  readonly lines: readonly string[];
  /** What it said. */
  readonly text: string;
}

/** Names in the records that complete a zone for named-checkzone. */
const ADDED = "added.invalid.";

/** Lets named-checkzone read zone files one after the other, through one folder. */
export class ZoneChecker {
  private readonly folder = mkdtempSync(join(tmpdir(), "privlink-checkzone-"));

  /**
   * Reads a file of zone `origin` from inside `folder`, where its includes are. A private zone of a cloud lacks what a zone
   * must have elsewhere, NS records or the SOA, too: they are put behind its text, and taken out of what comes back.
   */
  check(octets: Buffer, origin: string, folder: string): CheckedZone {
    const text = octets.toString("latin1");
    const added = [
      ...(/\bSOA\b/.test(text) ? [] : [`${origin} 300 IN SOA ${ADDED} ${ADDED} 1 2 3 4 5\n`]),
      ...(/\bNS\b/.test(text) ? [] : [`${origin} 300 IN NS ${ADDED}\n`]),
    ];
    const file = join(this.folder, "zone");
    writeFileSync(file, Buffer.concat([octets, Buffer.from(added.join(""))]));
    const options = ["-i", "none", "-k", "ignore", "-s", "full", "-D", "-o", "-"];
    const run = spawnSync("named-checkzone", [...options, origin, file], { cwd: folder, timeout: 10_000 });
    const accepts = run.status === 0;
    const lines = run.stdout
      .toString("latin1")
      .split("\n")
      .filter((line) => accepts && line !== "" && !line.includes(ADDED));
    return { accepts, lines: lines.map(normalLine).sort(), text: run.stderr.toString("latin1") };
  }

  close(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** BIND's columns as single blanks, without the class. */
function normalLine(line: string): string {
  const [, owner = "", ttl = "", type = "", rdata = ""] = /^(\S+)\s+(\d+)\s+IN\s+(\S+)\s*(.*)$/.exec(line) ?? [];
  return withSmallOwner(`${owner} ${ttl} ${type} ${rdata}`);
}

/** Servers keep the case of an owner per name, or per set: that is no difference. */
export function withSmallOwner(line: string): string {
  const end = line.indexOf(" ");
  return line.slice(0, end).toLowerCase() + line.slice(end);
}
