"""A loaded portfolio many times over, row by row in the database: a hundred thousand pilots in a minute."""

from django.db import connection, models

from gates.models import (
    Assessment,
    Condition,
    Custody,
    Decision,
    DecisionBasis,
    Deferral,
    Evidence,
    EvidenceUse,
    GateReview,
)
from portfolio.models import (
    Assignment,
    Blocker,
    BlockerReport,
    BusinessCase,
    Contract,
    Diagnosis,
    Intervention,
    Measurement,
    Pilot,
    Round,
    Standing,
    StatusUpdate,
    SuccessCriterion,
)

#: What belongs to one pilot alone.
COPIED: tuple[type[models.Model], ...] = (
    Pilot, Round, Assignment, StatusUpdate, Blocker, BlockerReport, Contract, SuccessCriterion, Measurement, GateReview,
    Assessment, Custody, Evidence, EvidenceUse, Decision, DecisionBasis, Deferral, Condition, BusinessCase, Diagnosis,
    Intervention, Standing,
)  # fmt: skip
#: Further than any number that a load gives.
APART = 10_000_000


def multiply(times: int) -> None:
    """Let every pilot be there `times` times, with all that is its own. Triggers and foreign keys are not asked."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL session_replication_role = replica")
        for model in COPIED:
            fields = model._meta.concrete_fields
            into = ", ".join(f'"{field.column}"' for field in fields)
            values = ", ".join(_shifted(model, field) for field in fields)
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({into}) SELECT {values} "  # noqa: S608  our own names
                f"FROM {model._meta.db_table}, generate_series(1, %s) k",
                [times - 1],
            )
        cursor.execute("SET LOCAL session_replication_role = origin")
    freshen_statistics()


def freshen_statistics() -> None:
    """Tell the planner how large the copied tables are; of an emptied one it would believe that it stays so."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in COPIED)}")


def _shifted(model: type[models.Model], field: models.Field) -> str:
    """A column of the copy number k: keys are moved apart, and so is what must be unique."""
    own = field.primary_key or (field.remote_field is not None and field.related_model in COPIED)
    if own:
        return f'"{field.column}" + k * {APART}'
    if (model, field.name) in {(Pilot, "code"), (Decision, "number")}:
        return f"""{field.column} || '-' || k"""
    return f'"{field.column}"'
