"""What needs a raw socket: datagrams from port 0, replies in the server's own name, connections that stay half open.

raw.py KIND SERVER PORT SECONDS: sends at a bounded rate inside a network namespace, and prints how many as JSON.
"""

import json
import random
import socket
import struct
import sys
import time

PER_SECOND = 2000
QUERY = bytes.fromhex("0000 0100 0001 0000 0000 0000 03777777 076578616d706c65 00 0001 0001")
REPLY = bytes.fromhex("0000 8180 0001 0000 0000 0000 03777777 076578616d706c65 00 0001 0001")


def checksum(octets: bytes) -> int:
    octets += b"\0" * (len(octets) % 2)
    total = sum(struct.unpack(f"!{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ip(source: str, target: str, protocol: int, rest: bytes) -> bytes:
    head = struct.pack(
        "!BBHHHBBH4s4s", 0x45, 0, 20 + len(rest), 0, 0, 64, protocol, 0, socket.inet_aton(source), socket.inet_aton(target)
    )
    return head + rest


def udp(source: str, source_port: int, target: str, port: int, message: bytes) -> bytes:
    return ip(source, target, 17, struct.pack("!HHHH", source_port, port, 8 + len(message), 0) + message)


def syn(source: str, source_port: int, target: str, port: int) -> bytes:
    def segment(sum16: int) -> bytes:
        return struct.pack("!HHIIBBHHH", source_port, port, random.getrandbits(32), 0, 0x50, 0x02, 65535, sum16, 0)

    random_state = random.getstate()
    pseudo = socket.inet_aton(source) + socket.inet_aton(target) + struct.pack("!BBH", 0, 6, 20)
    sum16 = checksum(pseudo + segment(0))
    random.setstate(random_state)
    return ip(source, target, 6, segment(sum16))


def packet(kind: str, i: int, server: str, port: int) -> bytes:
    if kind == "port-zero":
        return udp("203.0.113.7", 0, server, port, QUERY)
    if kind == "own-name":
        return udp(server, port, server, port, REPLY if i % 2 else QUERY)
    # Nobody has these addresses: what the kernel answers gets neither an ACK nor a RST.
    return syn(f"192.0.3.{1 + i % 250}", 1024 + i % 60000, server, port)


def main(kind: str, server: str, port: int, seconds: float) -> None:
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    start = time.monotonic()
    sent = 0
    while (passed := time.monotonic() - start) < seconds:
        for _ in range(sent, int(passed * PER_SECOND)):
            raw.sendto(packet(kind, sent, server, port), (server, 0))
            sent += 1
        time.sleep(0.005)
    print(json.dumps({"queries": sent}))


main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
