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
        "role.granted": "granted the role {role}",
        "role.ended": "ended the role {role}",
        "unit.added": "added the unit {name}",
        "unit.changed": "changed the unit {name}",
        "preference.changed": "changed when digests come",
        "preference.unsubscribed": "unsubscribed from digests",
        "mail.resent": "put a mail back into the queue",
        "mail.suppressed": "kept a mail from being sent",
    },
)
