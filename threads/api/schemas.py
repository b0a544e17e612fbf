"""What the API takes and gives about threads, posts and practices. The docstrings are its documentation."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field

from community.api.paging import Identifier, Page, Text, Whole
from community.api.people import OrganizationName, Person, Source, Stream
from threads.rules.limits import CLIENT_ID_LENGTH

ThreadStatus = Literal["open", "waiting", "resolved", "closed"]
Rung = Literal["center", "organization", "organizations", "space"]
Severity = Annotated[Whole, Field(ge=1, le=4, description="1 critical, 2 high, 3 normal, 4 low.")]
Tags = Annotated[list[Text], Field(max_length=50)]
OptionalText = Text | None
ClientId = Annotated[Text, Field(max_length=CLIENT_ID_LENGTH)]
SittingName = Annotated[Text, Field(pattern=r"^([A-Za-z0-9_-]{16,24})?$")]


class ProductOut(BaseModel):
    """What a thread or practice is about."""

    slug: str
    name: str


class SpaceName(BaseModel):
    """A space by its names."""

    slug: str
    name: str


class AudienceOut(BaseModel):
    """Who may see it, within its space. `organizations` are those named besides the author's own."""

    rung: Rung | Literal["network", "public"]
    organizations: list[OrganizationName]


class NextAction(BaseModel):
    """What happens next, who does it, by when."""

    what: str
    who: str | None = Field(description="A handle.")
    due: datetime | None


class SwarmOut(BaseModel):
    """Who works on a thread: the one accountable member, who helps, and what happens next."""

    owner: Person | None
    helpers: list[Person]
    next_action: NextAction | None


class ResolutionOut(BaseModel):
    """How a thread was resolved. `posts` are the ids of those that solved it."""

    posts: list[int]
    summary: str
    by: str | None = Field(description="A handle; null for imported ones.")
    at: datetime


class RecordOut(BaseModel):
    """The working record: four texts in Markdown, and the version to give back when saving."""

    problem: str
    environment: str
    cause: str
    resolution: str
    version: int


class PracticeName(BaseModel):
    """A practice by its address."""

    id: int
    url: str


class ThreadSummary(BaseModel):
    """A thread in a list."""

    id: int
    url: str
    title: str
    space: SpaceName
    status: ThreadStatus
    severity: int
    product: ProductOut | None
    version: str | None = Field(description="Of the product.")
    tags: list[str]
    environment: str
    audience: AudienceOut
    author: Person
    owner: str | None = Field(description="The handle of the accountable member.")
    next_action: NextAction | None
    swarm: SwarmOut
    reply_count: int
    last_number: int = Field(description="The number of the newest post.")
    created_at: datetime
    last_activity_at: datetime
    resolution: ResolutionOut | None
    practice: PracticeName | None
    following: bool
    stream: Stream
    source: Source | None = None


class ThreadOut(ThreadSummary):
    """One thread with its working record. `can` names what you may do now."""

    record: RecordOut
    can: list[str]


class PostOut(BaseModel):
    """The problem (number 1), a reply, or with `parent` a note. Deleted ones keep text for who may restore them."""

    id: int
    thread: int
    number: int
    parent: int | None = Field(description="The id of the post that this is a note to.")
    author: Person
    organization: OrganizationName = Field(description="The author's when they wrote it.")
    body: str | None = Field(description="As written: Markdown, or HTML where `markup` says so.")
    markup: Literal["markdown", "html"]
    html: str | None = Field(description="Rendered and sanitized.")
    created_at: datetime
    edited_at: datetime | None
    deleted: bool
    version: int
    votes: int = Field(description="How many said that it helped.")
    score: int | None = Field(description="The number that an import brought along.")
    voted: bool = Field(description="Whether you said so.")
    solution: bool
    can: list[str]
    url: str
    source: Source | None = None


class PracticeSummary(BaseModel):
    """A best practice in a list. `confidence` says how far it can be trusted."""

    id: int
    url: str
    title: str
    space: SpaceName
    product: ProductOut | None
    tags: list[str]
    confidence: Literal["work_in_progress", "not_validated", "validated", "archived"]
    problem: str
    environment: str
    cause: str
    resolution: str
    thread: int | None = Field(description="The id of the thread that it was recorded from, when you may see that.")
    audience: AudienceOut
    recorded_by: Person
    recorded_at: datetime
    updated_at: datetime
    version: int
    source: Source | None = None


class PracticeOut(PracticeSummary):
    """One practice. `can` names what you may do now."""

    follows_record: bool = Field(description="Whether its text is still written in its thread's record.")
    can: list[str]


class HitOut(BaseModel):
    """Something found, best first.

    `score` is a share of the best one's, `highlight` safe HTML with the words found in `<mark>`, `because` what raised
    it, where something did.
    """

    kind: Literal["thread", "practice", "playbook", "member"]
    id: int
    title: str
    url: str
    score: float
    highlight: str
    because: str = ""
    source: Source | None = None


class FacetOut(BaseModel):
    """A value by which a search can be narrowed (`name:value` in `q`), and how many of what was ranked have it."""

    value: str
    label: str
    count: int


class FoundOut(Page[HitOut]):
    """A page of a search.

    `total` counts what was ranked; `bounded`: there is more that was not looked at. `unknown`: what looks like a filter
    and is none (searched for as words), filters whose value means nothing to them (they do not narrow), and, where
    nothing was found, filters that nothing that you may see fulfils. `corrected`: what was searched for instead of `q`,
    in which nothing was found for a word, and `suggested`: a text that finds much more, with a word of nearly the same
    letters in the place of a rare one; `exact` prevents both. `facets` by the name of their filter, with `facets=1`.
    """

    total: int
    bounded: bool
    unknown: list[str]
    corrected: str | None = None
    suggested: str | None = None
    facets: dict[str, list[FacetOut]] | None = None


class RecordFields(BaseModel):
    """Fields of a working record, in Markdown; those not given stay."""

    problem: Text = ""
    environment: Text = ""
    cause: Text = ""
    resolution: Text = ""


class NewThread(BaseModel):
    """A problem to post."""

    space: Text = Field(description="The slug of a space.")
    title: Text
    body: Text = Field(description="Markdown.")
    product: OptionalText = Field(default=None, description="The slug of a product.")
    version: OptionalText = Field(default=None, description="A known version of that product.")
    tags: Tags = []
    severity: Severity = 3
    environment: Text = ""
    audience: Rung = "space"
    organizations: Annotated[list[Text], Field(max_length=100)] = Field(
        default=[], description="Slugs of the organizations named, for the audience `organizations`."
    )
    client_id: ClientId | None = Field(default=None, description="Your own id; again, it gives the same thread.")
    sitting: SittingName = Field(default="", description="The one that `POST /similar` was asked with; it ends.")


class ThreadChange(BaseModel):
    """What to change of a thread; what is not given stays. All of it is done, or nothing."""

    title: Text | None = None
    product: OptionalText = Field(default=None, description="The slug of a product; null takes it away.")
    version: OptionalText = Field(default=None, description="A known version of the product; null takes it away.")
    tags: Tags | None = None
    severity: Severity | None = None
    environment: Text | None = None
    status: ThreadStatus | None = Field(default=None, description="open, waiting, or closed (moderators).")
    owner: OptionalText = Field(default=None, description="Your own handle takes the thread; null leaves it.")
    following: Annotated[bool, Field(strict=True)] | None = None
    record: RecordFields | None = None
    record_version: Annotated[Whole, Field(ge=0, lt=2**63)] | None = Field(
        default=None, description="The version you saw; 409 when somebody saved since."
    )


class NewPost(BaseModel):
    """A reply, or with `parent` a note under a reply."""

    body: Text = Field(description="Markdown.")
    parent: Identifier | None = Field(default=None, description="The id of a post.")
    client_id: ClientId | None = Field(default=None, description="Your own id; again, it gives the same post.")


class PostChange(BaseModel):
    """A new text for a post; the old one is kept in its history."""

    body: Text = Field(description="Markdown.")
    reason: Text = ""
    version: Identifier | None = Field(default=None, description="The version you saw; 409 when somebody edited since.")


class VoteIn(BaseModel):
    """1: this helped. 0: take it back."""

    value: Annotated[Whole, Field(ge=0, le=1)]


class ResolveIn(BaseModel):
    """What fixed it: a solving post, a summary or the record's resolution is needed."""

    posts: Annotated[list[Identifier], Field(max_length=50, description="Ids of the posts that solved it.")] = []
    summary: Text = ""
    record: RecordFields | None = None
    record_version: Annotated[Whole, Field(ge=0, lt=2**63)] | None = Field(
        default=None,
        description="The record's version you saw; 409 when somebody wrote since in one of the fields that you change.",
    )


class ReopenIn(BaseModel):
    """Why."""

    reason: Text = ""


def _listed(given: Any) -> Any:
    """A text with commas, as `GET /similar` takes it, means the list of its parts."""
    return [part.strip() for part in given.split(",")] if isinstance(given, str) else given


class SimilarIn(BaseModel):
    """A text to find like things for."""

    text: Text
    kind: Annotated[list[Literal["thread", "practice", "playbook"]], BeforeValidator(_listed)] = ["thread", "practice"]
    limit: Annotated[Whole, Field(ge=1, le=100)] = 5
    sitting: SittingName = Field(
        default="",
        description="16 to 24 letters and digits of your own: one form, so that what it was shown is remembered.",
    )
    space: Text = Field(default="", description="With a sitting: the slug of the space that is asked in.")
