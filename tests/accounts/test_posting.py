"""One effect for two posts."""

import threading
import uuid

import pytest
from django.db import connections
from django.test import Client

from accounts.models import FormKey
from portfolio.models import Pilot


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("keyed", "made"), [(True, 1), (False, 6)])
def test_posts_at_the_same_moment_have_one_effect(cast, keyed, made):
    """With the key one pilot, each post the same answer; the control without the key makes one per post."""
    data = {"title": "Reading meters", "unit": cast.unit.pk, "risk_class": "low", "seen_similar": "on"}
    if keyed:
        data["form_key"] = str(uuid.uuid4())
    answers, ready = [], threading.Barrier(6)

    def post() -> None:
        client = Client()
        client.force_login(cast.charlie)
        ready.wait()
        answers.append(client.post("/portfolio/propose/", data).headers["Location"])
        connections.close_all()

    threads = [threading.Thread(target=post) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (Pilot.objects.count(), len(set(answers)), len(answers)) == (made, made, 6)


def test_a_refused_post_keeps_its_key_free(cast, sign_in):
    client, key = sign_in(cast.charlie), str(uuid.uuid4())
    assert client.post("/portfolio/propose/", {"title": "", "form_key": key}).status_code == 422
    assert not FormKey.objects.exists()
    again = client.post(
        "/portfolio/propose/", {"title": "Now named", "unit": cast.unit.pk, "risk_class": "low", "form_key": key}
    )
    assert again.status_code == 302
