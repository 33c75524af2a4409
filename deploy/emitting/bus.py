"""Counts the people at a door straight on the bus: python3 bus.py nats://publisher:PASSWORD@127.0.0.1:4222

It speaks NATS by hand, to show that nothing is hidden; a NATS library does the same in three lines.
"""

import datetime
import hashlib
import json
import socket
import sys
import urllib.parse

DAY = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
SESSION = "S-" + DAY
DATA = {
    "session_id": SESSION, "counter": "python on the bus", "counted_at": DAY + "T00:00:01Z", "total": 13,
    "includes_card_holders": True, "venue_id": "V17", "venue_area_id": "KU305", "activity_type": "nature", "provider_id": "ORG12",
}
EVENT = {
    "specversion": "1.0", "id": SESSION + "/python-bus", "source": "/example/python-bus", "type": "fi.vointi.participation.headcount.v1",
    "time": DAY + "T00:00:01Z", "subject": SESSION, "areaid": "KU305", "data": DATA,
}
SUBJECT = "vointi.events.participation.headcount.v1.KU305"  # the type, and the area


def publish(url, subject, event):
    """Returns the stream's acknowledgement: only then is the event on disk."""
    server = urllib.parse.urlsplit(url)
    with socket.create_connection((server.hostname, server.port or 4222), timeout=10) as connection:
        lines = connection.makefile("rb")
        lines.readline()  # INFO
        login = {"verbose": False, "headers": True, "no_responders": True, "user": server.username, "pass": server.password}
        inbox = f"_INBOX.{server.username}.1"  # a user may listen to its own inbox only
        identity = "\0".join([event["source"], event["id"], json.dumps(event["data"], separators=(",", ":"))])
        headers = "NATS/1.0\r\nContent-Type: application/cloudevents+json\r\nNats-Msg-Id: "
        headers = (headers + hashlib.sha256(identity.encode()).hexdigest() + "\r\n\r\n").encode()
        body = json.dumps(event).encode()
        connection.sendall(
            f"CONNECT {json.dumps(login)}\r\nSUB {inbox} 1\r\n"
            f"HPUB {subject} {inbox} {len(headers)} {len(headers) + len(body)}\r\n".encode() + headers + body + b"\r\n"
        )
        for line in lines:
            if line.startswith(b"PING"):
                connection.sendall(b"PONG\r\n")
            elif line.startswith(b"MSG"):
                answer = json.loads(lines.readline())
                if "error" in answer:
                    raise RuntimeError(answer["error"])
                return answer
            elif line.startswith((b"-ERR", b"HMSG")):  # refused, or nobody listens
                raise RuntimeError(line.decode().strip())
        raise RuntimeError("the server closed the connection")


print(publish(sys.argv[1], SUBJECT, EVENT))
