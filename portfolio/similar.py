"""Pilots like the one that somebody is about to propose: duplicates are found before they cost anything.

PostgreSQL's own search: the words of titles and summaries (a generated column, migration 0007), and titles that are
spelled alike (trigrams). Both have an index.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import BooleanField, FloatField, QuerySet
from django.db.models.expressions import RawSQL

from accounts.models import User
from portfolio.models import Pilot
from portfolio.registry import learnings_of

SHOWN = 5
#: From this score on, a pilot is worth a look. A title that shares half of its words scores about 0.6.
WORTH_A_LOOK = 0.45
#: And from this part of the best score on: beside a near twin, what shares a word is noise.
_OF_THE_BEST = 0.5
#: How many of those that share most words are looked at more closely.
LOOKED_AT = 25
#: More words than these make the search slower, not better.
_TITLE_WORDS, _SUMMARY_WORDS, _SUMMARY_READ = 12, 30, 2000

_LEXEMES = "SELECT tsvector_to_array(to_tsvector('english', %s)), tsvector_to_array(to_tsvector('english', %s))"
_RANK = 'ts_rank("portfolio_pilot"."words", %s::tsquery)'
_LIKENESS = 'similarity(upper("portfolio_pilot"."title"), upper(%s))'
_HAS_WORDS = '"portfolio_pilot"."words" @@ %s::tsquery'
_SPELT_ALIKE = 'upper("portfolio_pilot"."title") %% upper(%s)'
#: The columns that are shown, after the key.
_COLUMNS = ("pk", "code", "title", "stage", "standing__last_outcome", "standing__last_decided_on")


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

    A fixed number of queries; within 50 ms among 10,000 pilots (bench/test_bench_similar.py).
    """
    by_title, by_all = _words(title, summary)
    if not by_title:
        return []
    visible = Pilot.objects.visible_to(reader)
    rows = _with_the_words(visible, title, by_title, by_all)
    if len(rows) < SHOWN:
        rows += _spelt_alike(visible, title, besides=[row[0] for row in rows])[: SHOWN - len(rows)]
    learned = learnings_of([row[0] for row in rows]) if rows else {}
    return [
        SimilarPilot(code, its_title, stage, outcome or "", decided_on, learned.get(pk, ""))
        for pk, code, its_title, stage, outcome, decided_on in rows
    ]


def _with_the_words(visible: QuerySet[Pilot], title: str, by_title: str, by_all: str) -> list[Sequence[Any]]:
    """Pilots that share words with the title. The likeness of titles costs most, so it is asked of the best alone.

    In two statements: in one, PostgreSQL would work out the likeness of all.
    """
    best = (
        visible.filter(RawSQL(_HAS_WORDS, [by_title], output_field=BooleanField()))  # noqa: S611  parameters only
        .order_by(RawSQL(_RANK, [by_title]).desc(), "pk")  # noqa: S611
        .values_list("pk", flat=True)[:LOOKED_AT]
    )
    score = f"1.2 * {_RANK} + {_RANK} + {_LIKENESS}"
    found = (
        Pilot.objects.filter(pk__in=list(best))
        .annotate(score=RawSQL(score, [by_title, by_all, title], output_field=FloatField()))  # noqa: S611
        .filter(score__gte=WORTH_A_LOOK)
        .order_by("-score", "pk")
    )
    rows = list(found.values_list(*_COLUMNS, "score")[:SHOWN])
    return [columns for *columns, score in rows if score >= _OF_THE_BEST * rows[0][-1]]


def _spelt_alike(visible: QuerySet[Pilot], title: str, *, besides: list[int]) -> list[Sequence[Any]]:
    """Pilots whose title is spelt much like this one, such as one with a slip of the pen in every word."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(WORTH_A_LOOK)])
        found = (
            visible.filter(RawSQL(_SPELT_ALIKE, [title], output_field=BooleanField()))  # noqa: S611
            .exclude(pk__in=besides)
            .order_by(RawSQL(_LIKENESS, [title]).desc(), "pk")  # noqa: S611
        )
        return list(found.values_list(*_COLUMNS)[:SHOWN])


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
