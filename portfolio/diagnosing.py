"""Looking at why a pilot is stuck: six answers, the patterns that follow from them, and the one that binds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.acting import note
from accounts.models import User
from accounts.obstacles import Obstacle, StaleError, refuse_any
from audit.recording import verb
from portfolio.locking import latest_round, locked_pilot
from portfolio.models import Diagnosis, Pilot
from portfolio.states import DECIDABLE_STAGES, Stage
from portfolio.stuck import ClinicAnswer, StuckPattern, proposed_binding

#: Stages in which a pilot can be stuck: under way and undecided, or scaling and not launched.
STUCK_STAGES = (*DECIDABLE_STAGES, Stage.SCALING)


@dataclass(frozen=True)
class Answered:
    """An answer to one test, beside what the file proposed and what it says; both are kept as they were read."""

    answer: ClinicAnswer
    note: str = ""
    file: ClinicAnswer | None = None
    says: Sequence[str] = ()


@verb
def diagnose(
    *,
    actor: User | None,
    pilot: Pilot,
    answers: Mapping[StuckPattern, Answered],
    binding: StuckPattern | None = None,
    binding_reason: str = "",
    seen: int | None = None,
    now: datetime,
) -> Diagnosis:
    """Keep the answers to the six tests. Patterns whose test is answered "no" hold; one of them binds.

    Which one is proposed by `proposed_binding`, a sponsor gap before all others; another one takes a reason. A sponsor
    gap keeps the pilot from being scaled until a later diagnosis says that it is closed (`scaling_obstacles`).
    Refuses a pilot that is not under way, a test left out, and an answer better than the file's without a note;
    StaleError when somebody else looked since the diagnosis `seen` (its key; 0: there was none).
    """
    pilot = locked_pilot(pilot)
    last = Diagnosis.objects.filter(pilot=pilot).order_by("-pk").values_list("pk", flat=True).first() or 0
    if seen is not None and seen != last:
        raise StaleError(seen=seen, current=last)
    patterns = [one for one in StuckPattern if one in answers and answers[one].answer == ClinicAnswer.NO]
    proposed = proposed_binding(patterns)
    chosen = binding or proposed
    refuse_any(
        _obstacles(pilot, answers)
        + _binding_obstacles(patterns, chosen, proposed=proposed, reason=binding_reason.strip())
    )
    diagnosis = Diagnosis(
        pilot=pilot,
        round=latest_round(pilot),
        by=actor,
        at=now,
        answers={pattern.value: _kept(answers[pattern]) for pattern in StuckPattern},
        patterns=patterns,
        binding=chosen or "",
        binding_reason=binding_reason.strip() if chosen != proposed else "",
    )
    diagnosis.full_clean(exclude=["pilot", "round", "by"])
    diagnosis.save(force_insert=True)
    note(
        actor, "portfolio.diagnosis.made", diagnosis, now=now, scope=pilot.scope, found=str(diagnosis),
        binding=chosen.in_words if chosen else "none",
    )  # fmt: skip
    return diagnosis


def stage_obstacles(pilot: Pilot) -> list[Obstacle]:
    """What keeps everybody from looking: nothing is under way, so nothing can be stuck."""
    if pilot.stage in STUCK_STAGES:
        return []
    stage = Stage(pilot.stage).label.lower()
    return [Obstacle("stage", f"This pilot is {stage}: only what is under way can be stuck.")]


def _obstacles(pilot: Pilot, answers: Mapping[StuckPattern, Answered]) -> list[Obstacle]:
    """Codes of what concerns one test are the names of the form's fields."""
    obstacles = stage_obstacles(pilot)
    for pattern in StuckPattern:
        said = answers.get(pattern)
        if said is None:
            obstacles.append(Obstacle(f"{pattern}_answer", "Answer this one, too; “not sure” is an answer."))
        elif said.answer == ClinicAnswer.YES and said.file == ClinicAnswer.NO and not said.note.strip():
            obstacles.append(Obstacle(f"{pattern}_note", "The file says no. Say what it does not know."))
    return obstacles


def _binding_obstacles(
    patterns: Sequence[StuckPattern], chosen: StuckPattern | None, *, proposed: StuckPattern | None, reason: str
) -> list[Obstacle]:
    if chosen is not None and chosen not in patterns:
        return [Obstacle("binding", f"“{chosen.label}” does not hold by these answers, so it cannot bind.")]
    if chosen != proposed and proposed is not None and not reason:
        return [Obstacle("binding_reason", f"Say why this one comes before “{proposed.label}”.")]
    return []


def _kept(said: Answered) -> dict[str, object]:
    return {
        "answer": said.answer.value,
        "note": said.note.strip(),
        "file": said.file.value if said.file else "",
        "says": list(said.says),
    }
