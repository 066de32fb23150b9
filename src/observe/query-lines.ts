import type { DomainName } from "../name/domain-name.ts";
import type { Resolution } from "../resolve/resolution.ts";
import type { QueryEvent } from "../serve/query-event.ts";
import type { LogFormat } from "./log.ts";
import { endOf, nameText, toMicroseconds, typeText, wordsOf } from "./query-fields.ts";

/** What a line says of a resolution and of the question that led to it, in the form of the line. */
interface Saying {
  /** As it was written when the resolution was made; other letters are another text. */
  readonly name: DomainName | undefined;
  readonly nameText: string;
  readonly words: string;
}

/** How the parts of a line are put together. */
interface Form {
  nameOf(name: DomainName | undefined): string;
  wordsOf(resolution: Resolution | undefined): string;
  line(event: QueryEvent, saying: Saying): string;
}

/**
 * Writes questions as lines. Ready replies bring the same resolution each time: what it says is put into words once, and a line
 * costs little more than what is new in it. `now` is the time of day, in milliseconds since 1970.
 */
export class QueryLines {
  private readonly form: Form;
  private readonly sayings = new WeakMap<Resolution, Saying>();

  constructor(format: LogFormat, now: () => number = Date.now) {
    this.form = format === "json" ? jsonForm(now) : TEXT_FORM;
  }

  /** The line of a question, with its end. */
  lineOf(event: QueryEvent): string {
    return this.form.line(event, this.sayingOf(event));
  }

  private sayingOf({ name, resolution }: QueryEvent): Saying {
    const known = resolution === undefined ? undefined : this.sayings.get(resolution);
    if (known !== undefined && known.name === name) return known;
    const words = known?.words ?? this.form.wordsOf(resolution);
    const saying = { name, nameText: this.form.nameOf(name), words };
    if (resolution !== undefined && known === undefined) this.sayings.set(resolution, saying);
    return saying;
  }
}

/** `127.10.0.4#5353 hub A myregistry.azurecr.io udp NOERROR 0.21ms by hub/platform zone privatelink.azurecr.io → …`. */
const TEXT_FORM: Form = {
  nameOf: nameText,
  wordsOf(resolution) {
    const { resolver, zone, chain } = wordsOf(resolution);
    const by = resolver === undefined ? "" : ` by ${resolver}`;
    const from = zone === undefined ? "" : ` zone ${zone}`;
    return `${by}${from}${chain.map((name) => ` → ${name}`).join("")}`;
  },
  line(event, saying) {
    const { client, port, network, transport, type, durationMs } = event;
    const asked = `${client.text}#${port} ${network} ${typeText(type)} ${saying.nameText}`;
    return `${asked} ${transport} ${endOf(event)} ${durationMs.toFixed(2)}ms${saying.words}\n`;
  },
};

/** What `JSON.stringify` makes of `queryFields`. */
function jsonForm(now: () => number): Form {
  const timeOf = isoTimes();
  const textOf = rememberedTexts();
  return {
    nameOf: (name) => JSON.stringify(nameText(name)),
    wordsOf: (resolution) => JSON.stringify(wordsOf(resolution)).slice(1, -1),
    line(event, saying) {
      const { client, port, network, transport, type, durationMs, querySize, replySize } = event;
      const who = `{"time":"${timeOf(now())}","client":"${client.text}","port":${port},"network":${textOf(network)}`;
      const asked = `"transport":"${transport}","name":${saying.nameText},"type":"${typeText(type)}"`;
      const ended = `"rcode":"${endOf(event)}",${saying.words},"durationMs":${toMicroseconds(durationMs)}`;
      return `${who},${asked},${ended},"querySize":${querySize},"replySize":${replySize}}\n`;
    },
  };
}

/** ISO 8601; many questions fall into one millisecond. */
function isoTimes(): (at: number) => string {
  let last = Number.NaN;
  let text = "";
  return (at) => {
    if (at !== last) text = new Date(at).toISOString();
    last = at;
    return text;
  };
}

/** Networks in quotes: there are as many as the model has. */
function rememberedTexts(): (text: string) => string {
  let known = new Map<string, string>();
  return (text) => {
    const quoted = known.get(text);
    if (quoted !== undefined) return quoted;
    if (known.size >= MAX_NETWORKS) known = new Map();
    const made = JSON.stringify(text);
    known.set(text, made);
    return made;
  };
}
const MAX_NETWORKS = 4096;
