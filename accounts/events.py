"""What this room tells the audit trail."""

from audit.vocabulary import register

register(
    "accounts",
    {
        "installation.begun": "made the first administrator",
        "user.named": "named a person",
        "user.invited": "sent an invitation",
        "user.joined": "opened an account",
        "user.changed": "changed a person's details",
        "user.left": "noted that a person left",
        "user.returned": "noted that a person came back",
        "user.signed_in": "signed in",
        "user.signed_out": "signed out",
        "user.sessions_ended": "signed out everywhere else",
        "user.password_changed": "changed the password",
        "user.password_reset": "chose a new password by mail",
        "user.address_asked": "asked to use another e-mail address",
        "user.address_dropped": "dropped an e-mail address",
        "user.address_changed": "changed the e-mail address",
        "user.second_step_added": "set up a second step at sign-in ({type})",
        "user.second_step_removed": "stopped using a second step at sign-in ({type})",
        "user.second_step_renewed": "renewed a second step at sign-in ({type})",
        "user.second_step_dropped": "took away the second step at sign-in",
        "role.granted": "granted the role {role}",
        "role.ended": "ended the role {role}",
        "unit.added": "added the unit {name}",
        "unit.changed": "changed the unit {name}",
        "preference.changed": "changed when digests come",
        "preference.unsubscribed": "unsubscribed from digests",
        "address.bounced": "noted that mail to an address comes back",
        "address.reachable": "noted that mail reaches an address again",
        "mail.resent": "put a mail back into the queue",
        "mail.suppressed": "kept a mail from being sent",
    },
)
