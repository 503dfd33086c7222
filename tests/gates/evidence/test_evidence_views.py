"""The library and its pages: adding, reading, downloading, replacing, withdrawing; what was typed stays."""

import json
import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from gates.evidence_library import evidence_for
from gates.evidencing import withdraw_evidence
from gates.models import Evidence, EvidenceUse, StoredFile
from gates.queries import latest_round
from gates.states import EvidenceKind, FileState
from portfolio.states import Visibility
from tests import building
from tests.counting import queries_of
from tests.gates.evidence.adding import add_file, add_note, criterion
from tests.gates.evidence.files import PDF, png


@pytest.fixture
def pilot(cast, gate_set, today, now):
    return building.running(cast, today=today, now=now, due=30)


@pytest.fixture
def alice(cast, sign_in):
    return sign_in(cast.alice)


def library(pilot) -> str:
    return f"/pilots/{pilot.code}/evidence/"


def piece(kind=EvidenceKind.FILE, **fields) -> dict:
    return {"kind": kind.value, "title": "A piece", "note": "", "form_key": str(uuid.uuid4()), **fields}


def upload(content=PDF, name="report.pdf") -> SimpleUploadedFile:
    # What the sender says of the type is of no account.
    return SimpleUploadedFile(name, content, content_type="text/html")


@pytest.mark.requirement(27, page="/pilots/P-0001/evidence/")
class TestAdding:
    @pytest.mark.parametrize(
        "fields",
        [
            {"kind": "file", "title": "", "note": "A week of letters."},
            {"kind": "link", "title": "Report", "url": "https://example.org/report"},
            {"kind": "note", "title": "Talk", "note": "All agreed."},
        ],
        ids=lambda fields: fields["kind"],
    )
    def test_each_kind_is_added_and_supports_what_was_ticked(self, alice, pilot, today, fields):
        sent = {**piece(), **fields, "criteria": [criterion(1, 1).slug, criterion(2, 2).slug]}
        if fields["kind"] == "file":
            sent["file"] = upload()
        answer = alice.post(f"{library(pilot)}add/?criterion={criterion(1, 1).slug}", sent)
        assert answer.headers["Location"] == (
            f"/pilots/{pilot.code}/gates/business-ownership/#criterion-{criterion(1, 1).pk}"
        )
        one = Evidence.objects.get()
        assert (one.kind, one.title) == (fields["kind"], fields["title"] or "report")
        found = evidence_for([criterion(1, 1), criterion(2, 2)], latest_round(pilot), today=today)
        assert [[view.evidence for view in views] for views in found.values()] == [[one], [one]]

    def test_an_unfit_file_is_named_with_reason_and_way_out_and_what_was_typed_stays(self, alice, pilot):
        sent = piece(note="Minutes.", criteria=[criterion().slug], file=upload(b"<svg onload=alert(1)>", "plan.png"))
        answer = alice.post(f"{library(pilot)}add/", sent)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "plan.png: It is a PNG image and something else at the same time. Save it again" in page
        assert "choose the file again" in page
        assert ">\nMinutes.</textarea>" in page
        assert answer.context["form"].chosen_criteria == {criterion().slug}
        assert (Evidence.objects.count(), StoredFile.objects.count()) == (0, 0)

    @pytest.mark.parametrize(
        ("setting", "said"),
        [
            ("EVIDENCE_FILE_LIMIT", "notes.txt: It is 3 kB; a file may have 1 kB at most."),
            ("EVIDENCE_QUOTA", "notes.txt: It is 3 kB; this pilot&#x27;s library has room for 1 kB more."),
        ],
    )
    def test_a_file_over_its_limit_or_the_library_s_is_refused(self, alice, pilot, settings, setting, said):
        setattr(settings, setting, 1000)
        answer = alice.post(f"{library(pilot)}add/", piece(file=upload(b"x" * 3000, "notes.txt")))
        assert answer.status_code == 422
        assert said in answer.content.decode()

    def test_without_a_file_the_form_asks_for_one(self, alice, pilot):
        answer = alice.post(f"{library(pilot)}add/", piece(note="Minutes."))
        assert answer.status_code == 422
        assert "Choose a file." in answer.content.decode()

    def test_one_content_is_stored_once(self, alice, pilot):
        for name in ("one.pdf", "two.pdf"):
            assert alice.post(f"{library(pilot)}add/", piece(file=upload(name=name))).status_code == 302
        assert (Evidence.objects.count(), StoredFile.objects.count()) == (2, 1)

    def test_two_posts_of_one_form_add_one_piece(self, alice, pilot):
        sent = piece(EvidenceKind.NOTE, note="Minutes.")
        answers = [alice.post(f"{library(pilot)}add/", sent) for _ in range(2)]
        assert [answer.headers["Location"] for answer in answers] == [library(pilot)] * 2
        assert Evidence.objects.count() == 1

    @pytest.mark.parametrize("kind", [*EvidenceKind.values, "nonsense"])
    def test_every_kind_has_its_form(self, alice, pilot, kind):
        answer = alice.get(f"{library(pilot)}add/?kind={kind}")
        assert answer.status_code == (404 if kind == "nonsense" else 200)


@pytest.mark.requirement(27, page="/pilots/P-0001/evidence/1/")
class TestDownloading:
    def test_a_file_comes_as_a_download_of_a_fixed_type_that_cannot_act(self, cast, sign_in, pilot, today, now):
        one = add_file(cast, pilot, data=PDF, name='Über "alles".pdf', today=today, now=now)
        answer = sign_in(cast.viewer).get(f"{one.get_absolute_url()}file")
        assert b"".join(answer.streaming_content) == PDF
        wanted = {
            "Content-Type": "application/pdf",
            "Content-Length": str(len(PDF)),
            "Content-Disposition": "attachment; filename*=utf-8''%C3%9Cber%20alles.pdf",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
            "X-Frame-Options": "DENY",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        assert {name: answer.headers[name] for name in wanted} == wanted

    def test_a_picture_is_shown_from_the_same_guarded_address(self, cast, alice, pilot, today, now):
        one = add_file(cast, pilot, data=png(), name="screen.png", today=today, now=now)
        assert f'src="{one.get_absolute_url()}file"' in alice.get(one.get_absolute_url()).content.decode()

    def test_text_is_shown_as_text(self, cast, alice, pilot, today, now):
        one = add_file(cast, pilot, data=b"a,b\n1,<i>2</i>\n", name="table.csv", today=today, now=now)
        assert "1,&lt;i&gt;2&lt;/i&gt;" in alice.get(one.get_absolute_url()).content.decode()

    @pytest.mark.parametrize("state", [FileState.QUARANTINED, FileState.BLOCKED])
    def test_what_waits_for_the_scanner_or_is_blocked_cannot_be_had(self, cast, alice, pilot, today, now, state):
        one = add_file(cast, pilot, today=today, now=now)
        StoredFile.objects.update(state=state, scanned_at=now if state == FileState.BLOCKED else None)
        page = alice.get(one.get_absolute_url()).content.decode()
        assert alice.get(f"{one.get_absolute_url()}file").status_code == 404
        assert f"{one.get_absolute_url()}file" not in page
        assert "9,34" not in page

    def test_another_pilots_piece_is_not_there(self, cast, alice, pilot, today, now):
        one = add_note(cast, pilot, today=today, now=now)
        other = building.running(cast, today=today, now=now, due=30)
        assert alice.get(f"{library(other)}{one.pk}/").status_code == 404

    def test_a_missing_file_is_said_and_leads_back(self, cast, alice, pilot, today, now):
        one = add_file(cast, pilot, data=b"will be lost", name="a.txt", today=today, now=now)
        (settings.DATA_DIR / "evidence/files" / one.file.sha256[:2] / one.file.sha256).unlink()
        answer = alice.get(f"{one.get_absolute_url()}file", follow=True)
        assert "missing from the store" in answer.content.decode()

    def test_restricted_pilots_keep_their_files(self, cast, sign_in, gate_set, today, now):
        hidden = building.running(cast, today=today, now=now, due=30, visibility=Visibility.RESTRICTED)
        one = add_file(cast, hidden, today=today, now=now)
        seen = {
            name: sign_in(getattr(cast, name)).get(f"{one.get_absolute_url()}file") for name in ("alice", "charlie")
        }
        assert {name: answer.status_code for name, answer in seen.items()} == {"alice": 200, "charlie": 404}
        list(seen["alice"])


class TestLibrary:
    def test_it_is_searched_narrowed_and_sorted(self, cast, alice, pilot, today, now):
        old = today - timedelta(days=90)
        add_note(cast, pilot, title="Alpha", valid_until=today - timedelta(days=1), today=old, now=now)
        add_note(cast, pilot, title="Beta", note="zebra", criteria=[criterion()], today=today, now=now)
        gone = add_note(cast, pilot, title="Gamma", today=today, now=now)
        withdraw_evidence(actor=cast.alice, evidence=gone, reason="Wrong.", now=now)

        def titles(query: str) -> list[str]:
            rows = alice.get(f"{library(pilot)}?{query}").context["rows"]
            return [row.evidence.title for row in rows]

        assert {
            query: titles(query)
            for query in (
                "", "sort=title", "sort=-title", "sort=until", "sort=nonsense", "search=ZEBRA", "state=expired",
                "state=withdrawn", "state=current", "kind=link", f"criterion={criterion().slug}", "state=nonsense",
            )
        } == {
            "": ["Gamma", "Beta", "Alpha"], "sort=title": ["Alpha", "Beta", "Gamma"],
            "sort=-title": ["Gamma", "Beta", "Alpha"], "sort=until": ["Alpha", "Gamma", "Beta"],
            "sort=nonsense": ["Gamma", "Beta", "Alpha"], "search=ZEBRA": ["Beta"], "state=expired": ["Alpha"],
            "state=withdrawn": ["Gamma"], "state=current": ["Beta"], "kind=link": [],
            f"criterion={criterion().slug}": ["Beta"], "state=nonsense": ["Gamma", "Beta", "Alpha"],
        }  # fmt: skip

    def test_its_queries_do_not_grow(self, cast, alice, pilot, today, now):
        add_file(cast, pilot, today=today, now=now, criteria=[criterion()])
        before = queries_of(alice, library(pilot))
        for number in range(6):
            add_file(
                cast, pilot, data=b"%d" % number, title=f"{number}", criteria=[criterion(1, 2)], today=today, now=now
            )
        assert queries_of(alice, library(pilot)) == before

    def test_an_empty_one_says_what_to_do(self, alice, pilot):
        assert "No evidence yet" in alice.get(library(pilot)).content.decode()


class TestChanging:
    def test_only_what_the_form_changed_is_changed(self, cast, alice, pilot, today, now):
        one = add_note(cast, pilot, criteria=[criterion(1, 1), criterion(1, 2)], today=today, now=now)
        # The form was shown before another person ticked 1.2, and unticks 1.1, ticks 2.1.
        sent = {"shown": criterion(1, 1).slug, "criteria": [criterion(2, 1).slug], "form_key": str(uuid.uuid4())}
        assert alice.post(f"{one.get_absolute_url()}supports/", sent).status_code == 302
        found = evidence_for([criterion(1, 1), criterion(1, 2), criterion(2, 1)], latest_round(pilot), today=today)
        assert [bool(views) for views in found.values()] == [False, True, True]

    def test_a_refusal_is_said_on_the_page(self, cast, alice, pilot, today, now):
        one = add_note(cast, pilot, today=today, now=now)
        withdraw_evidence(actor=cast.alice, evidence=one, reason="Wrong.", now=now)
        sent = {"shown": "", "criteria": [criterion().slug], "form_key": str(uuid.uuid4())}
        answer = alice.post(f"{one.get_absolute_url()}supports/", sent)
        assert (answer.status_code, EvidenceUse.objects.count()) == (422, 0)
        assert "was withdrawn" in answer.content.decode()

    def test_replacing_and_withdrawing_by_page(self, cast, alice, pilot, today, now):
        old = add_note(cast, pilot, title="Old", criteria=[criterion()], today=today, now=now)
        sent = piece(EvidenceKind.NOTE, title="New", note="Better.")
        answer = alice.post(f"{old.get_absolute_url()}replace/", sent)
        newer = Evidence.objects.get(supersedes=old)
        assert answer.headers["Location"] == newer.get_absolute_url()
        refused = alice.post(f"{newer.get_absolute_url()}withdraw/", {"reason": " "})
        assert (refused.status_code, "Say why it no longer stands." in refused.content.decode()) == (422, True)
        assert alice.post(f"{newer.get_absolute_url()}withdraw/", {"reason": "Wrong team."}).status_code == 302
        assert "Wrong team." in alice.get(newer.get_absolute_url()).content.decode()
        again = alice.post(f"{old.get_absolute_url()}replace/", piece(EvidenceKind.NOTE, title="x", note="x"))
        assert (again.status_code, "was superseded by" in again.content.decode()) == (422, True)


class TestOfACriterion:
    def page(self, pilot) -> str:
        return f"/pilots/{pilot.code}/gates/business-ownership/criteria/{criterion().slug}/evidence/"

    def test_what_the_library_has_is_offered_attached_and_detached(self, cast, alice, pilot, today, now):
        one, other = (add_note(cast, pilot, title=title, today=today, now=now) for title in ("Talk", "Walk"))
        gone = add_note(cast, pilot, title="Gone", today=today, now=now)
        withdraw_evidence(actor=cast.alice, evidence=gone, reason="Wrong.", now=now)
        steps = []
        for sent in ({}, {"attach": one.pk}, {"detach": one.pk}):
            if sent:
                answer = alice.post(self.page(pilot), {**sent, "form_key": str(uuid.uuid4())})
                assert answer.headers["Location"] == self.page(pilot)
            seen = alice.get(self.page(pilot)).context
            steps.append(([view.evidence for view in seen["evidence"]], seen["offered"]))
        assert steps == [([], [other, one]), ([one], [other]), ([], [other, one])]

    def test_htmx_gets_the_picker_and_a_search_finds_the_rest(self, cast, alice, pilot, today, now):
        for number in range(21):
            add_note(cast, pilot, title=f"Talk {number}", today=today, now=now)
        htmx = {"headers": {"HX-Request": "true"}}
        first = alice.get(self.page(pilot), **htmx)
        assert ("<html" in first.content.decode(), len(first.context["offered"]), first.context["more"]) == (
            False,
            20,
            True,
        )
        found = alice.get(f"{self.page(pilot)}?search=talk+0", **htmx).context["offered"]
        assert [piece.title for piece in found] == ["Talk 0"]
        answer = alice.post(self.page(pilot), {"attach": found[0].pk, "form_key": str(uuid.uuid4())}, **htmx)
        assert [view.evidence for view in answer.context["evidence"]] == found
        assert json.loads(answer.headers["HX-Trigger"]) == {"evidenceChanged": {}}
        assert EvidenceUse.objects.get().evidence == found[0]

    def test_a_refusal_is_said_in_place(self, cast, alice, pilot, today, now):
        gone = add_note(cast, pilot, today=today, now=now)
        withdraw_evidence(actor=cast.alice, evidence=gone, reason="Wrong.", now=now)
        answer = alice.post(self.page(pilot), {"attach": gone.pk, "form_key": str(uuid.uuid4())})
        assert (answer.status_code, "was withdrawn" in answer.content.decode()) == (422, True)

    @pytest.mark.parametrize("sent", [{}, {"attach": "x"}, {"detach": "999999"}])
    def test_what_is_no_piece_is_not_there(self, alice, pilot, sent):
        assert alice.post(self.page(pilot), sent).status_code == 404

    def test_a_criterion_that_is_not_asked_is_not_there(self, alice, pilot):
        assert alice.get(self.page(pilot).replace(criterion().slug, "nonsense")).status_code == 404


def test_the_pilot_page_shows_the_newest_and_what_expired_in_few_queries(cast, alice, pilot, today, now):
    add_note(cast, pilot, today=today, now=now)
    before = queries_of(alice, pilot.get_absolute_url())
    for number in range(6):
        until = today - timedelta(days=1) if number == 0 else None
        add_note(
            cast, pilot, title=f"Talk {number}", valid_until=until, criteria=[criterion()],
            today=today - timedelta(days=9), now=now,
        )  # fmt: skip
    assert queries_of(alice, pilot.get_absolute_url()) <= before + 1  # decisions are asked for once a round has uses
    page = alice.get(pilot.get_absolute_url()).content.decode()
    assert [f"Talk {number}" in page for number in range(6)] == [False, False, True, True, True, True]
    assert "1 expired" in page
