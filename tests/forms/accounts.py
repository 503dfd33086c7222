"""The forms of accounts."""

from allauth.mfa.models import Authenticator

from accounts.bouncing import note_bounce
from accounts.models import Mail, User
from accounts.naming import note_leaving
from accounts.states import MailState
from tests.forms.filling import Filled, Scene

PERSON = "/settings/people/{pk}/"


def invited(scene: Scene) -> dict[str, object]:
    """Somebody who has not joined yet."""
    return {"pk": User.objects.get(email="newcomer@example.org").pk}


def failed_mail(scene: Scene) -> dict[str, object]:
    Mail.objects.update(state=MailState.FAILED)
    return {}


def left(scene: Scene) -> dict[str, object]:
    note_leaving(actor=None, person=scene.cast.charlie, left_on=scene.today, now=scene.now)
    return {}


def second_step(scene: Scene) -> dict[str, object]:
    Authenticator.objects.create(user=scene.cast.charlie, type=Authenticator.Type.TOTP, data={"secret": "none"})
    return {}


def bounced(scene: Scene) -> dict[str, object]:
    note_bounce(actor=None, address=scene.cast.charlie.email, reason="no such box", now=scene.now)
    return {}


def a_viewer(scene: Scene) -> dict[str, object]:
    return {"pk": scene.cast.viewer.pk}


FORMS = {
    "accounts:preferences": Filled("alice", {"hour": "9"}),
    "accounts:person-add": Filled("administrator", {"name": "Nora Quist", "email": "nora@example.org"}),
    "accounts:person-edit": Filled("administrator", {"name": "Charlie One"}, other={"name": "Charlie Two"}),
    "accounts:person-invite": Filled("administrator", page=PERSON, scene=invited),
    "accounts:person-leave": Filled("administrator", page=PERSON),
    "accounts:person-return": Filled("administrator", page=PERSON, scene=left),
    "accounts:second-step-drop": Filled("administrator", page=PERSON, scene=second_step),
    "accounts:role-grant": Filled("administrator", {"role": "auditor"}, page=PERSON),
    "accounts:role-end": Filled("administrator", page=PERSON, scene=a_viewer),
    "accounts:unit-add": Filled("administrator", {"name": "Fleet"}),
    "accounts:unit-edit": Filled("administrator", {"name": "Claims and more"}, other={"name": "Claims and less"}),
    "accounts:mail-resend": Filled("administrator", page="/settings/mail/{pk}/", scene=failed_mail),
    "accounts:mail-suppress": Filled("administrator", page="/settings/mail/{pk}/"),
    "accounts:mail-bounce": Filled("administrator", page="/settings/mail/{pk}/"),
    "accounts:bounce-end": Filled("administrator", page=PERSON, scene=bounced),
}

#: Forms that are not tried here, each with the reason.
ELSEWHERE = {
    "accounts:begin": "stands only in an empty installation: tests/accounts/test_begin.py",
    "accounts:bounce-hook": "no form: mail providers call it, each call signed: tests/accounts/test_bounces.py",
    "accounts:invitation": "joins once, by its token: tests/accounts/test_joining.py",
    "accounts:unsubscribe": "has no session and no key; twice is once by itself: tests/accounts/test_unsubscribe.py",
}
