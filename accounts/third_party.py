"""Policies of the views that libraries bring. A view of theirs that is not listed here does not answer."""

from accounts.access import Policy, public, signed_in

_SIGN_IN = public("a visitor has no account yet when signing in; rate limits stand before it")
_RESET = public("who forgot a password is signed out; answers do not tell whether an address is known")

POLICIES: dict[str, Policy] = {
    "account_login": _SIGN_IN,
    "account_logout": signed_in,
    "account_inactive": _SIGN_IN,
    "account_signup": public("says that accounts come by invitation"),
    "account_email_verification_sent": _SIGN_IN,
    "account_reset_password": _RESET,
    "account_reset_password_done": _RESET,
    "account_reset_password_from_key": _RESET,
    "account_reset_password_from_key_done": _RESET,
    "account_reauthenticate": signed_in,
    "account_email": signed_in,
    "account_change_password": signed_in,
    "account_set_password": signed_in,
    "mfa_index": signed_in,
    "mfa_authenticate": _SIGN_IN,
    "mfa_reauthenticate": signed_in,
    "mfa_activate_totp": signed_in,
    "mfa_deactivate_totp": signed_in,
    "mfa_view_recovery_codes": signed_in,
    "mfa_generate_recovery_codes": signed_in,
    "mfa_download_recovery_codes": signed_in,
    "usersessions_list": signed_in,
}
