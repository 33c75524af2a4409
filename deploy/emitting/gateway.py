"""Counts the people at a door over HTTP, as a CloudEvent: python3 gateway.py http://127.0.0.1:8080"""

import datetime
import json
import os
import sys
import time
import urllib.error
import urllib.request

DAY = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
SESSION = "S-" + DAY
EVENT = {
    "specversion": "1.0",
    "id": SESSION + "/python",  # of what it speaks of: sent again it is the same event
    "source": "/example/python",
    "type": "fi.vointi.participation.headcount.v1",
    "time": DAY + "T00:00:01Z",
    "subject": SESSION,
    "areaid": "KU305",
    "data": {
        "session_id": SESSION, "counter": "python", "counted_at": DAY + "T00:00:01Z", "total": 12,
        "includes_card_holders": True, "venue_id": "V17", "venue_area_id": "KU305", "activity_type": "nature", "provider_id": "ORG12",
    },
}


def send(address, event):
    """Returns the answer once the event is on disk, and gives up only for faults of the event."""
    headers = {"Content-Type": "application/cloudevents+json"}
    if token := os.environ.get("VOINTI_TOKEN"):
        headers["Authorization"] = "Bearer " + token
    pause = 1
    while True:
        request = urllib.request.Request(address + "/v1/events", json.dumps(event).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as refusal:
            if refusal.code not in (429, 503):
                sys.exit(f"{refusal}: {refusal.read().decode()}")
            pause = int(refusal.headers.get("Retry-After", pause))
        except (urllib.error.URLError, TimeoutError) as away:
            print(f"not sent yet: {away}", file=sys.stderr)
        time.sleep(pause)
        pause = min(2 * pause, 60)


print(send(sys.argv[1], EVENT))
