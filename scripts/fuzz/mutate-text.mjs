// Changes text as typing, merging and truncation do, and as nobody would.

/** The text with one to five changes; `words` are what its language means something by. */
export function mutateText(random, seeds, words) {
  let text = random.pick(seeds);
  for (let left = random.between(1, random.oneIn(8) ? 12 : 3); left > 0; left--)
    text = changeOnce(random, text, seeds, words);
  return text.slice(0, 60_000);
}

function changeOnce(random, text, seeds, words) {
  const at = random.below(text.length + 1);
  const to = Math.min(text.length, at + random.between(1, random.oneIn(4) ? 200 : 8));
  switch (random.below(20)) {
    case 0:
      return text.slice(0, at) + text.slice(to);
    case 1:
      return text.slice(0, at) + random.pick(words) + text.slice(at);
    case 2:
      return `${text.slice(0, at)} ${random.pick(words)} ${text.slice(to)}`;
    case 3:
      return text.slice(0, at) + String.fromCharCode(random.below(256)) + text.slice(at);
    case 4:
      return text.slice(0, at) + text.slice(at, to).repeat(random.between(2, 20)) + text.slice(to);
    case 5:
      return text.slice(0, at);
    case 6:
      return text.slice(0, at) + "\n".repeat(random.below(3)) + text.slice(to);
    case 7: {
      const other = random.pick(seeds);
      return text.slice(0, at) + other.slice(random.below(other.length + 1));
    }
    case 8:
      return changeLine(random, text, (line, lines) => `${line}\n${random.pick(lines)}`);
    case 9:
      return changeLine(random, text, () => undefined);
    case 10:
      return changeLine(random, text, (line) => " ".repeat(random.below(5)) + line.trimStart());
    case 11:
      return changeWord(random, text, words);
    case 12:
      return changeWord(random, text, words);
    default:
      return random.oneIn(3)
        ? text.replaceAll("\n", random.pick(["\r\n", "\r", "\n\n", " \n", "\n\t"]))
        : changeWord(random, text, words);
  }
}

function changeLine(random, text, change) {
  const lines = text.split("\n");
  const at = random.below(lines.length);
  const line = change(lines[at], lines);
  lines.splice(at, 1, ...(line === undefined ? [] : [line]));
  return lines.join("\n");
}

/** Puts another word in the place of one that stands there. */
function changeWord(random, text, words) {
  const found = [...text.matchAll(/[^\s:{}[\],()"']+/g)];
  if (found.length === 0) return text;
  const match = random.pick(found);
  const word = random.oneIn(3) ? random.pick(found)[0] : random.pick(words);
  return text.slice(0, match.index) + word + text.slice(match.index + match[0].length);
}
