"""docs/live-protocol.md says everything that a client can meet."""

import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "live-protocol.md").read_text()


def rows() -> dict[str, str]:
    """The tables' rows by what is in their first cell."""
    lines = [line for line in PAGE.splitlines() if line.startswith("| ")]
    return {line.split("|")[1].strip().strip("`"): line for line in lines}


def test_every_kind_of_event_is_documented_with_its_fields() -> None:
    import reputation.facts.standing  # noqa: F401
    import threads.facts.swarm
    import threads.facts.threads  # noqa: F401
    from community.facts.kinds import declared_kinds

    documented = rows()
    for kind in declared_kinds():
        for field in kind.fields:
            assert f"`{field}`" in documented[kind.name], (kind.name, field)
    kinds = {name for name in documented if re.fullmatch(r"[a-z_]+\.[a-z]+", name)}
    assert kinds == {kind.name for kind in declared_kinds()}


def test_every_close_code_is_documented() -> None:
    from realtime.rules import Closing

    codes = {value for name, value in vars(Closing).items() if name.isupper()}
    assert {str(code) for code in codes} <= rows().keys()


def test_every_error_is_documented() -> None:
    sources = Path(__file__).parents[2] / "realtime"
    text = "".join(path.read_text() for path in sources.glob("*.py"))
    codes = set(re.findall(r'(?:Mistake|error)\(\s*"([a-z_]+)"', text))
    assert {"not_there", "malformed"} <= codes
    assert codes <= rows().keys()


@pytest.mark.parametrize(
    "name",
    [
        "MOST_SOCKETS",
        "MOST_SUBSCRIPTIONS",
        "MOST_FRAME_CHARACTERS",
        "FRAMES_AT_ONCE",
        "FRAMES_A_SECOND",
        "MOST_WAITING",
        "STALL_SECONDS",
        "LEASE_SECONDS",
        "NAMES_SHOWN",
    ],
)
def test_limits_are_documented_as_they_are(name: str) -> None:
    from realtime import rules

    assert re.search(rf"\b{getattr(rules, name):,.0f}\b", PAGE)
