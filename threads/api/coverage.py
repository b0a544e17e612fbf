"""The map of what is known."""

from typing import Annotated, Literal

from ninja import Query, Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Text
from threads.queries.coverage import Row, coverage
from threads.rules.coverage import UNKNOWN, UNWRITTEN

router = Router(tags=["practices"])

HOLES: dict[str, Literal["nothing_validated", "nobody_knows"]] = {
    UNWRITTEN: "nothing_validated",
    UNKNOWN: "nobody_knows",
}


class CoverageAsked(BaseModel):
    """What the map is of."""

    product: Annotated[Text, Field(description="The slug of a product, for its topics; all products without.")] = ""


class Covered(BaseModel):
    """How one product or one topic is covered, by what you may see otherwise than as a guest."""

    value: str = Field(description="The slug of the product or the tag; empty for what has none.")
    label: str
    validated: int = Field(description="Practices that are validated.")
    not_validated: int
    open: int = Field(description="Threads that are unresolved.")
    asked: int = Field(description="Threads of the last 28 days.")
    rising: bool = Field(description="Whether it is asked at least twice as often as in the 84 days before.")
    experts: int | None = Field(description="Members who are known to know it; null for what has no product or tag.")
    hole: Literal["nothing_validated", "nobody_knows"] | None = Field(description="Why it is a hole, if it is one.")


@router.get("/coverage", response=list[Covered], operation_id="coverage", summary="What is covered, and the holes")
def get_coverage(request: ApiRequest, asked: Query[CoverageAsked]) -> list[Covered]:
    """Products, or the topics of one; holes first, at most 1,000. Up to five minutes old."""
    return [_out(row) for row in coverage(request.auth, asked.product)]


def _out(row: Row) -> Covered:
    said = row.covered
    return Covered(
        value=row.value, label=row.label, validated=said.validated, not_validated=said.not_validated, open=said.open,
        asked=said.recent, rising=said.rising, experts=said.experts, hole=HOLES.get(said.hole),
    )  # fmt: skip
