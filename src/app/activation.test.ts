import { describe, expect, test } from "vitest";
import { here } from "../../test/loopback.ts";
import { type DescriptorSource, leftOver, readActivated } from "./activation.ts";

const HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
const NOBODY = "00000000:0000";
const row = (local: string, state: string, inode: number, other = NOBODY): string =>
  `   0: ${local} ${other} ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 2 0000000099d30c59 0`;
const table = (...rows: string[]): string => `${[HEAD, ...rows].join("\n")}\n`;

/** A machine whose descriptors from 3 on lead to sockets 100, 101 and so on. */
function machine(tables: Partial<Record<"udp" | "udp6" | "tcp" | "tcp6", string>>): DescriptorSource {
  return { link: (descriptor) => `socket:[${descriptor + 97}]`, table: (name) => tables[name] };
}

/** Little-endian, as x86 and most others print it. */
const LOOPBACK = "0100007F:0035";
const LOOPBACK6 = "00000000000000000000000001000000:0035";
const NOBODY6 = "00000000000000000000000000000000:0000";

describe("descriptors of a service manager", () => {
  test("are told by the tables of the kernel: transport, family and address", () => {
    const source = machine({
      udp: table(row(LOOPBACK, "07", 100)),
      tcp: table(row(LOOPBACK, "0A", 101)),
      udp6: table(row(LOOPBACK6, "07", 102, NOBODY6)),
      tcp6: table(row(LOOPBACK6, "0A", 103, NOBODY6)),
    });
    const found = readActivated({ count: 4, names: [] }, source);
    expect(found?.kind === "sockets" ? found.sockets.left() : found).toEqual([
      { descriptor: 3, transport: "udp", at: here("127.0.0.1", 53) },
      { descriptor: 4, transport: "tcp", at: here("127.0.0.1", 53) },
      { descriptor: 5, transport: "udp", at: here("::1", 53) },
      { descriptor: 6, transport: "tcp", at: here("::1", 53) },
    ]);
  });

  test("are not looked for where nobody hands any on", () => {
    expect(readActivated(undefined, machine({}))).toBeUndefined();
  });

  test.each([
    { what: "a socket of another network namespace, or a pipe", tables: {}, says: "is no socket that takes questions" },
    {
      what: "a connection, as Accept=yes hands on",
      tables: { tcp: table(row(LOOPBACK, "01", 100, "0100007F:9999")) },
      says: "is no socket that takes questions",
    },
    {
      what: "every address of IPv4",
      tables: { udp: table(row("00000000:0035", "07", 100)) },
      says: "is udp 0.0.0.0:53, where a reply may leave from another address than was asked",
    },
    {
      what: "every address of IPv6",
      tables: { tcp6: table(row("00000000000000000000000000000000:0035", "0A", 100, NOBODY6)) },
      says: "is tcp [::]:53, where a reply may leave from another address than was asked",
    },
  ])("that are $what are refused", ({ tables, says }) => {
    const found = readActivated({ count: 1, names: ["dns"] }, machine(tables));
    expect(found?.kind === "problems" ? found.texts.join() : found).toContain(
      `descriptor 3 (dns) of the service manager ${says}`,
    );
  });

  test("at which no listener is are told, with what there is", () => {
    const found = readActivated({ count: 1, names: [] }, machine({ udp: table(row(LOOPBACK, "07", 100)) }));
    const sockets = found?.kind === "sockets" ? found.sockets : undefined;
    expect(leftOver(sockets, [here("127.0.0.2", 53), here("::1", 53)])).toEqual([
      "descriptor 3 of the service manager is udp 127.0.0.1:53, where no listener is (there are 127.0.0.2:53, [::1]:53): add one to listen, or take the address out of the socket unit",
    ]);
    sockets?.take("udp", here("127.0.0.1", 53));
    expect(leftOver(sockets, [here("127.0.0.1", 53)])).toEqual([]);
  });
});
