"""A service manager's ear: takes notifications at a Unix datagram socket and prints each as a line of JSON, as it comes."""
import json
import os
import socket
import sys

path = sys.argv[1]
ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
ear.bind(path)
os.chmod(path, 0o777)
print(json.dumps("listening"), flush=True)
while True:
    # A barrier brings a descriptor, and whoever sent it waits until nobody has it: taken with no room for it, it is closed.
    print(json.dumps(ear.recv(65536).decode()), flush=True)
