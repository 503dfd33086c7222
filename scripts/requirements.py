"""The table of requirements: each number, the page where it is seen, and the tests that show it.

`python scripts/requirements.py` writes docs/requirements.md from docs/requirements.toml and the marks on the tests
(`@pytest.mark.requirement(11, 15, page="/pilots/P-0001/contract/")`).
"""

import ast
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "docs" / "requirements.md"
#: Marks with which a test is not run, or may fail: it shows nothing then.
IDLE = {"skip", "skipif", "xfail"}

_HEAD = """# Requirements

Each numbered requirement of the product, the pages where it is seen, and the tests that show that it holds. Made by
`make requirements`; a test holds it against the suite, and a built requirement without a live test fails it.
"""


@dataclass(frozen=True)
class Shown:
    """That a test shows a requirement to hold."""

    number: int
    page: str
    test: str


def words() -> dict[int, str]:
    """Every requirement in short, by its number."""
    return {int(number): text for number, text in _described()["words"].items()}


def built() -> list[int]:
    """Numbers of the requirements that the product claims to fulfil."""
    return list(_described()["built"])


def shown() -> list[Shown]:
    """What the marks on live tests say, by number, then by test."""
    found = [mark for path in sorted((ROOT / "tests").rglob("test_*.py")) for mark in _of_module(path)]
    return sorted(found, key=lambda mark: (mark.number, mark.test))


def table() -> str:
    """The text of docs/requirements.md."""
    by_number = defaultdict(list)
    for mark in shown():
        by_number[mark.number].append(mark)
    lines = [_HEAD, "| # | requirement | page | test |", "|---|---|---|---|"]
    for number, text in words().items():
        marks = by_number[number]
        pages = "<br>".join(f"`{page}`" for page in dict.fromkeys(mark.page for mark in marks) if page)
        tests = "<br>".join(f"`{mark.test}`" for mark in marks)
        lines.append(f"| {number} | {text} | {pages or 'not built yet'} | {tests} |")
    return "\n".join(lines) + "\n"


def _described() -> dict[str, Any]:
    described: dict[str, Any] = tomllib.loads((ROOT / "docs" / "requirements.toml").read_text(encoding="utf-8"))
    return described


def _of_module(path: Path) -> Iterator[Shown]:
    module = path.relative_to(ROOT / "tests").with_suffix("").as_posix()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            yield from _of_test(node, f"{module}::{node.name}")
        elif isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef):
                    yield from _of_test(inner, f"{module}::{node.name}::{inner.name}", node.decorator_list)


def _of_test(node: ast.FunctionDef, name: str, further: list[ast.expr] | None = None) -> Iterator[Shown]:
    marks = [mark for mark in map(_mark, [*node.decorator_list, *(further or [])]) if mark]
    if not node.name.startswith("test_") or any(kind in IDLE for kind, _ in marks):
        return
    for kind, call in marks:
        if kind == "requirement" and isinstance(call, ast.Call):
            page = next((ast.literal_eval(one.value) for one in call.keywords if one.arg == "page"), "")
            for number in call.args:
                yield Shown(ast.literal_eval(number), page, name)


def _mark(node: ast.expr) -> tuple[str, ast.expr] | None:
    """The name of a pytest mark and its node, or None for another decorator."""
    named = node.func if isinstance(node, ast.Call) else node
    if ast.unparse(named).startswith("pytest.mark.") and isinstance(named, ast.Attribute):
        return named.attr, node
    return None


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
    sys.stdout.write(f"{TABLE.relative_to(ROOT)} is written.\n")
