"""The pages on which people enter, correct, paste and read measurements."""

import csv
import io
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from portfolio.models import Measurement
from portfolio.states import Origin, Outcome
from tests import building
from tests.counting import queries_of
from tests.gates.deciding_for import decide
from tests.portfolio.measures.building import MINUTES, measure, measured_pilot
from tests.portfolio.registers.writing import as_workbook

KEY = "2c9b7b7e-8a51-4a6c-9b0f-0a8d2f6e3c11"


@pytest.fixture(autouse=True)
def _the_clock_stands(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture(autouse=True)
def _data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"


@pytest.fixture
def pilot(cast, today, now):
    return measured_pilot(cast, today=today, now=now)


@pytest.fixture
def alice(cast, sign_in):
    return sign_in(cast.alice)


@pytest.fixture
def page(pilot):
    return f"/pilots/{pilot.code}/measures/"


def text_of(response) -> str:
    """What a page says, in one line."""
    words = re.sub(r"<[^>]+>", " ", response.content.decode()).replace("\N{NO-BREAK SPACE}", " ")
    return " ".join(words.replace("&nbsp;", " ").split())


def sent(client, url, **fields):
    return client.post(url, {"form_key": KEY, **fields})


class TestOneValue:
    def test_it_is_entered_and_shown_against_the_target(self, alice, page, today):
        answer = sent(alice, f"{page}1/", on=today.isoformat(), value="38,0", note="Week 46", source="")
        assert (answer.status_code, answer.headers["Location"]) == (302, f"{page}1/")
        shown = text_of(alice.get(page))
        assert "38 minutes on 16 November, down from 55; target 30: 68 % of the way." in shown
        assert "Nothing measured yet; baseline 60, target 80." in shown

    @pytest.mark.parametrize(
        ("fields", "field", "reason"),
        [
            ({"value": "1,234"}, "value", "can be read as 1234 and as 1.234"),
            ({"value": "about 40"}, "value", "is not a number"),
            ({"value": ""}, "value", "This field is required"),
            ({"on": "2026-11-17"}, "on", "still to come"),
            ({"on": "2026-01-01"}, "on", "before the start of the round"),
        ],
    )
    def test_what_is_refused_stands_beside_its_field_and_stays(self, alice, page, today, fields, field, reason):
        answer = sent(alice, f"{page}1/", **{"on": today.isoformat(), "value": "38", "note": "Week 46", **fields})
        assert answer.status_code == 422
        assert reason in str(answer.context["form"].errors[field])
        assert "Week 46" in answer.content.decode()
        assert not Measurement.objects.exists()

    def test_two_posts_have_one_effect(self, alice, page, today):
        answers = [sent(alice, f"{page}1/", on=today.isoformat(), value="38") for _ in range(2)]
        assert [answer.status_code for answer in answers] == [302, 302]
        assert Measurement.objects.count() == 1

    def test_readers_see_no_form(self, cast, pilot, page, sign_in, today, now):
        measure(cast, pilot, 41, ago=2, today=today, now=now)
        shown = sign_in(cast.viewer).get(f"{page}1/")
        assert shown.status_code == 200
        assert not re.search("Add it|Correct", text_of(shown))
        assert sign_in(cast.viewer).post(f"{page}1/", {"value": "1"}).status_code == 403

    def test_a_round_or_criterion_that_is_not_there_is_not_found(self, alice, page):
        for address in (f"{page}7/", f"{page}?round=9", f"{page}?round=x", f"{page}1/?round=%C2%B2"):
            assert alice.get(address).status_code == 404, address

    def test_a_decided_round_asks_for_it_to_be_added_afterwards(self, cast, gate_set, alice, today, now):
        pilot = measured_pilot(cast, MINUTES, due=-5, today=today, now=now)
        measure(cast, pilot, 41, ago=20, today=today, now=now)
        decide(cast, pilot, Outcome.STOP, today=today, now=now)
        url = f"/pilots/{pilot.code}/measures/1/"
        refused = sent(alice, url, on=today.isoformat(), value="29")
        assert refused.status_code == 422
        assert "Round 1 is decided" in str(refused.context["form"].errors["afterwards"])
        assert sent(alice, url, on=today.isoformat(), value="29", afterwards="on").status_code == 302
        shown = alice.get(url)
        assert "Added after the decision, not counted." in text_of(shown)
        assert "41 minutes on 27 October, down from 55; target 30: 56 % of the way." in text_of(shown)
        assert 'class="chart-dot is-afterwards"' in shown.content.decode()


class TestCorrecting:
    @pytest.fixture
    def row(self, cast, pilot, today, now):
        return measure(cast, pilot, 14, ago=2, today=today, now=now)

    def test_the_value_that_was_there_is_struck_through(self, alice, page, row):
        url = f"{page}1/{row.pk}/correct/"
        fields = {"on": row.on.isoformat(), "value": "41", "reason": "Two digits were swapped."}
        assert sent(alice, url, **fields).status_code == 302
        shown = alice.get(f"{page}1/")
        assert "<del>14</del>" in shown.content.decode()
        assert "Corrected by Alice: Two digits were swapped." in text_of(shown)

    def test_who_comes_second_sees_both_texts(self, alice, page, row):
        url = f"{page}1/{row.pk}/correct/"
        fields = {"on": row.on.isoformat(), "reason": "Two digits were swapped."}
        assert sent(alice, url, value="41", **fields).status_code == 302
        second = alice.post(url, {"value": "44", **fields})
        assert second.status_code == 409
        later = Measurement.objects.get(supersedes=row)
        conflict = second.context["conflict"]
        assert [(field.name, field.theirs, field.yours) for field in conflict.fields] == [("value", "41.0000", "44")]
        assert conflict.action == f"{page}1/{later.pk}/correct/"
        assert alice.post(conflict.action, {"value": "44", **fields}).status_code == 302
        assert Measurement.objects.counting().get().value == 44

    def test_a_value_is_withdrawn_with_its_reason(self, alice, page, row):
        url = f"{page}1/{row.pk}/withdraw/"
        assert sent(alice, url, reason="").status_code == 422
        assert sent(alice, url, reason="Another team's figure.").status_code == 302
        assert "Withdrawn by Alice: Another team&#x27;s figure." in text_of(alice.get(f"{page}1/"))
        assert alice.post(url, {"reason": "Again."}).status_code == 422
        assert "Nothing measured yet" in text_of(alice.get(page))

    def test_another_pilots_value_is_not_there(self, cast, alice, row, today, now):
        other = measured_pilot(cast, today=today, now=now)
        assert alice.get(f"/pilots/{other.code}/measures/1/{row.pk}/correct/").status_code == 404


def pasted(today) -> str:
    """Two weeks of both criteria, one cell that is no number, one day to come."""
    days = [(today - timedelta(days=ago)).isoformat() for ago in (9, 2, -5)]
    rows = ["Date\tHandling time\tFirst answers right\tWeather", f"{days[0]}\t44,5\t70\tsun"]
    return "\n".join([*rows, f"{days[1]}\t41,2\tn/a\train", f"{days[2]}\t40,1\t72\tsun", ""])


class TestSheets:
    def look(self, client, page, **fields):
        answer = sent(client, f"{page}add/", **fields)
        assert answer.status_code == 302, answer.context["form"].errors
        return answer.headers["Location"]

    def add(self, client, preview, **fields):
        (seen,) = re.findall(r'name="seen" value="(\w+)"', client.get(preview).content.decode())
        return client.post(preview, {"seen": seen, **fields})

    def test_a_pasted_table_is_shown_before_anything_is_added(self, alice, page, today):
        shown = text_of(alice.get(self.look(alice, page, table=pasted(today))))
        assert "New 3 Here already 0 Refused 3" in shown
        assert "numbers with a decimal comma. Nothing has been added yet." in shown
        assert "Columns that name nothing here are left out: Weather." in shown
        assert (
            "3 First answers right “n/a” is not a number. Write the number alone, such as 41.5 or 41,5, in %." in shown
        )
        assert "4 Date 21 November 2026 is still to come. Write the day on which it was measured." in shown
        assert not Measurement.objects.exists()

    def test_confirming_adds_all_that_is_new(self, alice, page, today):
        answer = self.add(alice, self.look(alice, page, table=pasted(today)))
        assert (answer.status_code, answer.headers["Location"]) == (302, f"{page}?round=1")
        rows = Measurement.objects.order_by("criterion__number", "on").values_list(
            "criterion__number", "value", "origin"
        )
        assert [(number, str(value), origin) for number, value, origin in rows] == [
            (1, "44.5000", Origin.PASTED), (1, "41.2000", Origin.PASTED), (2, "70.0000", Origin.PASTED),
        ]  # fmt: skip

    def test_the_same_file_twice_adds_nothing(self, alice, page, today):
        rows = [
            {"Date": (today - timedelta(days=ago)).isoformat(), "Criterion": "1", "Value": str(40 + ago)}
            for ago in (1, 2)
        ]
        for content in (as_workbook(rows, header=list(rows[0])), as_workbook(rows, header=list(rows[0]))):
            preview = self.look(alice, page, file=SimpleUploadedFile("values.xlsx", content))
            shown = text_of(alice.get(preview))
            if "There is nothing to add" not in shown:
                self.add(alice, preview)
        assert "New 0 Here already 2 Refused 0" in shown
        assert "Add " not in re.sub("Added|added", "", shown.split("In figures")[1])
        assert set(Measurement.objects.values_list("origin", flat=True)) == {Origin.IMPORTED}
        assert Measurement.objects.count() == 2

    def test_what_others_entered_meanwhile_is_said(self, cast, pilot, alice, page, today, now):
        preview = self.look(alice, page, table=pasted(today))
        (seen,) = re.findall(r'name="seen" value="(\w+)"', alice.get(preview).content.decode())
        measure(cast, pilot, 99, ago=2, today=today, now=now)
        answer = alice.post(preview, {"seen": seen})
        assert answer.status_code == 422
        assert "Somebody entered values while you were looking" in text_of(answer)
        assert "but there is 99 on that day" in text_of(answer)
        assert Measurement.objects.count() == 1

    def test_what_was_pasted_can_be_changed(self, alice, page, today):
        preview = self.look(alice, page, table=pasted(today), sign=",")
        (again,) = re.findall(r'href="([^"]*again=[^"]*)"', alice.get(preview).content.decode())
        form = alice.get(again.replace("&amp;", "&")).context["form"]
        assert (form.initial["table"], form.initial["sign"]) == (pasted(today), ",")
        assert alice.post(preview, {"forget": "yes"}).status_code == 302
        assert alice.get(preview).status_code == 404

    @pytest.mark.parametrize(
        ("fields", "field", "reason"),
        [
            ({}, "table", "Paste a table, or choose a file"),
            ({"table": "hello"}, "table", "no separated columns were found"),
            ({"table": "Date\tPrice\n2026-11-01\t4"}, "table", "a column of values, or one named after a criterion"),
            ({"file": b"\x89PNG\r\n"}, "file", "This is a picture"),
            ({"file": b"PK\x03\x04"}, "file", "damaged archive"),
            ({"table": "Date\tValue", "file": b"Date,Value"}, "file", "There is a pasted table as well"),
            ({"file": b"x" * (2 * 1024 * 1024 + 1)}, "file", "larger than 2 MB"),
        ],
    )
    def test_what_is_no_table_is_refused_beside_its_field(self, alice, page, fields, field, reason):
        if "file" in fields:
            fields = {**fields, "file": SimpleUploadedFile("values.csv", fields["file"])}
        answer = sent(alice, f"{page}add/", **fields)
        assert answer.status_code == 422
        assert reason in str(answer.context["form"].errors[field])
        if "table" in fields:
            assert fields["table"].split("\n")[0].split("\t")[0] in answer.content.decode()

    def test_a_draft_says_why_it_takes_none(self, cast, alice, today, now):
        pilot = building.proposed(cast, today=today, now=now)
        shown = text_of(alice.get(f"/pilots/{pilot.code}/measures/add/"))
        assert "The round has not started. What is measured before the start is the baseline." in shown


def test_the_export_starts_no_formula_and_comes_back_as_it_is(cast, pilot, alice, page, today, now):
    measure(cast, pilot, "1.234", ago=2, today=today, now=now, note="=1+1", source="@home")
    measure(cast, pilot, "-1200.5", ago=1, today=today, now=now, note="-")
    answer = alice.get(f"{page}export/")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{pilot.code}_round_1_measurements.csv"'
    content = answer.content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert [(row["Value"], row["Note"], row["Source"]) for row in rows] == [
        ("1.2340", "'=1+1", "'@home"), ("-1200.5", "'-", ""),
    ]  # fmt: skip
    preview = sent(alice, f"{page}add/", file=SimpleUploadedFile("back.csv", answer.content)).headers["Location"]
    assert "New 0 Here already 2 Refused 0" in text_of(alice.get(preview))
    Measurement.objects.exists()
    other = measured_pilot(cast, today=today, now=now)
    preview = alice.post(
        f"/pilots/{other.code}/measures/add/", {"file": SimpleUploadedFile("back.csv", answer.content)}
    ).headers["Location"]
    new = alice.get(preview).context["brought"].plan.new
    assert [(str(entry.value), entry.note, entry.source) for entry in new] == [
        ("1.2340", "=1+1", "@home"), ("-1200.5000", "-", ""),
    ]  # fmt: skip


def test_pages_take_the_same_queries_at_one_value_and_at_fifty(cast, pilot, alice, page, today, now):
    measure(cast, pilot, 50, ago=60, today=today, now=now)
    addresses = (page, f"{page}1/", pilot.get_absolute_url(), f"{page}export/")
    once = [queries_of(alice, address) for address in addresses]
    for ago in range(50):
        measure(cast, pilot, 45, ago=ago, today=today, now=now)
    assert [queries_of(alice, address) for address in addresses] == once


@pytest.mark.requirement(11, page="/pilots/P-0001/")
def test_the_pilot_page_shows_promised_and_measured(cast, pilot, alice, today, now):
    measure(cast, pilot, 28, ago=2, today=today, now=now)
    shown = alice.get(pilot.get_absolute_url())
    words = text_of(shown)
    assert "Promised and measured Round 1: 1 of 2 met" in words
    assert "28 minutes on 14 November, down from 55; target 30: met." in words
    assert "Nobody has measured “First answers right” yet." in words
    assert shown.content.decode().count('<svg class="chart ') == 1
