"""The library's pages that we use, and no others, each in one transaction with what it writes to the trail."""

from allauth.account import views as account
from allauth.mfa.base import views as second_step
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.usersessions import views as sessions
from django.db import transaction
from django.urls import path, re_path

from accounts.watching import noting_second_steps

_PAGES = (
    ("login/", account.login, "account_login"),
    ("logout/", account.logout, "account_logout"),
    ("inactive/", account.account_inactive, "account_inactive"),
    ("signup/", account.signup, "account_signup"),
    ("reauthenticate/", account.reauthenticate, "account_reauthenticate"),
    ("email/", account.email, "account_email"),
    ("confirm-email/", account.email_verification_sent, "account_email_verification_sent"),
    ("password/change/", account.password_change, "account_change_password"),
    ("password/set/", account.password_set, "account_set_password"),
    ("password/reset/", account.password_reset, "account_reset_password"),
    ("password/reset/done/", account.password_reset_done, "account_reset_password_done"),
    ("password/reset/key/done/", account.password_reset_from_key_done, "account_reset_password_from_key_done"),
    ("2fa/", second_step.index, "mfa_index"),
    ("2fa/authenticate/", second_step.authenticate, "mfa_authenticate"),
    ("2fa/reauthenticate/", second_step.reauthenticate, "mfa_reauthenticate"),
    ("2fa/totp/activate/", noting_second_steps(totp.activate_totp), "mfa_activate_totp"),
    ("2fa/totp/deactivate/", noting_second_steps(totp.deactivate_totp), "mfa_deactivate_totp"),
    ("2fa/recovery-codes/", codes.view_recovery_codes, "mfa_view_recovery_codes"),
    ("2fa/recovery-codes/generate/", noting_second_steps(codes.generate_recovery_codes), "mfa_generate_recovery_codes"),
    ("2fa/recovery-codes/download/", codes.download_recovery_codes, "mfa_download_recovery_codes"),
    ("sessions/", sessions.list_usersessions, "usersessions_list"),
)

urlpatterns = [
    *(path(route, transaction.atomic(view), name=name) for route, view, name in _PAGES),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        transaction.atomic(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
]
