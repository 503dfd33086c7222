"""Pilots like the one that somebody is about to propose: duplicates are found before they cost anything.

PostgreSQL's own search: the words of titles and summaries (a generated column, migration 0007), and titles that are
spelled alike (trigrams). Both have an index.
"""

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import BooleanField, FloatField
from django.db.models.expressions import RawSQL

from accounts.models import User
from portfolio.models import Pilot
from portfolio.registry import learnings_of

SHOWN = 5
#: From this score on, a pilot is worth a look. A title that shares half of its words scores about 0.6.
WORTH_A_LOOK = 0.45
#: More words than these make the search slower, not better.
_TITLE_WORDS, _SUMMARY_WORDS, _SUMMARY_READ = 12, 30, 2000

_LEXEMES = "SELECT tsvector_to_array(to_tsvector('english', %s)), tsvector_to_array(to_tsvector('english', %s))"
_MATCHES = """
("portfolio_pilot"."words" @@ %s::tsquery OR upper("portfolio_pilot"."title") %% upper(%s))
"""
#: Share of the title's words that are found (in a title, else less), of all words, and likeness of the titles.
_SCORE = """
(1.2 * ts_rank("portfolio_pilot"."words", %s::tsquery) + ts_rank("portfolio_pilot"."words", %s::tsquery)
 + similarity(upper("portfolio_pilot"."title"), upper(%s)))
"""


@dataclass(frozen=True)
class SimilarPilot:
    """A pilot that resembles what is being proposed, and what came of it."""

    code: str
    title: str
    stage: str
    outcome: str
    decided_on: date | None
    #: What its last decision says was learned; empty where nothing is decided or said.
    learnings: str


def similar_pilots(*, title: str, summary: str, reader: User) -> list[SimilarPilot]:
    """The pilots that `reader` may see and that resemble this title and summary most, the nearest first.

    Three queries at most; within 50 ms among 10,000 pilots (bench/test_bench_similar.py).
    """
    by_title, by_all = _words(title, summary)
    if not by_title:
        return []
    found = (
        Pilot.objects.visible_to(reader)
        .filter(RawSQL(_MATCHES, [by_title, title], output_field=BooleanField()))  # noqa: S611  parameters only
        .annotate(score=RawSQL(_SCORE, [by_title, by_all, title], output_field=FloatField()))  # noqa: S611
        .filter(score__gte=WORTH_A_LOOK)
        .order_by("-score", "pk")
        .values_list("pk", "code", "title", "stage", "standing__last_outcome", "standing__last_decided_on")[:SHOWN]
    )
    rows = list(found)
    learned = learnings_of([row[0] for row in rows]) if rows else {}
    return [
        SimilarPilot(code, its_title, stage, outcome or "", decided_on, learned.get(pk, ""))
        for pk, code, its_title, stage, outcome, decided_on in rows
    ]


def _words(title: str, summary: str) -> tuple[str, str]:
    """Text searches for any word of the title, or of the summary while there is no title, and for any word at all."""
    with connection.cursor() as cursor:
        cursor.execute(_LEXEMES, [title, summary[:_SUMMARY_READ]])
        of_title, of_summary = cursor.fetchone()
    of_title, of_summary = of_title[:_TITLE_WORDS], of_summary[:_SUMMARY_WORDS]
    return _any_of(of_title or of_summary), _any_of(of_title + of_summary)


def _any_of(lexemes: list[str]) -> str:
    quoted = (lexeme.replace("\\", "\\\\").replace("'", "''") for lexeme in lexemes)
    return " | ".join(f"'{lexeme}'" for lexeme in quoted)
