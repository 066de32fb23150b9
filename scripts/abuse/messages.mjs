// Messages as clients send them, and what of replies an attack looks at.

export const Types = { A: 1, TXT: 16, ANY: 255 };
const OPT_TYPE = 41;

/** A client subnet of no bits, which says nothing of anybody (RFC 7871 §7.1.2): such a query is answered anew. */
export const NO_SUBNET = [0, 8, 0, 4, 0, 1, 0, 0];

/** A query, its OPT with the size that the client takes where that is given, and with the octets of options. */
export function query(name, { type = Types.A, id = 0, udpSize, options = [] } = {}) {
  const labels = name.split(".").map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  const header = Buffer.from([0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, udpSize === undefined ? 0 : 1]);
  header.writeUInt16BE(id & 0xffff);
  const tail = Buffer.from([0, type >> 8, type & 255, 0, 1]);
  if (udpSize === undefined) return Buffer.concat([header, ...labels, tail]);
  const opt = Buffer.from([0, 0, OPT_TYPE, udpSize >> 8, udpSize & 255, 0, 0, 0, 0, 0, options.length]);
  return Buffer.concat([header, ...labels, tail, opt, Buffer.from(options)]);
}

/** With its length in front, as on a stream. */
export function framed(message) {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

export const isTruncated = (reply) => (reply[2] & 0x02) !== 0;
export const answersIn = (reply) => reply.readUInt16BE(6);
