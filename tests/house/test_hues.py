"""The hues of those who write in a record together: readable names, carets that can be seen, in both themes."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "static" / "css"
HUE = re.compile(r"\.who-(\d|none) \{ --who: light-dark\((#\w{6}), (#\w{6})\)")
ON_HUE = re.compile(r"color: light-dark\((#\w{3,6}), (#\w{3,6})\)")
RAISED = re.compile(r"--raised: light-dark\((#\w{6}), (#\w{6})\)")
HUES = {name: (light, dark) for name, light, dark in HUE.findall((CSS / "record.css").read_text())}
TEXT, SHAPE = 4.5, 3


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def named(pattern: re.Pattern[str], sheet: str) -> tuple[str, str]:
    found = pattern.search((CSS / sheet).read_text())
    assert found
    return found[1], found[2]


def test_there_are_eight_and_none_is_another() -> None:
    assert set(HUES) == {*"01234567", "none"}
    for theme in (0, 1):
        assert all(one != other for one, other in pairwise(sorted(pair[theme] for pair in HUES.values())))


@pytest.mark.parametrize("name", HUES)
@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_a_name_can_be_read_and_a_caret_seen(name: str, theme: int) -> None:
    hue = HUES[name][theme]
    assert contrast(named(ON_HUE, "record.css")[theme], hue) >= TEXT
    assert contrast(named(RAISED, "frame.css")[theme], hue) >= SHAPE
