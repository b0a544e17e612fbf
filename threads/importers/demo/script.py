"""Reading the demo's scripts: a thread's data in TOML, then its steps, each under a line `=== when who verb`.

    === 9d5h ben,zoe reply cause in=8h
    The text of the step, in Markdown.

`when` says how long ago, so that the demo is always fresh. The word after the verb names what comes of the step, or
what it is done to; `key="value"` words follow.
"""

import re
import shlex
import tomllib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

_STEP = re.compile(r"^=== (?=\d)", re.MULTILINE)
_SPAN = re.compile(r"^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?$")


@dataclass(frozen=True)
class Step:
    """One thing that somebody did, `ago` before now."""

    thread: str
    ago: timedelta
    who: tuple[str, ...]
    verb: str
    name: str
    options: dict[str, str]
    text: str


@dataclass(frozen=True)
class Script:
    """One thread: its name, its data, and everything that happened in it."""

    name: str
    data: dict[str, Any]
    steps: list[Step]


def read_scripts(folder: Path) -> list[Script]:
    """Every script of a folder, by name. Raises ValueError for what is not one."""
    return [read_script(path) for path in sorted(folder.glob("*.md"))]


def read_script(path: Path) -> Script:
    """The script in a file. Raises ValueError, naming the file, when it is not one."""
    _nothing, front, rest = path.read_text(encoding="utf-8").split("+++\n", 2)
    _before, *blocks = _STEP.split(rest)
    try:
        steps = [_step(path.stem, block) for block in blocks]
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from error
    return Script(path.stem, tomllib.loads(front), steps)


def _step(thread: str, block: str) -> Step:
    head, _newline, text = block.partition("\n")
    when, who, verb, *words = shlex.split(head)
    names = [word for word in words if "=" not in word]
    options = dict(word.split("=", 1) for word in words if "=" in word)
    return Step(thread, span(when), tuple(who.split(",")), verb, " ".join(names), options, text.strip())


def span(text: str) -> timedelta:
    """A length of time such as `9d5h28m`. Raises ValueError for anything else."""
    match = _SPAN.match(text)
    if match is None or not text:
        raise ValueError(f"{text!r} is no length of time")
    days, hours, minutes = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)
