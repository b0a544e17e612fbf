"""How an action refuses. Each refusal has a code; the doors (page, API, socket) turn it into their own words."""

from collections.abc import Mapping
from types import MappingProxyType


class Refused(Exception):
    """Something a person asked for was not done, and nothing was changed. `more` is for programs."""

    status = 400
    more: Mapping[str, object] = MappingProxyType({})

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(detail or code)
        self.code = code
        self.detail = detail


class Forbidden(Refused):
    """The viewer may see the thing but not do this to it."""

    status = 403


class NotThere(Refused):
    """There is no such thing, or the viewer may not see it; the two look alike on purpose."""

    status = 404


class Conflict(Refused):
    """The thing is not in a state that allows this, or somebody else changed it first."""

    status = 409


class TooMuch(Refused):
    """A stated limit of rate or size was passed."""

    status = 429


class Invalid(Refused):
    """What was given cannot be used; `fields` says for each field what to do."""

    status = 422

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("invalid", " ".join(str(message) for message in fields.values()))
        self.fields = {name: str(message) for name, message in fields.items()}
