"""After a decision to scale: into production, and one day out of it."""

from datetime import date, datetime

from accounts.acting import note
from accounts.models import User
from accounts.obstacles import Obstacle, refuse_any
from audit.recording import verb
from portfolio.locking import locked_pilot
from portfolio.models import Pilot
from portfolio.states import Stage, may_move


@verb
def launch_pilot(*, actor: User | None, pilot: Pilot, launched_on: date, now: datetime) -> Pilot:
    """Launch a scaling pilot into production."""
    pilot = _moved(pilot, Stage.IN_PRODUCTION)
    pilot.launched_on = launched_on
    pilot.save(update_fields=["stage", "launched_on", "version"])
    note(actor, "portfolio.pilot.launched", pilot, now=now, scope=pilot.scope, launched_on=launched_on)
    return pilot


@verb
def retire_pilot(*, actor: User | None, pilot: Pilot, retired_on: date, now: datetime) -> Pilot:
    """Retire what runs in production."""
    pilot = _moved(pilot, Stage.RETIRED)
    pilot.retired_on = retired_on
    pilot.save(update_fields=["stage", "retired_on", "version"])
    note(actor, "portfolio.pilot.retired", pilot, now=now, scope=pilot.scope, retired_on=retired_on)
    return pilot


def _moved(pilot: Pilot, stage: Stage) -> Pilot:
    pilot = locked_pilot(pilot)
    if not may_move(pilot.stage, stage):
        refuse_any(
            [
                Obstacle(
                    "wrong_stage",
                    f"A pilot that is {pilot.get_stage_display().lower()} cannot become {stage.label.lower()}.",
                )
            ]
        )
    pilot.stage = stage
    pilot.version += 1
    return pilot
