"""What this room tells the audit trail. Sentences complete "Ada Moreau ..."."""

from audit.vocabulary import register

register(
    "gates",
    {
        "set.published": "published gate set {version}",
        "reviewer.named": "named a reviewer for {function}",
        "reviewer.ended": "ended a reviewer's work for {function}",
        "committee.formed": "formed the committee {name}",
        "committee.changed": "changed the committee {name}",
        "seat.taken": "seated a {part}",
        "seat.left": "ended a seat",
        "review.opened": "opened the review of gate {gate}",
        "criterion.assessed": "found criterion {criterion} {finding}",
        "review.concluded": "concluded gate {gate}: {state}",
        "decision.recorded": "recorded decision {number}: {outcome}",
        "decision.superseded": "recorded decision {number}, which supersedes {supersedes}",
        "flags.reconciled": "looked for drift: {opened} flags opened, {changed} changed, {closed} closed",
        "flag.opened": "raised a flag: {detail}",
        "flag.closed": "closed a flag: {rule}",
        "rule.changed": "changed the rule {rule}",
        "evidence.added": "added evidence “{title}” ({piece})",
        "evidence.superseded": "replaced evidence “{title}” by “{by}”",
        "evidence.withdrawn": "withdrew evidence “{title}”: {reason}",
        "evidence.attached": "named “{title}” as evidence for criterion {criterion}",
        "evidence.detached": "no longer names “{title}” as evidence for criterion {criterion}",
        "digest.composed": "composed a digest for {period}",
    },
)
