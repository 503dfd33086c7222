"""What the product claims to fulfil is shown by live tests, and the table says which."""

import pytest

from scripts import requirements


@pytest.fixture(scope="module")
def shown() -> list[requirements.Shown]:
    return requirements.shown()


def test_a_built_requirement_has_a_live_test_and_a_page(shown):
    assert set(requirements.built()) <= {mark.number for mark in shown if mark.page}


def test_every_mark_names_a_requirement_that_exists(shown):
    assert {mark.number for mark in shown} <= set(requirements.words())


def test_all_ninety_are_described():
    assert list(requirements.words()) == list(range(1, 91))


def test_the_table_is_up_to_date():
    assert requirements.TABLE.read_text(encoding="utf-8") == requirements.table(), "run `make requirements`"


def test_a_test_that_is_not_run_shows_nothing(tmp_path, monkeypatch):
    suite = tmp_path / "tests"
    suite.mkdir()
    (suite / "test_it.py").write_text(
        'import pytest\n\n@pytest.mark.requirement(3, page="/x/")\n@pytest.mark.skip\ndef test_a(): ...\n\n'
        '@pytest.mark.requirement(4, 5, page="/y/")\ndef test_b(): ...\n'
    )
    monkeypatch.setattr(requirements, "ROOT", tmp_path)
    assert requirements.shown() == [
        requirements.Shown(4, "/y/", "test_it::test_b"),
        requirements.Shown(5, "/y/", "test_it::test_b"),
    ]
