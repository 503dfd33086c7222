"""The settings pages: index, people, roles, units."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import settings_registry
from accounts.granting import grant_role
from accounts.models import Mail, Unit, User
from accounts.naming import change_person, note_leaving
from accounts.organising import add_unit, change_unit
from accounts.permissions import roles_of
from accounts.settings_registry import SettingsEntry, register_settings
from accounts.states import Role
from audit.models import Event
from tests import building
from tests.accounts.conftest import PASSWORD
from tests.counting import queries_of

KEY = {"form_key": "5e2c3c60-6a86-4d2f-8f37-6b8ce1f1c001"}


@pytest.fixture
def client(cast, sign_in):
    return sign_in(cast.administrator)


def refused_codes(answer) -> list[str]:
    return [obstacle.code for obstacle in answer.context["obstacles"]]


class TestIndex:
    def test_shows_what_rooms_registered_in_order_and_skips_what_has_no_address(self, client, monkeypatch):
        monkeypatch.setattr(settings_registry, "_entries", dict(settings_registry._entries))
        register_settings(SettingsEntry("Rules of the house", "What counts as late.", "accounts:account", order=5))
        register_settings(SettingsEntry("Not built yet", "", "accounts:not-there", order=6))
        shown = [entry.entry.label for entry in client.get("/settings/").context["entries"]]
        assert shown[0] == "Rules of the house"
        assert [label for label in shown if label in ("People", "Units")] == ["People", "Units"]
        assert "Not built yet" not in shown

    @pytest.mark.parametrize("who", ["alice", "bob", "manager", "auditor", "viewer", "charlie"])
    @pytest.mark.parametrize("path", ["/settings/", "/settings/people/", "/settings/people/1/", "/settings/units/"])
    def test_is_for_administrators(self, cast, sign_in, who, path):
        assert sign_in(getattr(cast, who)).get(path).status_code == 403


class TestPeople:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("q=ali", {"alice"}),
            ("q=BOB@example", {"bob"}),
            ("q=example alice", {"alice"}),
            ("q=nobody-of-that-name", set()),
            ("role=auditor", {"auditor"}),
            ("role=auditor&q=alice", set()),
            ("state=left", {"charlie"}),
            ("state=invited", {"carol"}),
            ("state=joined", {"alice"}),
            ("role=nonsense&q=alice", {"alice"}),
            ("page=nonsense&q=alice", {"alice"}),
        ],
    )
    def test_finds(self, cast, client, joined, today, now, query, found):
        note_leaving(actor=None, person=cast.charlie, left_on=today, now=now)
        client.post(f"/settings/people/{cast.carol.pk}/invite/")
        page = client.get(f"/settings/people/?{query}").context["page"]
        assert {person.email.partition("@")[0] for person in page} == found

    def test_says_how_far_each_account_has_come(self, cast, client, joined, today, now):
        note_leaving(actor=None, person=cast.charlie, left_on=today, now=now)
        client.post(f"/settings/people/{cast.carol.pk}/invite/")
        states = {person.name: person.state for person in client.get("/settings/people/").context["page"]}
        assert {name: states[name] for name in ("Alice", "Bob", "Carol", "Charlie")} == {
            "Alice": "joined", "Bob": "named", "Carol": "invited", "Charlie": "left",
        }  # fmt: skip

    def test_takes_as_many_queries_for_three_more_people(self, cast, client, today, now):
        before = queries_of(client, "/settings/people/")
        for name in ("dana", "erin", "frank"):
            person = building.person(name, now=now)
            grant_role(actor=None, person=person, role=Role.VIEWER, since=today, now=now)
        assert queries_of(client, "/settings/people/") == before

    def test_shows_25_on_a_page(self, cast, client, now):
        for number in range(30):
            building.person(f"person{number}", now=now)
        page = client.get("/settings/people/?page=2").context["page"]
        assert (page.paginator.per_page, page.paginator.count, len(page)) == (25, 40, 15)

    def test_htmx_gets_the_results_alone(self, client):
        text = client.get("/settings/people/?q=alice", headers={"hx-request": "true"}).content.decode()
        assert "alice@example.org" in text
        assert "<html" not in text


class TestAdding:
    DETAILS = {"email": "Dana@example.org", "name": "Dana", "function": "legal", "role": "auditor", "invite": "on"}  # noqa: RUF012

    def test_names_grants_and_invites(self, cast, client):
        answer = client.post("/settings/people/add/", self.DETAILS)
        dana = User.objects.get(email="dana@example.org")
        assert answer.headers["Location"] == f"/settings/people/{dana.pk}/"
        assert (dana.name, dana.function, roles_of(dana)) == ("Dana", "legal", {Role.AUDITOR})
        assert Mail.objects.get().to_address == "dana@example.org"

    def test_needs_no_more_than_an_address(self, client):
        assert client.post("/settings/people/add/", {"email": "dana@example.org"}).status_code == 302
        assert not Mail.objects.exists()

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"email": "Alice@example.org"}, "email"),
            ({"email": "nothing"}, "email"),
            ({"function": "magic"}, "function"),
            ({"role": "king"}, "role"),
        ],
    )
    def test_what_cannot_be_is_said_beside_its_field(self, cast, client, changed, field):
        before = User.objects.count()
        answer = client.post("/settings/people/add/", {**self.DETAILS, **changed})
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]
        assert User.objects.count() == before

    def test_posted_twice_it_adds_one(self, client):
        locations = {
            client.post("/settings/people/add/", {**self.DETAILS, **KEY}).headers["Location"] for _ in range(2)
        }
        assert len(locations) == 1
        assert Mail.objects.count() == 1


class TestPerson:
    def path(self, person, act="") -> str:
        return f"/settings/people/{person.pk}/{act}"

    def edited(self, person, **changed) -> dict:
        names = ("version", "email", "name", "function", "time_zone", "language")
        return {name: getattr(person, name) for name in names} | changed

    def test_takes_as_many_queries_for_three_roles_as_for_one(self, cast, client, today, now):
        grant_role(actor=cast.manager, person=cast.charlie, role=Role.VIEWER, since=today, now=now)
        one = queries_of(client, self.path(cast.charlie))
        for role in (Role.AUDITOR, Role.PORTFOLIO_MANAGER):
            grant_role(actor=cast.bob, person=cast.charlie, role=role, since=today, now=now)
        assert queries_of(client, self.path(cast.charlie)) == one

    def test_editing_changes_what_is_known(self, cast, client):
        changed = self.edited(cast.bob, name="Robert", function="risk", time_zone="Asia/Tokyo")
        assert client.post(self.path(cast.bob, "edit/"), changed).status_code == 302
        cast.bob.refresh_from_db()
        assert (cast.bob.name, cast.bob.function, cast.bob.time_zone) == ("Robert", "risk", "Asia/Tokyo")

    def test_the_address_is_corrected_only_before_joining(self, cast, client, joined):
        client.post(self.path(cast.bob, "edit/"), self.edited(cast.bob, email="Robert@example.org"))
        cast.bob.refresh_from_db()
        assert cast.bob.email == "robert@example.org"
        client.post(self.path(joined, "edit/"), self.edited(joined, email="eve@example.org"))
        joined.refresh_from_db()
        assert joined.email == "alice@example.org"

    def test_an_address_of_somebody_else_is_refused(self, cast, client):
        answer = client.post(self.path(cast.bob, "edit/"), self.edited(cast.bob, email="Carol@example.org"))
        assert answer.status_code == 422
        assert "email" in answer.context["form"].errors

    def test_who_loses_a_race_gets_both_texts_and_may_then_save(self, cast, client, now):
        stale = self.edited(cast.bob, name="Mine")
        change_person(actor=cast.manager, person=cast.bob, seen=None, name="Theirs", function="risk", now=now)
        lost = client.post(self.path(cast.bob, "edit/"), stale)
        assert lost.status_code == 409
        conflict = lost.context["conflict"]
        assert conflict.by == "Manager"
        assert {(one.name, one.theirs, one.yours) for one in conflict.fields} == {
            ("name", "Theirs", "Mine"),
            ("function", "risk", ""),
        }
        assert ("time_zone", "Europe/Paris") in conflict.hidden
        cast.bob.refresh_from_db()
        assert cast.bob.name == "Theirs"
        mine = dict(conflict.hidden) | {field.name: field.yours for field in conflict.fields}
        assert client.post(self.path(cast.bob, "edit/"), {**mine, "version": conflict.version}).status_code == 302
        cast.bob.refresh_from_db()
        assert cast.bob.name == "Mine"

    def test_inviting_sends_one_mail_for_two_posts(self, cast, client):
        for _ in range(2):
            assert client.post(self.path(cast.bob, "invite/"), KEY).status_code == 302
        assert Mail.objects.count() == 1

    def test_who_has_joined_is_not_invited(self, client, joined):
        answer = client.post(self.path(joined, "invite/"))
        assert (answer.status_code, refused_codes(answer)) == (422, ["has_account"])
        assert not Mail.objects.exists()

    def test_leaving_and_coming_back(self, cast, client, enter, joined, today):
        joined.refresh_from_db()
        client.post(self.path(joined, "leave/"), {"left_on": timezone.localdate(), "version": joined.version})
        joined.refresh_from_db()
        assert (joined.is_active, joined.left_on) == (False, timezone.localdate())
        assert enter("alice@example.org", PASSWORD)[0].get("/account/").status_code == 302
        client.post(self.path(joined, "return/"), {"version": joined.version})
        assert enter("alice@example.org", PASSWORD)[0].get("/account/").status_code == 200
        kinds = Event.objects.filter(subject=f"accounts.user:{joined.pk}").values_list("kind", flat=True)
        assert {"accounts.user.left", "accounts.user.returned"} <= set(kinds)

    @pytest.mark.parametrize("act", ["leave/", "return/"])
    def test_acting_on_what_has_changed_meanwhile_is_refused(self, cast, client, now, act):
        stale = {"left_on": timezone.localdate(), "version": cast.bob.version}
        change_person(actor=cast.manager, person=cast.bob, seen=None, name="Robert", now=now)
        answer = client.post(self.path(cast.bob, act), stale)
        assert (answer.status_code, refused_codes(answer)) == (409, ["stale"])
        cast.bob.refresh_from_db()
        assert cast.bob.is_active

    def test_nobody_leaves_tomorrow(self, cast, client):
        tomorrow = timezone.localdate() + timedelta(days=1)
        answer = client.post(self.path(cast.bob, "leave/"), {"left_on": tomorrow, "version": cast.bob.version})
        assert answer.status_code == 422
        assert list(answer.context["leaving"].errors) == ["left_on"]

    def test_the_last_administrator_neither_leaves_nor_loses_the_role(self, cast, client):
        last = cast.administrator
        leaving = {"left_on": timezone.localdate(), "version": last.version}
        for answer in (
            client.post(self.path(last, "leave/"), leaving),
            client.post(self.path(last, "roles/administrator/end/")),
        ):
            assert (answer.status_code, refused_codes(answer)) == (422, ["last_administrator"])
        grant_role(actor=None, person=cast.bob, role=Role.ADMINISTRATOR, since=timezone.localdate(), now=timezone.now())
        assert client.post(self.path(last, "roles/administrator/end/")).status_code == 302
        assert client.get("/settings/").status_code == 403

    @pytest.mark.parametrize("act", ["invite/", "leave/", "return/", "roles/", "roles/viewer/end/"])
    def test_acts_are_posts(self, cast, client, act):
        assert client.get(self.path(cast.bob, act)).status_code == 405

    def test_who_is_not_there_is_not_found(self, client):
        for act in ("", "edit/"):
            assert client.get(f"/settings/people/999999/{act}").status_code == 404
        for act in ("invite/", "leave/", "return/", "roles/", "roles/viewer/end/"):
            assert client.post(f"/settings/people/999999/{act}").status_code == 404


class TestRoles:
    def path(self, person, act="") -> str:
        return f"/settings/people/{person.pk}/roles/{act}"

    def test_are_granted_with_their_dates(self, cast, client):
        days = {"since": "2026-01-05", "until": "2099-01-05"}
        client.post(self.path(cast.bob), {"role": "viewer", **days})
        grant = cast.bob.grants.get()
        assert (grant.role, str(grant.since), str(grant.until)) == ("viewer", "2026-01-05", "2099-01-05")
        assert grant.granted_by == cast.administrator

    def test_end_today(self, cast, client):
        client.post(self.path(cast.bob), {"role": "viewer", "since": "2026-01-05"})
        client.post(self.path(cast.bob, "viewer/end/"))
        assert roles_of(User.objects.get(pk=cast.bob.pk)) == set()

    def test_that_were_granted_for_a_time_end_earlier(self, cast, client):
        client.post(self.path(cast.bob), {"role": "viewer", "since": "2026-01-05", "until": "2099-01-05"})
        client.post(self.path(cast.bob, "viewer/end/"))
        assert roles_of(User.objects.get(pk=cast.bob.pk)) == set()

    @pytest.mark.parametrize(
        ("details", "field"),
        [
            ({"role": "king", "since": "2026-01-05"}, "role"),
            ({"role": "viewer", "since": "someday"}, "since"),
            ({"role": "viewer", "since": "2026-01-05", "until": "2026-01-05"}, "until"),
        ],
    )
    def test_what_cannot_be_is_said_beside_its_field(self, cast, client, details, field):
        answer = client.post(self.path(cast.bob), details)
        assert answer.status_code == 422
        assert list(answer.context["grant"].errors) == [field]
        assert not cast.bob.grants.exists()

    def test_posted_twice_grant_once(self, cast, client):
        for _ in range(2):
            client.post(self.path(cast.bob), {"role": "viewer", "since": "2026-01-05", "until": "2099-01-05", **KEY})
        assert cast.bob.grants.count() == 1

    def test_an_unknown_role_is_not_there(self, cast, client):
        assert client.post(self.path(cast.bob, "king/end/")).status_code == 404


class TestUnits:
    def test_stand_below_what_they_are_part_of(self, cast, client, now):
        below = add_unit(actor=None, name="Motor", parent=cast.unit, now=now)
        add_unit(actor=None, name="Trucks", parent=below, now=now)
        add_unit(actor=None, name="Actuaries", now=now)
        rows = client.get("/settings/units/").context["rows"]
        assert [(row.unit.name, row.depth) for row in rows] == [
            ("Actuaries", 0), ("Claims", 0), ("Motor", 1), ("Trucks", 2),
        ]  # fmt: skip

    def test_take_as_many_queries_for_three_as_for_one(self, cast, client, now):
        one = queries_of(client, "/settings/units/")
        for name in ("Motor", "Marine"):
            add_unit(actor=None, name=name, parent=cast.unit, now=now)
        assert queries_of(client, "/settings/units/") == one

    def test_are_added_once_for_two_posts(self, cast, client):
        for _ in range(2):
            answer = client.post("/settings/units/add/", {"name": "Motor", "parent": cast.unit.pk, **KEY})
            assert answer.headers["Location"] == "/settings/units/"
        assert Unit.objects.get(name="Motor").parent == cast.unit

    @pytest.mark.parametrize(("details", "field"), [({"name": ""}, "name"), ({"name": "x", "parent": "99"}, "parent")])
    def test_what_cannot_be_is_said_beside_its_field(self, client, details, field):
        answer = client.post("/settings/units/add/", details)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])

    def test_are_renamed_and_moved(self, cast, client, now):
        motor = add_unit(actor=None, name="Motor", now=now)
        client.post("/settings/units/motor/", {"name": "Cars", "parent": cast.unit.pk, "version": motor.version})
        motor.refresh_from_db()
        assert (motor.name, motor.parent, motor.slug) == ("Cars", cast.unit, "motor")

    def test_never_stand_below_themselves(self, cast, client, now):
        motor = add_unit(actor=None, name="Motor", parent=cast.unit, now=now)
        for parent in (cast.unit, motor):
            details = {"name": "Claims", "parent": parent.pk, "version": cast.unit.version}
            answer = client.post("/settings/units/claims/", details)
            assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["parent"])

    def test_who_loses_a_race_gets_both_texts(self, cast, client, now):
        stale = {"name": "Mine", "parent": "", "version": cast.unit.version}
        change_unit(actor=cast.manager, unit=cast.unit, name="Theirs", parent=None, seen=None, now=now)
        lost = client.post("/settings/units/claims/", stale)
        assert lost.status_code == 409
        assert [(one.theirs, one.yours) for one in lost.context["conflict"].fields] == [("Theirs", "Mine")]
        cast.unit.refresh_from_db()
        assert cast.unit.name == "Theirs"

    def test_that_are_not_there_are_not_found(self, client):
        assert client.get("/settings/units/atlantis/").status_code == 404
