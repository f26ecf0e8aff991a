#!/usr/bin/env python3
"""What an agency's developer would use: PyPI's standardwebhooks verifies and the cloudevents SDK parses what the daemon sends.

Run by `make interop`, in an environment of its own; BIN is the folder of convened and convenectl. A receiver here answers 204,
a discussion is convened, its invitation and a test message arrive, and a message with one byte changed must not verify.
"""
import http.server
import json
import os
import pathlib
import queue
import subprocess
import tempfile
import threading

from cloudevents.http import from_http
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

binaries = pathlib.Path(os.environ["BIN"])
secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqr"
posts = queue.Queue()


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        posts.put(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def check(headers, body, kind):
    assert len(body) <= 8192 and headers["content-type"] == "application/cloudevents+json; charset=utf-8", headers
    Webhook(secret).verify(body, headers)
    try:
        Webhook(secret).verify(body.replace(b"health", b"Health"), headers)
        raise SystemExit("a changed body was verified")
    except WebhookVerificationError:
        pass
    event = from_http(headers, body)
    assert event["specversion"] == "1.0" and event["type"] == kind, event
    assert event["id"] == headers["webhook-id"] and event.data["agency"] == "health", event
    print(f"{kind}: standardwebhooks verifies, cloudevents parses: {event['id']}")


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "secrets").mkdir()
        (folder / "secrets/s").write_text(secret + "\n")
        (folder / "secrets/s").chmod(0o600)
        days = {"england-and-wales": {"division": "england-and-wales", "events": [{"date": "2099-12-25"}]}}
        (folder / "days.json").write_text(json.dumps(days))
        (folder / "convened.yaml").write_text(f"""
authority: {{name: Interop, source: example.interop, time_zone: Europe/London, bank_holidays: days.json, ring: [{{always: "1"}}]}}
journal: journal.sqlite
secrets: secrets
sockets: {{status: s.sock, control: c.sock}}
routes:
  hub: {{url: "http://127.0.0.1:{server.server_port}/hub", secret: [s]}}
agencies:
  health: {{name: Health, contact: [{{always: hub}}], deputy: [{{always: hub}}], lead: [{{always: hub}}]}}
coordination: {{coordinator: [{{always: hub}}]}}
policies:
  - id: interop
    from: 2020-01-01
    required: [health]
    counting: [phone_live]
    decision_recorded: 15 minutes
    close_after: 20 working days from circulation
    without_all: {{reason: required}}
    urgencies:
      standard:
        acknowledgement_holds: 1 day
        last_attempt_margin: 10 minutes
        steps:
          - {{name: ask, at: once, to: [contact]}}
          - {{name: ring, unanswered: 2 hours, to: [coordinator]}}
""")
        daemon = subprocess.Popen([binaries / "convened", "run", "--config", folder / "convened.yaml", "--log-level", "error"])
        try:
            def ctl(*words):
                subprocess.run([binaries / "convenectl", *words, "--socket", folder / "c.sock"], check=True, timeout=60)

            ctl("wait-ready")
            ctl("convene", "--at", "+5h", "--team", "duty", "--by", "team manager", "--quiet")
            check(*posts.get(timeout=30), "convened.discussion.invitation.v1")
            ctl("ping", "health")
            check(*posts.get(timeout=30), "convened.endpoint.ping.v1")
        finally:
            daemon.terminate()
            daemon.wait(30)


main()
