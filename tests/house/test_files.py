"""House rules that no linter knows: who may query, and how long files and functions may be."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("community", "reputation", "threads", "realtime")
ASKS = ("views", "consumers", "api", "forms", "templatetags")
MANAGERS = ("objects", "_default_manager", "_base_manager")
LONGEST_FILE, LONGEST_FUNCTION = 400, 50
SUFFIXES = {".py", ".html", ".css", ".js", ".sh"}


def sources(*folders: str) -> list[Path]:
    """Files written by hand in these folders."""
    found = (path for folder in folders for path in (ROOT / folder).rglob("*") if path.suffix in SUFFIXES)
    return sorted(path for path in found if not {"migrations", "vendor", "node_modules"} & set(path.parts))


def python(folder: str) -> list[Path]:
    """The Python files among them."""
    return [path for path in sources(folder) if path.suffix == ".py"]


def in_role(path: Path, *roles: str) -> bool:
    """Whether a room's file has one of these roles: `threads/views/threads.py` and `threads/views.py` are views."""
    role = path.relative_to(ROOT).parts[1]
    return role.removesuffix(".py") in roles


def managers(path: Path) -> Iterator[str]:
    """Where a file reaches for a model's manager, other than to say that a field starts with nothing to choose."""
    tree = ast.parse(path.read_text())
    empty = {node.value for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "none"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS and node not in empty:
            yield f"{path.relative_to(ROOT)}:{node.lineno}"


def long_functions(path: Path) -> Iterator[str]:
    """Functions that are too long, their docstrings not counted."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
            if body[-1].end_lineno and body[-1].end_lineno - body[0].lineno + 1 > LONGEST_FUNCTION:
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"


@pytest.mark.parametrize("room", ROOMS)
def test_what_asks_goes_through_queries_and_actions(room: str) -> None:
    assert [place for path in python(room) if in_role(path, *ASKS) for place in managers(path)] == []


@pytest.mark.parametrize("folder", [*ROOMS, "templates", "static", "tests", "bin"])
def test_no_file_is_long(folder: str) -> None:
    lengths = {path.relative_to(ROOT): len(path.read_text().splitlines()) for path in sources(folder)}
    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


@pytest.mark.parametrize("folder", [*ROOMS, "tests"])
def test_no_function_is_long(folder: str) -> None:
    assert [function for path in python(folder) for function in long_functions(path)] == []


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_knows_the_tests(room: str) -> None:
    for path in python(room):
        imported = {
            alias.name if isinstance(node, ast.Import) else node.module or ""
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        assert not {name for name in imported if name.split(".")[0] == "tests"}, path
