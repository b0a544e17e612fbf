"""Charts as numbers of an SVG. What they say stands in a table beside each; colours come from the style sheet."""

from collections.abc import Sequence
from math import cos, pi, sin
from typing import NamedTuple

_WIDTH, _HEIGHT, _RADIUS = 480, 340, 116
_LABEL = _RADIUS + 16
_RINGS = 4
_LINE, _UPRIGHT = 18, 0.1
_BAR, _GAP, _TALL = 10, 2, 48


class Ray(NamedTuple):
    """One axis from the middle out: where it ends, where its label stands, and how that is aligned."""

    label: str
    value: str
    x: str
    y: str
    label_x: str
    label_y: str
    value_y: str
    anchor: str


class Radar(NamedTuple):
    """A radar: rings and the shape are points of polygons, dots the corners of the shape."""

    box: str
    x: str
    y: str
    rays: list[Ray]
    rings: list[str]
    shape: str
    dots: list[tuple[str, str]]


class Spoke(NamedTuple):
    """What is drawn on one axis: a share of the radius, or None where there is no number."""

    label: str
    value: str
    share: float | None


class Bar(NamedTuple):
    """One bar from the ground up."""

    x: int
    y: str
    height: str


class Bars(NamedTuple):
    """A row of bars."""

    box: str
    width: int
    bars: list[Bar]
    bar: int = _BAR
    ground: int = _TALL


def radar_of(spokes: Sequence[Spoke]) -> Radar:
    """The first axis points up, the others follow clockwise; where there is no number the shape passes by."""
    turns = [2 * pi * number / len(spokes) - pi / 2 for number in range(len(spokes))]
    rays = [_ray(spoke, turn) for spoke, turn in zip(spokes, turns, strict=True)]
    rings = [_points([_at(turn, _RADIUS * ring / _RINGS) for turn in turns]) for ring in range(1, _RINGS + 1)]
    drawn = [(turn, spoke.share) for spoke, turn in zip(spokes, turns, strict=True) if spoke.share is not None]
    corners = [_at(turn, _RADIUS * min(max(share, 0.0), 1.0)) for turn, share in drawn]
    middle = _at(0, 0)
    return Radar(f"0 0 {_WIDTH} {_HEIGHT}", *middle, rays, rings, _points(corners), corners)


def bars_of(values: Sequence[int], *, greatest: int) -> Bars:
    """Bars side by side, the greatest of all charts that are compared being as tall as there is room."""
    step = _BAR + _GAP
    heights = [_TALL * max(value, 0) / greatest if greatest else 0.0 for value in values]
    bars = [
        Bar(number * step, _number(_TALL - height), _number(height)) for number, height in enumerate(heights) if height
    ]
    width = len(values) * step - _GAP
    return Bars(f"0 0 {width} {_TALL + 1}", width, bars)


def _ray(spoke: Spoke, turn: float) -> Ray:
    x, y = _at(turn, _RADIUS)
    label_x, label_y = _WIDTH / 2 + _LABEL * cos(turn), _HEIGHT / 2 + _LABEL * sin(turn)
    anchor = "middle" if abs(cos(turn)) < _UPRIGHT else "start" if cos(turn) > 0 else "end"
    # Two lines of text: above the point at the top, below it at the bottom, beside it elsewhere.
    first = label_y - 2 + (16 * round(sin(turn)) if anchor == "middle" else 0)
    return Ray(spoke.label, spoke.value, x, y, _number(label_x), _number(first), _number(first + _LINE), anchor)


def _at(turn: float, distance: float) -> tuple[str, str]:
    return _number(_WIDTH / 2 + distance * cos(turn)), _number(_HEIGHT / 2 + distance * sin(turn))


def _points(corners: Sequence[tuple[str, str]]) -> str:
    return " ".join(f"{x},{y}" for x, y in corners)


def _number(value: float) -> str:
    """Plain digits, whatever language the page is in."""
    return f"{value:.1f}"
