"""Importing a register by page."""

import csv
import io
import os
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from audit.models import Event, JobRun
from portfolio import uploads
from portfolio.forms import imports as import_form
from portfolio.models import Pilot
from portfolio.registers import reading
from portfolio.tasks import imports_sweep
from tests.portfolio.registers.writing import MESSY, NAME, PLAIN, as_csv, as_workbook

pytestmark = pytest.mark.django_db
CREATE = "portfolio:import-create"


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    return settings.DATA_DIR


@pytest.fixture
def manager(cast, sign_in):
    return sign_in(cast.manager)


def send(client, content, *, name="register.csv", mapping="us-federal-2024", **data):
    return client.post(
        reverse(CREATE), {"file": SimpleUploadedFile(name, content), "mapping": mapping, "committee": "", **data}
    )


def uploaded(client, rows=MESSY, **options) -> str:
    """Upload rows and return the address of the preview."""
    response = send(client, as_csv(rows), **options)
    assert response.status_code == 302, response.context["form"].errors
    return response.headers["Location"]


def post_of(client, page: str) -> dict[str, str]:
    """The fields of the form on a page, as a browser would post them."""
    return dict(re.findall(r'name="(form_key)" value="([^"]+)"', client.get(page).content.decode()))


def test_the_form_says_the_limits_and_the_columns_beforehand(manager):
    page = manager.get(reverse(CREATE)).content.decode()
    assert "at most 20 MB and 5,000 rows" in page
    assert "The template of Pilotage" in page
    assert "Planned end" in page


def test_an_upload_is_shown_before_anything_is_imported(manager):
    page = manager.get(uploaded(manager, [*MESSY, PLAIN | {NAME: ""}])).content.decode()
    assert "Nothing has been imported yet" in page
    assert "Sorting seed packets by photograph" in page
    assert "Assumed" in page
    assert "The pilot has no name." in page
    assert "a year that a spreadsheet turned into a day of 1905" in page
    assert (Pilot.objects.count(), Event.objects.filter(kind="portfolio.pilot.imported").count()) == (0, 0)


def test_confirming_imports_without_another_upload(cast, manager):
    preview = uploaded(manager, committee=cast.committee.slug)
    response = manager.post(preview, post_of(manager, preview))
    assert (response.status_code, response.headers["Location"]) == (302, f"{preview}result/")
    assert Pilot.objects.count() == 6
    pilot = Pilot.objects.first()
    assert (pilot.created_by, pilot.committee_slug) == (cast.manager, "steering")
    assert Event.objects.filter(kind="portfolio.pilot.imported", actor=cast.manager.ref).count() == 6


@pytest.mark.django_db(transaction=True)
def test_the_result_is_told_and_the_register_is_let_go(cast, manager, data_dir):
    preview = uploaded(manager)
    manager.post(preview, post_of(manager, preview))
    page = manager.get(f"{preview}result/").content.decode()
    assert "The register is imported" in page
    assert "?stage=awaiting_decision" in page
    assert [path.name for path in data_dir.rglob("*") if path.is_file() and path.name == "register"] == []
    assert manager.get(preview).headers["Location"] == f"{preview}result/"
    report = manager.get(f"{preview}report/")
    assert report.headers["Content-Disposition"] == 'attachment; filename="report_on_register.csv"'
    rows = list(csv.DictReader(io.StringIO(report.content.decode("utf-8-sig"))))
    assert len(rows) == 7
    assert {row["Row was"] for row in rows} == {"taken"}


@pytest.mark.django_db(transaction=True)
def test_posting_twice_imports_once(cast, manager):
    preview = uploaded(manager)
    fields = post_of(manager, preview)
    answers = [manager.post(preview, fields) for _ in range(2)]
    assert [answer.headers["Location"] for answer in answers] == [f"{preview}result/"] * 2
    assert Pilot.objects.count() == 6


def test_there_is_nothing_to_confirm_where_nothing_would_change(manager):
    first = uploaded(manager)
    manager.post(first, post_of(manager, first))
    page = manager.get(uploaded(manager)).content.decode()
    assert "everything that was understood is here already" in page
    assert "Import it" not in page


def test_an_upload_can_be_dropped(manager, data_dir):
    preview = uploaded(manager)
    response = manager.post(preview, {**post_of(manager, preview), "forget": "yes"})
    assert response.headers["Location"] == reverse(CREATE)
    assert list((data_dir / "imports").iterdir()) == []
    assert manager.get(preview).status_code == 404


def test_another_managers_upload_is_not_there(cast, manager, sign_in, now, today):
    from accounts.granting import grant_role
    from accounts.states import Role

    grant_role(actor=None, person=cast.charlie, role=Role.PORTFOLIO_MANAGER, since=today - timedelta(days=900), now=now)
    preview = uploaded(manager)
    other = sign_in(cast.charlie)
    for address in (preview, f"{preview}result/", f"{preview}report/"):
        assert other.get(address).status_code == 404
    assert other.post(preview).status_code == 404
    assert manager.get(preview).status_code == 200


def test_names_that_were_not_given_out_are_not_there(manager):
    for token in ("x" * 48, "0" * 48, "about"):
        assert manager.get(reverse("portfolio:import-detail", args=[token])).status_code == 404


@pytest.mark.parametrize("who", ["alice", "bob", "charlie", "administrator", "auditor", "viewer"])
def test_only_portfolio_managers_import(cast, sign_in, who):
    assert sign_in(getattr(cast, who)).get(reverse(CREATE)).status_code == 403


@pytest.mark.parametrize(
    ("content", "name", "what"),
    [
        (b"\x89PNG\r\n", "register.csv", "This is a picture"),
        (as_csv([PLAIN], header=["Name", "Unit"]), "register.csv", "is missing"),
        (b"PK\x03\x04", "register.xlsx", "damaged archive"),
        (b"", "register.csv", "empty"),
    ],
)
def test_a_file_of_no_use_is_refused_beside_its_field(manager, data_dir, content, name, what):
    response = send(manager, content, name=name)
    assert response.status_code == 422
    assert what in str(response.context["form"].errors["file"])
    assert not (data_dir / "imports").exists()


def test_too_much_is_refused(manager, monkeypatch):
    monkeypatch.setattr("portfolio.views.imports.MAX_PAGE_ROWS", 5)
    assert "a page imports at most 5" in str(send(manager, as_csv(MESSY)).context["form"].errors["file"])
    monkeypatch.setattr(import_form, "MAX_BYTES", 10)
    assert "larger than" in str(send(manager, as_csv(MESSY)).context["form"].errors["file"])
    assert reading.MAX_BYTES > 10


def test_a_workbook_does_as_well(manager):
    response = send(manager, as_workbook(MESSY), name="register.xlsx")
    assert "read as a workbook, sheet Register" in manager.get(response.headers["Location"]).content.decode()


def test_names_of_files_lead_nowhere(manager, data_dir):
    response = send(manager, as_csv(MESSY), name="../../etc/<script>.csv")
    page = manager.get(response.headers["Location"]).content.decode()
    assert "<script>.csv" not in page
    report = manager.get(f"{response.headers['Location']}report/")
    assert report.headers["Content-Disposition"] == 'attachment; filename="report_on_script.csv"'
    [folder] = (data_dir / "imports").iterdir()
    assert sorted(path.name for path in folder.iterdir()) == ["about.json", "register", "report.csv"]
    assert folder.stat().st_mode & 0o077 == 0


def test_another_import_in_between_is_said(cast, manager, monkeypatch):
    preview = uploaded(manager)
    fields = post_of(manager, preview)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('portfolio.importing'))")
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '100ms'")
        response = manager.post(preview, fields)
    finally:
        other.close()
    assert response.status_code == 422
    assert "Another import is running." in response.content.decode()


def test_uploads_are_swept_after_a_day(cast, manager, data_dir):
    old = uploaded(manager)
    [folder] = (data_dir / "imports").iterdir()
    day_before = (timezone.now() - uploads.KEPT_FOR - timedelta(minutes=1)).timestamp()
    os.utime(folder, (day_before, day_before))
    young = uploaded(manager, MESSY[:2])  # a visit sweeps too
    assert manager.get(old).status_code == 404
    imports_sweep()
    assert manager.get(young).status_code == 200
    assert JobRun.objects.get(job="imports.sweep").outcome == {"removed": 0}
    assert str(data_dir) != str(settings.BASE_DIR)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_preview_asks_the_same_number_of_queries_for_any_number_of_rows(manager, rows, django_assert_num_queries):
    first = uploaded(manager, MESSY[:rows])
    manager.post(first, post_of(manager, first))
    preview = uploaded(manager, MESSY[:rows])
    with django_assert_num_queries(7):  # session, user, roles; pilots of the register, rounds, units; committees
        manager.get(preview)
