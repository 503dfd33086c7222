"""A worker that delivers, in a process of its own: `python -m bench.deliverer PORT`, the mail server's.

Sends what is due, again and again, until its standard input ends and nothing is due any more; prints how many it sent.
"""

import os
import sys
import threading
import time
from datetime import datetime, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
django.setup()

from accounts.delivering import deliver_due  # noqa: E402  needs the settings
from accounts.transport import SmtpCourier  # noqa: E402
from config.settings.parsing import MailTransport  # noqa: E402


def main(port: int, now: datetime) -> None:
    """Deliver until nobody waits for it."""
    courier = SmtpCourier(MailTransport(host="127.0.0.1", port=port))
    ending = threading.Thread(target=sys.stdin.read, daemon=True)
    ending.start()
    sent = 0
    while True:
        last_look = not ending.is_alive()
        sent += deliver_due(now=now, limit=10**6, budget=timedelta(hours=1), courier=courier).sent
        if last_look:
            break
        time.sleep(0.05)
    sys.stdout.write(f"{sent}\n")


main(int(sys.argv[1]), datetime.fromisoformat(sys.argv[2]))
