"""What this room tells the audit trail. Sentences complete "Ada Moreau ..."."""

from audit.vocabulary import register

register(
    "portfolio",
    {
        "pilot.proposed": "proposed the pilot {title}",
        "pilot.imported": "imported the pilot {title}",
        "pilot.reimported": "brought the pilot up to date from its register",
        "pilot.edited": "edited {fields}",
        "pilot.launched": "launched it into production",
        "pilot.retired": "retired it",
        "part.assigned": "named {person}: {part}",
        "part.ended": "ended the part of {person}: {part}",
        "part.corrected": "corrected the days of {person} as {part}: from {since} to {until}",
        "part.authority": "noted that the sponsor, {person}, {says}",
        "round.started": "started round {number}, decision due {decision_due}",
        "round.ended": "ended the work of round {number} and asked for a decision",
        "round.opened": "opened round {number}",
        "round.closed": "closed round {number}",
        "window.set": "planned round {number}: decision due {decision_due}",
        "contract.edited": "wrote in the contract: {fields}",
        "contract.amended": "amended the contract (amendment {number}, approved by {person}): {fields}",
        "criterion.added": "added the success criterion “{metric}”",
        "criterion.edited": "changed the success criterion “{metric}”",
        "criterion.removed": "took out the success criterion “{metric}”",
        "criterion.amended": "amended the success criterion “{metric}” (amendment {number}, approved by {person})",
        "criterion.withdrawn": "withdrew the success criterion “{metric}” (amendment {number}, approved by {person})",
        "criterion.added_late": "added the success criterion “{metric}” after the start "
        "(amendment {number}, approved by {person})",
        "measurement.recorded": "measured {metric}: {value} on {on}",
        "measurement.corrected": "corrected a value of {metric}: {value} on {on}, because: {reason}",
        "measurement.withdrawn": "withdrew a value of {metric}, {value} on {on}, because: {reason}",
        "measurements.added": "added measurements from a table, {count} in all: {metrics}",
        "status.reported": "reported what moved",
        "blocker.opened": "reported a blocker: {text}",
        "blocker.cleared": "cleared a blocker: {text}",
        "blocker.repeated": "reported the same blocker for the third update in a row: {text}",
    },
)
