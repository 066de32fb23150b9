import { type Logger, type LoggerOptions, pino } from "pino";
import { type LineSink, openLineSink, type TakeOctets } from "./line-sink.ts";

export type LogFormat = "text" | "json";
export type LogLevel = "silent" | "error" | "warn" | "info" | "debug";

/** What the program tells its operator while it runs. */
export type Log = Pick<Logger, "error" | "warn" | "info" | "debug">;

/**
 * A log on standard error, a line an event: sentences for a terminal, JSON for everything else. Written at once; what `sink` says
 * of lines that nobody takes holds for it. `worker` is the number of the process, where there are several.
 */
export function createLog(format: LogFormat, level: LogLevel, sink = openLogSink(format), worker?: number): Log {
  const options: LoggerOptions = {
    level,
    base: worker === undefined ? null : { worker },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
  };
  return pino(options, { write: (line: string) => sink.write(format === "json" ? line : textLine(line)) });
}

/** Where the lines of a server go: its log, and its log of questions. */
export function openLogSink(format: LogFormat, take?: TakeOctets): LineSink {
  return openLineSink((lost) => {
    const time = new Date().toISOString();
    const line = `${JSON.stringify({ level: "warn", time, lost, msg: "lines of the log are missing here: nobody took them" })}\n`;
    return format === "json" ? line : textLine(line);
  }, take);
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
