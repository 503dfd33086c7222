"""Showing how far a long piece of work has come."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from tqdm import tqdm

#: Hands on what it is given, and shows how much of it is done.
Progress = Callable[[Sequence[Any], str], Iterable[Any]]


def silently(items: Sequence[Any], _label: str) -> Iterable[Any]:
    """Show nothing."""
    return items


def bar(items: Sequence[Any], label: str) -> Iterable[Any]:
    """Show a progress bar on a terminal, and nothing elsewhere."""
    return tqdm(items, label, disable=None)
