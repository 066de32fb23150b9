import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ExportFile } from "../../src/exchange/export/zone-paths.ts";
import { decodeMessage } from "../../src/message/decode.ts";
import type { Message } from "../../src/message/message.ts";
import { encodeQuery } from "../../src/message/query.ts";
import type { DomainName } from "../../src/name/domain-name.ts";

/** A question, and who asks it. */
export interface InsideBatch {
  readonly from: string;
  readonly questions: readonly { readonly name: DomainName; readonly type: number }[];
}

/** A server in the namespace. `{}` in its command stands for the folder of the files. */
export interface InsideServer {
  readonly command: readonly string[];
  readonly at: { readonly address: string; readonly port: number };
  readonly batches: readonly InsideBatch[];
}

const PROGRAM = join(import.meta.dirname, "programs", "ask-inside.mjs");
const PATIENCE_MS = 8000;

/** Every address is a local one, whoever asks from it. */
const ENTER =
  'ip link set lo up && ip route add local default dev lo && ip -6 route add local default dev lo && exec "$@"';

const IS_ROOT = process.getuid?.() === 0;
const NEW = ["unshare", ...(IS_ROOT ? [] : ["--user", "--map-root-user"]), "--net"];

/**
 * Runs servers on exported files in a network of their own, in which every address is a local one, and asks them from the
 * addresses that the model's networks have. A question without a reply has `undefined`.
 */
export async function askInside(
  files: readonly ExportFile[],
  servers: readonly InsideServer[],
): Promise<readonly (readonly (readonly (Message | undefined)[])[])[]> {
  const folder = mkdtempSync(join(tmpdir(), "privlink-export-"));
  try {
    for (const { path, text } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const order = {
      patienceMs: PATIENCE_MS,
      servers: servers.map(({ command, at, batches }) => ({
        command: command.map((word) => word.replace("{}", folder)),
        cwd: folder,
        at,
        batches: batches.map(({ from, questions }) => ({
          from,
          queries: questions.map(({ name, type }, id) =>
            Buffer.from(encodeQuery({ id, name, type, rd: true })).toString("base64"),
          ),
        })),
      })),
    };
    const own = [...new Set(servers.map(({ at }) => at.address))].filter((address) => address !== "127.0.0.1");
    const script = [...own.map((address) => `ip address add ${address}/32 dev lo`), ENTER].join(" && ");
    const [tool = "", ...flags] = NEW;
    const printed = await runWith(
      tool,
      [...flags, "sh", "-c", script, "sh", process.execPath, PROGRAM],
      JSON.stringify(order),
    );
    return resultsIn(printed);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runWith(program: string, args: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => (stdout += String(chunk)));
    child.stderr.on("data", (chunk) => (stderr += String(chunk)));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`${program} ended with ${code}: ${stderr}`));
    });
    child.stdin.on("error", () => undefined); // One that ends early says so by its exit code.
    child.stdin.end(input);
  });
}

function resultsIn(printed: string): (Message | undefined)[][][] {
  const results: unknown = JSON.parse(printed);
  if (!Array.isArray(results)) throw new Error("no results");
  return results.map((result: unknown) => {
    if (typeof result !== "object" || result === null || !("replies" in result) || !Array.isArray(result.replies))
      throw new Error(`a server did not answer: ${JSON.stringify(result)}`);
    return result.replies.map((batch: unknown) => {
      if (!Array.isArray(batch)) throw new Error("a batch without replies");
      return batch.map((octets: unknown) =>
        typeof octets === "string" ? decodeMessage(Buffer.from(octets, "base64")) : undefined,
      );
    });
  });
}

/** Why this machine gives nobody a namespace, in words that may follow "this machine"; `undefined` where it does. */
export async function whyNotInside(): Promise<string | undefined> {
  const [tool = "", ...flags] = NEW;
  try {
    await runWith(tool, [...flags, "ip", "link", "set", "lo", "up"], "");
    return undefined;
  } catch (error) {
    return `gives no network namespace: ${error instanceof Error ? error.message : String(error)}`;
  }
}
