"""What is larger than any page takes is answered by a page that says so, before anything of it is read."""

import io

import pytest
from django.test import Client


@pytest.mark.parametrize(("over", "status"), [(-1, 302), (0, 302), (1, 413)])
def test_a_request_has_a_largest_size(db, cast, settings, over, status):
    settings.LARGEST_REQUEST = 1000
    answer = Client().post("/account/login/?next=/", b"x" * (1000 + over), content_type="application/octet-stream")
    assert (answer.status_code == 413) == (status == 413)


def test_the_page_names_the_limit_and_the_way_out(cast, sign_in, settings):
    settings.LARGEST_REQUEST = 1000
    answer = sign_in(cast.alice).post("/pilots/P-0001/evidence/add/", {"file": io.BytesIO(b"x" * 2000)})
    page = answer.content.decode()
    assert answer.status_code == 413
    assert "(25 MB at most)" in page
    assert "what you typed is still there" in page


def test_a_text_that_is_too_long_gets_the_same_page(cast, sign_in, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = sign_in(cast.alice).post("/account/preferences/", {"text": "x" * 2000})
    assert answer.status_code == 413
    assert "That was too large" in answer.content.decode()


@pytest.mark.parametrize("length", ["", "many", "-5"])
def test_a_length_that_is_none_does_no_harm(db, cast, length):
    assert Client().get("/account/login/", CONTENT_LENGTH=length).status_code == 200
