"""The store of files: arrivals, the sweep, the scanner, another store, a full disk, altered files, raw SQL."""

import errno
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from accounts.obstacles import RefusedError
from audit.models import Event
from config.settings.parsing import file_store
from config.uploading import LostFile, PatientUploadHandler
from gates import file_keeping, filing
from gates.evidencing import Content, add_evidence, withdraw_evidence
from gates.file_keeping import scan_waiting, sweep_files
from gates.filing import KeptFile, keep
from gates.models import Evidence, StoredFile
from gates.sniffing import UnfitError
from gates.states import EvidenceKind, FileState, FileType
from tests import building
from tests.gates.evidence.adding import add_file, criterion

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    """A data folder of the test's own."""
    settings.DATA_DIR = tmp_path
    settings.STORAGES = {**settings.STORAGES}  # makes the store anew, in that folder
    return tmp_path / "evidence"


@pytest.fixture
def pilot(cast, gate_set, today, now):
    return building.running(cast, today=today, now=now, due=30)


def stored(folder) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def kept(data=b"a,b\n", name="a.csv") -> KeptFile:
    return keep(ContentFile(data), name=name, room=10**9)


class TestStoring:
    def test_a_file_is_named_by_its_content_readable_by_the_server_only_and_nothing_is_left_behind(self, folder):
        file = kept()
        place = folder / "files" / file.sha256[:2] / file.sha256
        assert stored(folder) == [str(place.relative_to(folder))]
        assert place.read_bytes() == b"a,b\n"
        assert [oct(path.stat().st_mode & 0o777) for path in (place, place.parent)] == ["0o600", "0o700"]

    def test_what_is_refused_leaves_nothing(self, folder):
        for data, name, room in ((b"<svg>", "a.txt", 99), (b"a,b\n", "a.csv", 3)):
            with pytest.raises(UnfitError):
                keep(ContentFile(data), name=name, room=room)
        assert stored(folder) == []

    def test_a_file_that_grows_while_it_arrives_is_refused(self, settings):
        settings.EVIDENCE_FILE_LIMIT = 10
        liar = ContentFile(b"x" * 50)
        liar.size = 5
        with pytest.raises(UnfitError, match="a file may have"):
            keep(liar, name="a.txt", room=10**9)

    def test_another_store_by_django_s_storage_interface(self, settings, folder, cast, pilot, today, now):
        settings.STORAGES = {
            **settings.STORAGES, "evidence": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        }  # fmt: skip
        one = add_file(cast, pilot, data=b"kept elsewhere", name="a.txt", today=today, now=now)
        add_file(cast, pilot, data=b"kept elsewhere", name="b.txt", today=today, now=now)
        orphan = kept(b"an orphan")
        assert (sorted(filing.names_there()), stored(folder)) == (sorted([one.file.sha256, orphan.sha256]), [])
        assert filing.opened(one.file.sha256).read() == b"kept elsewhere"
        swept = sweep_files(now=datetime.now(UTC) + DAY)
        assert (swept.removed, swept.missing, list(filing.names_there())) == (1, 0, [one.file.sha256])

    @pytest.mark.parametrize(
        ("url", "wanted"),
        [
            ("", {"BACKEND": "gates.filing.PrivateFolder"}),
            (
                "s3://files/pilotage?endpoint=https://s3.example.org&region=eu",
                ("files", "pilotage", "https://s3.example.org", "eu"),
            ),
            ("s3://files", ("files", "", None, None)),
        ],
    )  # fmt: skip
    def test_the_setting_names_a_bucket(self, url, wanted):
        described = file_store(url)
        if "OPTIONS" in described:
            options = described["OPTIONS"]
            described = tuple(options[key] for key in ("bucket_name", "location", "endpoint_url", "region_name"))
        assert described == wanted

    @pytest.mark.parametrize("url", ["files", "s3://", "ftp://a/b", "s3://a?acl=public"])
    def test_a_setting_that_names_none_is_refused(self, url):
        with pytest.raises(Exception, match="PILOTAGE_FILES must look like"):
            file_store(url)


class TestFullDisk:
    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
    def test_a_hundred_uploads_to_a_disk_that_fills_up_leave_no_row_without_file_and_no_orphan(
        self, cast, sign_in, pilot, settings, tmp_path, today, now
    ):
        small = tmp_path / "small"
        small.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small], check=False).returncode:
            pytest.skip("no small disk can be mounted here")
        try:
            settings.DATA_DIR = small
            settings.STORAGES = {**settings.STORAGES}
            settings.FILE_UPLOAD_TEMP_DIR = str(small)
            url, client = f"/pilots/{pilot.code}/evidence/add/", sign_in(cast.alice)
            said = []
            for number in range(100):
                # Small ones are kept in memory until they are stored; large ones meet the full disk on arrival.
                data, name = b"%03d\n" % number * (10_000 if number % 20 else 400_000), f"{number}.txt"
                if number % 10:
                    said.append(self.verb_says(cast, pilot, data, name, today=today, now=now))
                else:
                    answer = client.post(url, {"kind": "file", "file": ContentFile(data, name=name), "note": "n"})
                    is_full = "The server&#x27;s disk is full" in answer.content.decode()
                    said.append("full" if is_full else answer.status_code)
            assert set(said) == {302, "kept", "full"}
            assert said.index("full") == 0  # larger than the whole disk
            sweep_files(now=datetime.now(UTC) + DAY)
            names = {path.name for path in small.rglob("*") if path.is_file()}
            assert names == set(StoredFile.objects.values_list("sha256", flat=True))
            assert len(names) == Evidence.objects.count() == 100 - said.count("full")
        finally:
            subprocess.run(["umount", small], check=True)

    def verb_says(self, cast, pilot, data, name, *, today, now) -> str:
        try:
            add_file(cast, pilot, data=data, name=name, today=today, now=now)
        except UnfitError as error:
            return "full" if "disk is full" in error.reason else error.reason
        return "kept"

    def test_a_disk_that_fills_up_on_the_way_in_is_told_by_the_file(self, monkeypatch):
        handler = PatientUploadHandler()
        handler.new_file("file", "a.txt", "text/plain", 5)

        def full(*_):
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(handler.file.file, "write", full)
        assert handler.receive_data_chunk(b"hello", 0) is None
        assert handler.receive_data_chunk(b"hello", 5) is None
        lost = handler.file_complete(10)
        assert isinstance(lost, LostFile)
        with pytest.raises(UnfitError, match="disk is full"):
            keep(lost, name="a.txt", room=10**9)

    def test_other_faults_are_not_hidden(self):
        lost = LostFile("a.txt", OSError(errno.EIO, "Input/output error"))
        with pytest.raises(OSError, match="Input/output"):
            keep(lost, name="a.txt", room=10**9)


class TestSweep:
    def test_orphans_go_after_an_hour_and_nothing_else_does(self, folder, cast, pilot, today, now):
        one = add_file(cast, pilot, today=today, now=now)
        orphan = kept(b"an orphan")
        (folder / "arrivals" / "cut-off").write_bytes(b"x")
        assert vars(sweep_files(now=datetime.now(UTC))) == {"removed": 0, "cut_off": 0, "missing": 0}
        assert filing.is_there(orphan.sha256)
        assert vars(sweep_files(now=datetime.now(UTC) + DAY)) == {"removed": 1, "cut_off": 1, "missing": 0}
        assert stored(folder) == [f"files/{one.file.sha256[:2]}/{one.file.sha256}"]

    def test_before_anything_was_stored_there_is_nothing_to_sweep(self, db):
        assert vars(sweep_files(now=datetime.now(UTC))) == {"removed": 0, "cut_off": 0, "missing": 0}

    def test_a_file_that_was_swept_before_its_row_came_is_refused(self, cast, pilot, today, now):
        file = kept(b"an orphan")
        sweep_files(now=datetime.now(UTC) + DAY)
        content = Content(kind=EvidenceKind.FILE, title="Late", file=file)
        with pytest.raises(RefusedError, match="did not reach the store"):
            add_evidence(actor=cast.alice, pilot=pilot, content=content, today=today, now=now)

    def test_choosing_an_orphan_again_makes_it_young(self):
        file = kept(b"an orphan")
        old = datetime.now(UTC) - DAY
        path = filing.store().path(filing.name_in_store(file.sha256))
        os.utime(path, (old.timestamp(), old.timestamp()))
        kept(b"an orphan")
        assert not filing.stored_before(file.sha256, datetime.now(UTC) - timedelta(hours=1))

    def test_missing_and_altered_files_are_found(self, folder, cast, pilot, today, now):
        lost = add_file(cast, pilot, data=b"one", name="a.txt", today=today, now=now).file
        altered = add_file(cast, pilot, data=b"two", name="a.txt", today=today, now=now).file
        add_file(cast, pilot, data=b"three", name="a.txt", today=today, now=now)
        said = StringIO()
        call_command("verify_files", stdout=said)
        assert said.getvalue() == "3 files verified: each is as it was stored.\n"
        (folder / "files" / lost.sha256[:2] / lost.sha256).unlink()
        (folder / "files" / altered.sha256[:2] / altered.sha256).write_bytes(b"2wo")
        assert sweep_files(now=datetime.now(UTC)).missing == 1
        said, errors = StringIO(), StringIO()
        with pytest.raises(SystemExit) as ended:
            call_command("verify_files", stdout=said, stderr=errors)
        assert ended.value.code == 1
        assert said.getvalue() == (
            f"{lost.sha256}: it is missing from the store\n{altered.sha256}: its content was altered\n"
        )


COMMAND = "\"import sys; c = open(sys.argv[1]).read(); sys.exit('X' in c or 2 * ('Z' in c))\""


def finds_x(path: Path) -> bool:
    """A scanner for tests: whatever holds an X is bad, and a Z breaks it."""
    content = path.read_bytes()
    if b"Z" in content:
        raise RuntimeError("broken")
    return b"X" not in content


class TestScanner:
    @pytest.mark.parametrize(
        "scanner",
        [
            "tests.gates.evidence.test_keeping_files:finds_x",
f"{sys.executable} -c {COMMAND} {{path}}",
        ],
        ids=["callable", "command"],
    )  # fmt: skip
    def test_files_wait_for_it_and_go_or_are_blocked(self, cast, pilot, settings, today, now, scanner):
        settings.EVIDENCE_SCANNER = scanner
        pieces = [add_file(cast, pilot, data=b"%b" % c, name="a.txt", title=c.decode(), today=today, now=now)
                  for c in (b"a", b"X", b"Z")]  # fmt: skip
        assert {piece.file.state for piece in pieces} == {FileState.QUARANTINED}
        assert scan_waiting(now=now) == {"clean": 1, "blocked": 1, "not_scanned": 1}
        found = list(StoredFile.objects.order_by("id").values_list("state", "scanned_at"))
        assert found == [(FileState.CLEAN, now), (FileState.BLOCKED, now), (FileState.QUARANTINED, None)]
        told = Event.objects.filter(kind__startswith="gates.file.").order_by("sequence")
        assert [(event.kind, event.data["title"]) for event in told] == [
            ("gates.file.cleared", "a"), ("gates.file.blocked", "X"),
        ]  # fmt: skip

    def test_what_was_blocked_cannot_be_added_again(self, cast, pilot, settings, today, now):
        settings.EVIDENCE_SCANNER = "tests.gates.evidence.test_keeping_files:finds_x"
        add_file(cast, pilot, data=b"X", name="a.txt", today=today, now=now)
        scan_waiting(now=now)
        with pytest.raises(RefusedError, match="is blocked: the scanner found something"):
            add_file(cast, pilot, data=b"X", name="b.txt", today=today, now=now)

    def test_without_one_nothing_waits(self, cast, pilot, today, now):
        assert add_file(cast, pilot, today=today, now=now).file.state == FileState.CLEAN
        assert scan_waiting(now=now) == {"clean": 0, "blocked": 0, "not_scanned": 0}

    def test_the_first_word_stands(self, cast, pilot, settings, today, now):
        settings.EVIDENCE_SCANNER = "x:y"
        file = add_file(cast, pilot, today=today, now=now).file
        file_keeping.settle_file(actor=None, file=file, is_clean=False, now=now)
        assert file_keeping.settle_file(actor=None, file=file, is_clean=True, now=now).state == FileState.BLOCKED


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE gates_evidence SET title = 'x'",
        "DELETE FROM gates_evidence",
        "TRUNCATE gates_evidence CASCADE",
        "INSERT INTO gates_evidence SELECT * FROM gates_evidence ON CONFLICT (id) DO UPDATE SET title = 'x'",
        "UPDATE gates_withdrawal SET reason = 'x'",
        "DELETE FROM gates_withdrawal",
        "TRUNCATE gates_withdrawal",
        "UPDATE gates_evidenceuse SET change = 'ended'",
        "DELETE FROM gates_evidenceuse",
        "TRUNCATE gates_evidenceuse",
        "TRUNCATE gates_storedfile CASCADE",
        "DELETE FROM gates_storedfile",
        "UPDATE gates_storedfile SET sha256 = repeat('0', 64)",
        "UPDATE gates_storedfile SET type = 'text', size = 1",
        "SET LOCAL session_replication_role = replica; DELETE FROM gates_evidenceuse",
    ],
)
@pytest.mark.requirement(27, page="/pilots/P-0001/evidence/")
def test_rows_of_evidence_are_never_changed_or_removed(cast, pilot, today, now, attack):
    one = add_file(cast, pilot, criteria=[criterion()], today=today, now=now)
    withdraw_evidence(actor=cast.alice, evidence=one, reason="Wrong.", now=now)
    with pytest.raises(DatabaseError, match="pgtrigger: Cannot"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; {attack}")


def test_the_type_of_a_file_is_never_that_of_the_sender(cast, pilot, today, now):
    assert add_file(cast, pilot, today=today, now=now).file.type == FileType.TEXT
