"""Lists in keyset pages: `{"items": [...], "next": "<cursor>" | null}`; `next` is given back as `after`."""

import re
from typing import Annotated, Any, Generic, TypeVar

from django.utils.translation import gettext as _
from pydantic import AfterValidator, BaseModel, BeforeValidator, Field

from community.errors import Invalid

T = TypeVar("T")
MOST = 100
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def _storable(text: str) -> str:
    if "\0" in text or (not text.isascii() and _LONE_SURROGATE.search(text)):
        raise ValueError(_("This has characters that are no text (NUL, or half of a pair). Remove them."))
    return text


Text = Annotated[str, AfterValidator(_storable)]
"""Text that every database takes."""


class Page(BaseModel, Generic[T]):
    """One page of a list."""

    items: list[T]
    next: str | None = Field(description="Give this back as `after` for the next page; null at the end.")


class Paging(BaseModel):
    """Where a page starts, and how long it is."""

    after: Text = Field("", max_length=200, description="The `next` of the page before.")
    limit: int = Field(30, ge=1, le=MOST, description="How many items at most.")


def broken_cursor() -> Invalid:
    """The refusal of a cursor that no page gave."""
    return Invalid({"after": _("This is not the `next` of any page. Start again without it.")})


def _whole(number: Any) -> Any:
    """JSON has one kind of number, so 3.0 is a whole one; text and truth values are none."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


Whole = Annotated[int, Field(strict=True), BeforeValidator(_whole)]
"""A whole number, in a body."""

Identifier = Annotated[Whole, Field(ge=1, lt=2**63)]
"""The id of a thing, in a body."""
