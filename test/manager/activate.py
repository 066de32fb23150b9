"""Starts a program as systemd does with a socket unit: binds sockets, hands them on from descriptor 3, and becomes it.

activate.py [--uid UID] [--pid PID] [--names A:B] TRANSPORT=ADDR:PORT... -- PROGRAM...
PID stands for the process that the sockets are meant for; this one unless said.
"""
import os
import socket
import sys

FIRST = 3
KINDS = {"udp": socket.SOCK_DGRAM, "tcp": socket.SOCK_STREAM}


def bound(text):
    transport, _, place = text.partition("=")
    if transport == "unix":
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        sock.bind(place)
    else:
        host, _, port = place.rpartition(":")
        host = host.strip("[]")
        sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, KINDS[transport])
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if ":" in host:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind((host, int(port)))
    if transport != "udp":
        sock.listen()
    return sock


def main():
    words = sys.argv[1:]
    split = words.index("--")
    options, program = words[:split], words[split + 1 :]
    told = {"--uid": None, "--pid": str(os.getpid()), "--names": None}
    while options and options[0] in told:
        option, value, *options = options
        told[option] = value
    sockets = [bound(text) for text in options]
    high = [os.dup2(sock.fileno(), 100 + i) for i, sock in enumerate(sockets)]
    for i, descriptor in enumerate(high):
        os.dup2(descriptor, FIRST + i, inheritable=True)
        os.close(descriptor)
    os.environ.update(LISTEN_FDS=str(len(sockets)), LISTEN_PID=told["--pid"])
    if told["--names"] is not None:
        os.environ["LISTEN_FDNAMES"] = told["--names"]
    if told["--uid"] is not None:
        os.setgroups([])
        os.setgid(int(told["--uid"]))
        os.setuid(int(told["--uid"]))
    os.execvp(program[0], program)


main()
