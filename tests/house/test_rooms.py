"""The plan of the house, held by tests where the linters do not reach (docs/architecture.md)."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
ROOMS = ("audit", "accounts", "portfolio", "gates", "config")
#: Modules that write: verbs, named for their process, and what carries them. Everything else only reads.
WRITERS = {
    "audit": {"recording", "jobs", "sealing"},
    "accounts": {
        "acting", "beginning", "bouncing", "delivering", "granting", "joining", "mailing", "naming", "organising",
        "posting", "preferring",
    },
    "portfolio": {
        "assigning", "handing_over", "importing", "numbering", "proposing", "reporting", "standing", "starting",
        "contracting", "amending", "measuring", "scoping", "changing", "costing", "diagnosing", "intervening",
    },
    "gates": {
        "allotting", "composing", "convening", "custody", "deciding", "publishing", "returning", "reviewing",
        "scanning", "standing", "tuning",
        "drafting_sets", "evidencing", "preparing", "reopening", "reusing", "meeting", "minuting", "voting",
        "file_keeping", "filing",
        "deferring", "conditioning", "snoozing", "exempting",
        "moving", "settling", "arranging", "postponing", "subscribing",
    },
}  # fmt: skip
WRITES = {"save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "services", "managers", "mixins", "misc"}
#: Receivers on which a method of these names is no database write.
HARMLESS = re.compile(r"^(hashlib|digest|hasher|self\.fields|context|data|initial|headers|attrs|conf|kwargs|environ)$")


def tracked(*patterns: str) -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    return [ROOT / name for name in names if (ROOT / name).exists()]


def sources() -> list[Path]:
    files = tracked("*.py")
    return [path for path in files if path.relative_to(ROOT).parts[0] in ROOMS and "migrations" not in path.parts]


def test_every_foreign_key_points_sideways_or_down():
    level = {room: height for height, room in enumerate(ROOMS)} | {"auth": -1, "contenttypes": -1}
    upwards = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in ROOMS
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete
        if level[field.related_model._meta.app_label] > level[model._meta.app_label]
    ]
    assert upwards == []


def test_no_file_is_named_for_nothing_in_particular():
    assert [path for path in sources() if path.stem in FORBIDDEN_NAMES] == []


def test_no_module_is_over_400_lines():
    files = [path for path in tracked("*.py", "*.html", "*.js") if "migrations" not in path.parts]
    assert [(path.name, length) for path in files if (length := len(path.read_text().splitlines())) > 400] == []


def test_no_function_is_over_50_lines():
    long = [
        (path.name, node.name, node.end_lineno - node.lineno + 1)
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno - node.lineno + 1 > 50
    ]
    assert long == []


def writes_outside_verbs() -> Iterator[str]:
    for path in sources():
        room, *rest = path.relative_to(ROOT).with_suffix("").parts
        if rest and (rest[0] in WRITERS.get(room, ()) or rest[0] == "demo"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES):
                continue
            receiver = ast.unparse(node.func.value)
            if "objects" in receiver or node.func.attr in {"save", "bulk_create", "bulk_update", "get_or_create"}:
                yield f"{path.relative_to(ROOT)}:{node.lineno} {receiver}.{node.func.attr}"


def test_only_verbs_write():
    assert list(writes_outside_verbs()) == []


def public_verbs() -> list[tuple[str, ast.FunctionDef]]:
    found = []
    for path in sources():
        found.extend(
            (str(path.relative_to(ROOT)), node)
            for node in ast.parse(path.read_text()).body
            if isinstance(node, ast.FunctionDef) and any(ast.unparse(one) == "verb" for one in node.decorator_list)
            if "demo" not in path.parts
        )
    return found


@pytest.mark.parametrize(("module", "node"), public_verbs(), ids=lambda value: getattr(value, "name", None))
def test_a_verb_names_its_actor_and_the_time_and_takes_all_by_keyword(module, node):
    assert node.args.args == []
    keywords = [argument.arg for argument in node.args.kwonlyargs]
    # Who opens an invitation or a link to unsubscribe is known by its secret alone.
    assert {"actor", "token", "key"} & set(keywords)
    assert "now" in keywords
    assert "actor" not in {
        argument.arg
        for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
        if default is not None
    }
    assert ast.get_docstring(node)


@pytest.mark.parametrize("folder", ["gates/rules", "portfolio/models", "gates/models"])
def test_a_rule_never_reads_the_clock(folder):
    reading = re.compile(r"timezone\.(now|localdate|localtime)\(|date\.today\(|datetime\.now\(")
    guilty = [
        path.name
        for path in sources()
        if str(path.relative_to(ROOT)).startswith(folder) and reading.search(path.read_text())
    ]
    assert guilty == []


def test_no_address_of_a_registry_and_no_path_of_a_machine_is_in_the_project():
    telling = re.compile(r"(/root/|/home/[a-z]|pypi\.org|registry\.npmjs|files\.pythonhosted)")
    guilty = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix in {".py", ".toml", ".txt", ".in", ".json", ".yml", ".md", ".html", ".cfg", ""}
        and path != Path(__file__)
        and path.is_file()
        and telling.search(path.read_text(errors="ignore"))
    ]
    assert guilty == []
