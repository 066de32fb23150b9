"""One question again and again over UDP, and how old each reply is.

flood.py ADDRESS PORT SECONDS QUERY rate N         N questions a second, whatever comes back
flood.py ADDRESS PORT SECONDS QUERY outstanding N  never more than N that wait for their reply

QUERY is a message in hexadecimal. Many questions leave in one system call (sendmmsg): one core then asks more than a server on
another answers. Prints JSON: `sent` and `replies` count what left and came within the seconds, `oldest` is in seconds and also of
replies that came in the two seconds after.
"""

import ctypes
import json
import socket
import sys
import time
from collections.abc import Callable

# Each socket has a number for each of its questions: so many sockets that none comes again before its reply is given up.
SOCKETS = 16
IDS = 0x1_0000
AT_ONCE = 64
PATIENCE_S = 2
BUFFER_OCTETS = 4 * 1024 * 1024
PAUSE_S = 0.0001

libc = ctypes.CDLL(None, use_errno=True)


class Span(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


class Header(ctypes.Structure):
    """struct msghdr; of a connected socket, so without a name."""

    _fields_ = [
        ("name", ctypes.c_void_p),
        ("name_length", ctypes.c_uint),
        ("spans", ctypes.POINTER(Span)),
        ("span_count", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int),
    ]


class Message(ctypes.Structure):
    """struct mmsghdr"""

    _fields_ = [("header", Header), ("sent", ctypes.c_uint)]


class Client:
    """A socket, and when each of its questions was asked."""

    def __init__(self, address: str, port: int, query: bytes) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_OCTETS)
        self.socket.connect((address, port))
        self.socket.setblocking(False)
        self.size = len(query)
        self.octets = (ctypes.c_char * (self.size * AT_ONCE))(*(query * AT_ONCE))
        self.view = memoryview(self.octets).cast("B")
        start = ctypes.addressof(self.octets)
        self.spans = (Span * AT_ONCE)(*((start + i * self.size, self.size) for i in range(AT_ONCE)))
        self.messages = (Message * AT_ONCE)()
        for message, i in zip(self.messages, range(AT_ONCE)):
            message.header.spans = ctypes.pointer(self.spans[i])
            message.header.span_count = 1
        self.asked = [0.0] * IDS
        self.next = 0

    def ask(self, count: int) -> int:
        """Sends so many questions, at most AT_ONCE; says how many the system took."""
        for i in range(count):
            number = (self.next + i) & 0xFFFF
            self.view[i * self.size] = number >> 8
            self.view[i * self.size + 1] = number & 0xFF
        now = time.monotonic()
        taken = max(0, libc.sendmmsg(self.socket.fileno(), self.messages, count, 0))
        for i in range(taken):
            self.asked[(self.next + i) & 0xFFFF] = now
        self.next += taken
        return taken

    def read(self) -> list[float]:
        """The age of each reply that is there."""
        ages = []
        now = time.monotonic()
        for _ in range(AT_ONCE):
            try:
                reply = self.socket.recv(2048)
            except (BlockingIOError, ConnectionRefusedError):
                break
            number = reply[0] << 8 | reply[1]
            if self.asked[number] > 0:
                ages.append(now - self.asked[number])
                self.asked[number] = 0.0
        return ages


def flood(clients: list[Client], seconds: float, due: Callable[[float, int, int], int]) -> dict[str, float]:
    """Asks for some seconds; `due` says from the time and what was sent and answered how many are to be asked now."""
    sent = replies = 0
    oldest = 0.0
    start = time.monotonic()
    turn = 0
    while (passed := time.monotonic() - start) < seconds:
        before = sent + replies
        for client in clients:
            ages = client.read()
            replies += len(ages)
            oldest = max([oldest, *ages])
        wanted = due(passed, sent, replies)
        while wanted > 0:
            sent += clients[turn % SOCKETS].ask(min(wanted, AT_ONCE))
            wanted -= AT_ONCE
            turn += 1
        if sent + replies == before:
            time.sleep(PAUSE_S)
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        oldest = max([oldest, *(age for client in clients for age in client.read())])
        time.sleep(PAUSE_S)
    return {"sent": sent, "replies": replies, "oldest": oldest}


def main(address: str, port: int, seconds: float, query: bytes, how: str, number: int) -> None:
    clients = [Client(address, port, query) for _ in range(SOCKETS)]

    def at_rate(passed: float, sent: int, _replies: int) -> int:
        return min(int(passed * number) - sent, SOCKETS * AT_ONCE)

    def outstanding(_passed: float, sent: int, replies: int) -> int:
        return number - (sent - replies)

    print(json.dumps(flood(clients, seconds, at_rate if how == "rate" else outstanding)))


main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), bytes.fromhex(sys.argv[4]), sys.argv[5], int(sys.argv[6]))
