// Which blocks of the program have run: V8's precise coverage of the thread that this runs on. (Its binary mode forgets blocks of
// functions that were told of once, so calls are counted.)

import { readFileSync } from "node:fs";
import { Session } from "node:inspector";
import { fileURLToPath } from "node:url";

/** What is known of a character of a function; 0 = nothing yet. */
const [MISSED, RUN] = [1, 2];
/**
 * What no input may reach: the default of an index that is never out of bounds, which is there for the compiler, a mistake of
 * whoever calls, an error that is none of ours and handed on, and the end of a loop that never ends by itself.
 */
const NOBODYS = /^\s*(\}|\?\?\s*(-?\d|""|\[\]|\{\}|\w+;|\w+\))|\{?\s*throw new RangeError|\{?\s*throw error;)/;

/** Starts counting the blocks of scripts whose addresses `isWanted` takes. They must be loaded after this. */
export function startCoverage(isWanted) {
  const session = new Session();
  session.connect();
  const post = (method, params) => {
    let answer;
    session.post(method, params, (error, result) => {
      if (error) throw new Error(`${method}: ${error.message}`);
      answer = result;
    });
    return answer; // Within a thread the inspector answers at once.
  };
  post("Profiler.enable");
  post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  /** By the script's address and where the function stands in it: what lies in a function of its own is not the outer one's. */
  const functions = new Map();

  const functionAt = (url, [{ startOffset: first, endOffset: end }]) => {
    const key = `${url} ${first} ${end}`;
    const known = functions.get(key) ?? { url, first, state: new Uint8Array(end - first), starts: new Set() };
    functions.set(key, known);
    return known;
  };
  /** What of each wanted function ran since the last look. */
  const look = () =>
    post("Profiler.takePreciseCoverage")
      .result.filter(({ url }) => isWanted(url))
      .flatMap(({ url, functions: found }) =>
        found.map(({ ranges }) => ({ known: functionAt(url, ranges), ranges, now: paint(ranges) })),
      );

  return {
    /** Takes in what ran since the last call, and says whether some of it had never run before. */
    take() {
      let isNew = false;
      for (const { known, ranges, now } of look()) {
        for (const { startOffset } of ranges) known.starts.add(startOffset);
        for (let i = 0; i < now.length; i++) {
          if (now[i] <= known.state[i]) continue;
          if (now[i] === RUN) isNew = true;
          known.state[i] = now[i];
        }
      }
      return isNew;
    },
    /** For each script how many blocks it has, and the lines in which those begin that never ran. */
    report() {
      const scripts = new Map();
      for (const { url, first, state, starts } of functions.values()) {
        const script = scripts.get(url) ?? {
          url,
          text: readFileSync(fileURLToPath(url), "utf8"),
          blocks: 0,
          missed: [],
        };
        scripts.set(url, script);
        const blocks = [...starts].filter((start) => !NOBODYS.test(script.text.slice(start, start + 40)));
        script.blocks += blocks.length;
        script.missed.push(...blocks.filter((start) => state[start - first] !== RUN));
      }
      return [...scripts.values()].map(({ url, text, blocks, missed }) => ({
        url,
        blocks,
        missed: linesAt(text, missed),
      }));
    },
  };
}

/** For each character of a function whether it ran. Inner ranges stand behind the outer ones: the last word counts. */
function paint(ranges) {
  const [{ startOffset: first, endOffset: end }] = ranges;
  const painted = new Uint8Array(end - first);
  for (const { startOffset, endOffset, count } of ranges)
    painted.fill(count > 0 ? RUN : MISSED, startOffset - first, endOffset - first);
  return painted;
}

/** The lines of a text, from 1, in which some of its characters stand. */
function linesAt(text, offsets) {
  return offsets.sort((a, b) => a - b).map((offset) => text.slice(0, offset).split("\n").length);
}
