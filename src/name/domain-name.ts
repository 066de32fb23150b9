/**
 * Domain names as labels of octets (RFC 1035 §3.1), folded once.
 *
 * A name is plain data, not a class instance, so that a topology and its zones can cross threads by structured clone
 * (docs/decisions/0002). Its invariant is kept by making names only here, in `octets/` and by structured clone.
 */
export interface DomainName {
  /** Leftmost label first, the root label left out; one char (U+0000 to U+00FF) per octet, in the case it was written. */
  readonly labels: readonly string[];
  /** The folded wire form, one char per octet, the root's zero octet included. Equal exactly when the names are equal. */
  readonly key: string;
}

/** The longest name, in octets of its wire form, the root label included (RFC 1035 §2.3.4). */
export const MAX_NAME_OCTETS = 255;
/** The longest label, in octets (RFC 1035 §2.3.4). */
export const MAX_LABEL_OCTETS = 63;

/** The root: no labels but its own empty one. */
export const ROOT: DomainName = { labels: [], key: "\0" };

/**
 * Makes a name of labels, leftmost first. Keeps the array: it must not change afterwards.
 * @throws RangeError when a label is empty or over 63 octets or has a char that is no octet, or the name is over 255
 * octets: callers check what users wrote.
 */
export function nameFromLabels(labels: readonly string[]): DomainName {
  let key = "";
  for (const label of labels) {
    if (label.length === 0 || label.length > MAX_LABEL_OCTETS)
      throw new RangeError(`a label of ${label.length} octets`);
    if (!isOctets(label)) throw new RangeError("a label with a char above U+00FF");
    key += String.fromCharCode(label.length) + foldLabel(label);
  }
  if (key.length + 1 > MAX_NAME_OCTETS) throw new RangeError(`a name of ${key.length + 1} octets`);
  return { labels, key: `${key}\0` };
}

function isOctets(label: string): boolean {
  for (let i = 0; i < label.length; i++) if (label.charCodeAt(i) > 0xff) return false;
  return true;
}

/** Folds ASCII upper case to lower (RFC 4343 §3); other octets stay as they are. */
export function foldLabel(label: string): string {
  for (let i = 0; i < label.length; i++) {
    const code = label.charCodeAt(i);
    if (code >= 0x41 && code <= 0x5a) return foldFrom(label, i);
  }
  return label;
}

function foldFrom(label: string, start: number): string {
  let folded = label.slice(0, start);
  for (let i = start; i < label.length; i++) {
    const code = label.charCodeAt(i);
    folded += code >= 0x41 && code <= 0x5a ? String.fromCharCode(code | 0x20) : label.charAt(i);
  }
  return folded;
}

/** Whether two names are equal, case folded (RFC 4343 §3). */
export function sameName(a: DomainName, b: DomainName): boolean {
  return a.key === b.key;
}

/** Whether `name` is `ancestor` or lies below it, by whole labels. */
export function isAtOrBelow(name: DomainName, ancestor: DomainName): boolean {
  const extra = name.labels.length - ancestor.labels.length;
  if (extra < 0) return false;
  if (hasLabelsAt(name, extra, ancestor)) return true; // As they were written: most names say their zone as it says itself.
  return name.key.endsWith(ancestor.key) && keyOffset(name, extra) + ancestor.key.length === name.key.length;
}

function hasLabelsAt(name: DomainName, start: number, ancestor: DomainName): boolean {
  for (let i = ancestor.labels.length - 1; i >= 0; i--) if (name.labels[start + i] !== ancestor.labels[i]) return false;
  return true;
}

/** Where the key of `name` without its first `count` labels starts inside `name.key`. */
export function keyOffset(name: DomainName, count: number): number {
  let offset = 0;
  for (let i = 0; i < count; i++) offset += 1 + name.key.charCodeAt(offset);
  return offset;
}

/** The name without its first `count` labels; the root when it has no more. */
export function ancestorOf(name: DomainName, count: number): DomainName {
  if (count === 0) return name;
  if (count >= name.labels.length) return ROOT;
  return { labels: name.labels.slice(count), key: name.key.slice(keyOffset(name, count)) };
}

/** The name one label up; the root's parent is the root. */
export function parentOf(name: DomainName): DomainName {
  return ancestorOf(name, 1);
}

/**
 * The labels put in front of a name, or `undefined` when the result would be over 255 octets
 * (a DNAME can ask for that: RFC 6672 §2.2).
 */
export function prepend(labels: readonly string[], name: DomainName): DomainName | undefined {
  let octets = name.key.length;
  for (const label of labels) octets += 1 + label.length;
  if (octets > MAX_NAME_OCTETS) return undefined;
  return nameFromLabels([...labels, ...name.labels]);
}

/** Canonical order (RFC 4034 §6.1): by labels from the root down, each as folded octets, the shorter first. */
export function compareNames(a: DomainName, b: DomainName): number {
  const left = foldedLabels(a);
  const right = foldedLabels(b);
  const shared = Math.min(left.length, right.length);
  for (let i = 1; i <= shared; i++) {
    const x = left[left.length - i] ?? "";
    const y = right[right.length - i] ?? "";
    if (x !== y) return x < y ? -1 : 1;
  }
  return left.length - right.length;
}

/** The labels as the key has them: folded, leftmost first. */
export function foldedLabels(name: DomainName): string[] {
  const labels: string[] = [];
  for (let offset = 0; labels.length < name.labels.length; ) {
    const length = name.key.charCodeAt(offset);
    labels.push(name.key.slice(offset + 1, offset + 1 + length));
    offset += 1 + length;
  }
  return labels;
}
