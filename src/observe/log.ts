import { Writable } from "node:stream";
import { destination, type Logger, type LoggerOptions, pino } from "pino";

export type LogFormat = "text" | "json";
export type LogLevel = "silent" | "error" | "warn" | "info" | "debug";

/** What the program tells its operator while it runs. */
export type Log = Pick<Logger, "error" | "warn" | "info" | "debug">;

/** A log on standard error, a line an event: sentences for a terminal, JSON for everything else. Nothing is lost on exit. */
export function createLog(format: LogFormat, level: LogLevel): Log {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
  };
  const stderr = destination({ dest: 2, sync: true });
  return format === "json"
    ? pino(options, stderr)
    : pino(
        options,
        textStream((line) => stderr.write(line)),
      );
}

function textStream(write: (line: string) => void): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      write(textLine(String(chunk)));
      done();
    },
  });
}

/** A JSON log line as `12:30:05 warn  sentence  key=value …`. */
export function textLine(json: string): string {
  const { level, time, msg, err, ...fields } = parseFields(json);
  const clock = String(time).slice(11, 19);
  const rest = Object.entries(fields).map(
    ([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const stack = isRecord(err) ? [`\n${String(err["stack"])}`] : [];
  return `${[clock, String(level).padEnd(5), String(msg), ...rest].join(" ")}${stack.join("")}\n`;
}

function parseFields(json: string): Record<string, unknown> {
  const parsed: unknown = JSON.parse(json);
  return isRecord(parsed) ? parsed : {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
