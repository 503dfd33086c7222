"""One pair of servers for all who use a folder, gone after the last of them, with nothing lost."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import redis

from tests.ground.conftest import (
    answers,
    bare_environment,
    keepers_of,
    kill,
    note,
    notes,
    postmasters_of,
    processes_of,
    wait_until,
)

pytestmark = pytest.mark.processes


def sockets_of(url: str) -> Path:
    return Path(parse_qs(urlsplit(url).query)["host"][0])


def test_two_share_and_the_owner_may_leave_first(new_user, folder):
    owner = new_user(folder)
    urls = owner.hear()
    guest = new_user(folder)
    assert guest.hear() == urls
    owner.leave()
    note(urls["DATABASE_URL"], "written after the owner left")
    assert redis.Redis.from_url(urls["REDIS_URL"]).ping()
    assert len(postmasters_of(folder)) == 1
    guest.kill()
    wait_until(lambda: not processes_of(folder))
    assert not sockets_of(urls["DATABASE_URL"]).exists()

    later = new_user(folder).hear()
    assert notes(later["DATABASE_URL"]) == ["written after the owner left"]


def test_two_start_at_once_and_one_server_comes_of_it(new_user, folder):
    users = [new_user(folder, fast=True) for _ in range(4)]
    first, *others = [user.hear() for user in users]
    assert all(urls == first for urls in others)
    assert len(postmasters_of(folder)) == 1
    # A keeper that finds another's server ready says so first, and goes then.
    wait_until(lambda: len(keepers_of(folder, "postgres")) == 1)


def test_two_folders_live_side_by_side(new_user, folder):
    one, other = folder / "one", folder / "other"
    urls, others = (new_user(each, fast=True).hear() for each in (one, other))
    note(urls["DATABASE_URL"], "only here")
    note(others["DATABASE_URL"], "only there")
    assert notes(urls["DATABASE_URL"]) == ["only here"]
    assert urls["REDIS_URL"] != others["REDIS_URL"]


def test_nothing_is_left_of_fast_servers(new_user, folder):
    user = new_user(folder / "run", fast=True)
    user.hear()
    user.kill()
    wait_until(lambda: not processes_of(folder))
    wait_until(lambda: list(folder.rglob("*")) == [])


def test_a_killed_server_comes_back_with_its_data(new_user, folder):
    url = new_user(folder).hear()["DATABASE_URL"]
    note(url, "before")
    before = postmasters_of(folder)
    kill(before)
    wait_until(lambda: postmasters_of(folder) not in ([], before))
    wait_until(lambda: answers(url))
    assert notes(url) == ["before"]


def test_a_killed_keeper_takes_its_server_along_and_both_come_back(new_user, folder):
    user = new_user(folder)
    url = user.hear()["DATABASE_URL"]
    note(url, "before")
    assert not user.tend()
    kill(keepers_of(folder, "postgres"))
    wait_until(lambda: not postmasters_of(folder))
    assert user.tend()
    assert notes(url) == ["before"]


def test_a_new_user_finds_its_way_after_everything_was_killed(new_user, folder):
    first = new_user(folder)
    url = first.hear()["DATABASE_URL"]
    note(url, "before")
    first.kill()
    kill(processes_of(folder, "keeper") + postmasters_of(folder))
    urls = new_user(folder).hear()
    assert notes(urls["DATABASE_URL"]) == ["before"]
    assert redis.Redis.from_url(urls["REDIS_URL"]).ping()


def test_a_pid_file_that_names_somebody_else_by_now_is_no_hindrance(new_user, folder):
    user = new_user(folder)
    user.hear()
    user.leave()
    wait_until(lambda: not processes_of(folder))
    servers_user = (folder / "embedded/postgres/data").stat().st_uid
    stranger = next(entry.name for entry in Path("/proc").glob("[0-9]*") if entry.stat().st_uid in {servers_user, 0})
    (folder / "embedded/postgres/data/postmaster.pid").write_text(f"{stranger}\n/nowhere\n1\n5432\n")
    (folder / "embedded/postgres/ready").write_text("postgresql:///stale")
    assert answers(new_user(folder).hear()["DATABASE_URL"])


def test_children_count_as_users_of_their_own(new_user, folder):
    parent = new_user(folder, fast=True)
    urls = parent.hear()
    inherited = f'{{"folder": "{folder}", "fast": true, "postgres": "{urls["DATABASE_URL"]}"}}'
    child = new_user(folder, fast=True, env=bare_environment(PILOTAGE_EMBEDDED=inherited, **urls))
    assert child.hear() == urls
    parent.kill()
    with pytest.raises(AssertionError):
        wait_until(lambda: not answers(urls["DATABASE_URL"]), 3)
    child.leave()
    wait_until(lambda: not answers(urls["DATABASE_URL"]))
