"""Saves pages that ring for a job, as the web server does: `python -m tests.faults.saving ADMINISTRATOR`.

Reads lines from standard input and answers each with a line of JSON: `save N` posts N forms, `ring` puts a message
on the broker in the page's own thread, which is what the product does not do.
"""

import json
import sys
import time

import django

django.setup()

from django.test import Client  # noqa: E402  models need Django set up

from accounts.models import Mail, User  # noqa: E402
from accounts.states import MailState  # noqa: E402
from config.celery import app  # noqa: E402


def save(client: Client, count: int) -> dict[str, object]:
    """Put mails back into the queue by the page of each; tell the seconds of each post and the answers."""
    failed = Mail.objects.filter(state=MailState.FAILED).order_by("pk").values_list("pk", flat=True)[:count]
    seconds, answers = [], []
    for pk in list(failed):
        begun = time.perf_counter()
        answers.append(client.post(f"/settings/mail/{pk}/resend/").status_code)
        seconds.append(time.perf_counter() - begun)
    return {"seconds": seconds, "answers": answers}


def ring() -> dict[str, object]:
    """Time a message sent from here."""
    begun = time.perf_counter()
    try:
        app.send_task("mail.deliver", retry=False)
        error = ""
    except Exception as raised:  # noqa: BLE001  whatever ails the broker is what is measured
        error = type(raised).__name__
    return {"seconds": time.perf_counter() - begun, "error": error}


def main() -> None:
    client = Client()
    client.force_login(User.objects.get(pk=int(sys.argv[1])))
    for line in sys.stdin:
        word, _, count = line.strip().partition(" ")
        answer = save(client, int(count)) if word == "save" else ring()
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


main()
