"""The rules of standing, and one's own privileges."""

from ninja import Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from reputation.rules.points import RULES_VERSION, WINDOW_DAYS
from threads.queries.privileges import own_privileges
from threads.rendering.standing_rules import Line, caps, earned, privileges

router = Router(tags=["people"])


class StandingRuleOut(BaseModel):
    """A number of the rules, and why it is that."""

    name: str
    label: str
    points: int
    reason: str


class RulesOut(BaseModel):
    """What standing follows from. Curators, moderators and administrators are appointed: no standing gives a role."""

    version: int
    window_days: int = Field(description="How far the caps look back, but for that of a day.")
    earned: list[StandingRuleOut]
    caps: list[StandingRuleOut]
    privileges: list[StandingRuleOut] = Field(description="From how much standing in a subject on what may be done.")


class SubjectOut(BaseModel):
    """A tag or product."""

    kind: str = Field(description="tag or product.")
    slug: str


class PrivilegeOut(BaseModel):
    """A privilege, and how far you are; it holds in what is about one of the subjects."""

    name: str
    needed: int
    subjects: list[SubjectOut] = Field(description="In which you have it.")
    have: int = Field(description="Your points in your best subject.")
    best: SubjectOut | None


class PrivilegesOut(BaseModel):
    """All privileges, those that need least first."""

    privileges: list[PrivilegeOut]


@router.get("/standing/rules", response=RulesOut, operation_id="standing_rules", summary="Read how standing works")
def rules(request: ApiRequest) -> RulesOut:  # noqa: ARG001  (every call is given one)
    """What earns how much, what limits it, and what it lets members do, each with its reason."""
    return RulesOut(
        version=RULES_VERSION, window_days=WINDOW_DAYS, earned=[_rule(line) for line in earned()],
        caps=[_rule(line) for line in caps()], privileges=[_rule(line) for line in privileges()],
    )  # fmt: skip


@router.get(
    "/me/privileges", response=PrivilegesOut, operation_id="own_privileges", summary="What standing lets you do"
)
def own(request: ApiRequest) -> PrivilegesOut:
    """In which subjects you have which privilege. They come and go with standing, at once."""
    rows = sorted(own_privileges(request.auth).items(), key=lambda each: each[1].needed)
    return PrivilegesOut(
        privileges=[
            PrivilegeOut(
                name=name, needed=row.needed, subjects=[_subject(scope) for scope in row.held], have=row.have,
                best=_subject(row.best) if row.best else None,
            )
            for name, row in rows
        ]
    )  # fmt: skip


def _rule(line: Line) -> StandingRuleOut:
    return StandingRuleOut(name=line.name, label=str(line.label), points=line.points, reason=str(line.reason))


def _subject(scope: str) -> SubjectOut:
    kind, _colon, slug = scope.partition(":")
    return SubjectOut(kind=kind, slug=slug)
