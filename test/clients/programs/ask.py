"""Asks through Python: its socket module, or dnspython.

    ask.py socket|dnspython VERB NAME …      verbs: addresses aaaa text names

A line for each question: milliseconds, a tab, what the library made of the answer.
"""

import importlib
import socket
import sys
import time

CODES = {number: name for name, number in vars(socket).items() if name.startswith("EAI_")}


def with_socket(verb, name):
    if verb == "names":
        return socket.getnameinfo((name, 0), socket.NI_NAMEREQD)[0]
    family = {"addresses": socket.AF_UNSPEC, "aaaa": socket.AF_INET6}[verb]
    found = socket.getaddrinfo(name, None, family, socket.SOCK_STREAM)
    return " ".join(address[0] for *_, address in found)


def with_dnspython(verb, name):
    resolver = importlib.import_module("dns.resolver")
    if verb == "names":
        answer = resolver.resolve_address(name)
    else:
        rdtype = {"addresses": "A", "aaaa": "AAAA", "text": "TXT"}[verb]
        answer = resolver.resolve(name, rdtype, search=True)
    errors = [f", EDE {int(option.code)}" for option in answer.response.options if option.otype == 15]
    return " ".join(record.to_text() for record in answer) + "".join(errors)


def tell(ask, verb, name):
    try:
        return ask(verb, name)
    except socket.gaierror as error:
        return f"gaierror {CODES.get(error.errno, error.errno)}"
    except Exception as error:  # dnspython's, which is loaded only where it is asked for.
        return type(error).__name__


def main(door, *words):
    if door == "version":
        print(".".join(map(str, sys.version_info[:2])))
        return
    if door == "dnspython-version":
        print(importlib.import_module("dns.version").version)
        return
    ask = {"socket": with_socket, "dnspython": with_dnspython}[door]
    if door == "dnspython":
        importlib.import_module("dns.resolver").get_default_resolver()  # Loading it is no time of a question.
    for verb, name in zip(words[::2], words[1::2]):
        start = time.monotonic()
        result = tell(ask, verb, name)
        print(f"{int((time.monotonic() - start) * 1000)}\t{result}")


main(*sys.argv[1:])
