"""What the API takes and gives about writing practices. The docstrings are its documentation."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from community.api.paging import Identifier, Text
from community.api.people import Person
from threads.api.schemas import OptionalText, Tags

Digests = Annotated[list[Annotated[Text, Field(max_length=64)]], Field(max_length=500)]


class PracticeText(BaseModel):
    """What a practice says. What tells of somebody is refused with `details`, unless it is masked or kept."""

    title: OptionalText = None
    product: OptionalText = Field(default=None, description="The slug of a product; null for none.")
    tags: Tags | None = None
    problem: OptionalText = None
    environment: OptionalText = None
    cause: OptionalText = None
    resolution: OptionalText = None


class Handled(BaseModel):
    """What to do about details that tell of somebody."""

    mask: bool = Field(default=False, description="Write masks for all that tells of somebody and is not kept.")
    keep: Digests = Field(default=[], description="The `digest` of each detail that has to stay; never of a secret.")


class NewPractice(PracticeText, Handled):
    """What to record; what is not given is taken from the working record, and where that is empty from the thread."""

    work_in_progress: bool = Field(
        default=False,
        description="Show the record of an unresolved thread as work in progress; nothing else is taken then. "
        "What tells of somebody is masked there until the practice is recorded.",
    )


class PracticeChange(PracticeText, Handled):
    """What to revise; what is not given stays, and so does what others changed since. Every version is kept."""

    reason: Text = ""
    version: Identifier | None = Field(
        default=None,
        description="The version you read; needed to change anything. 409 when others changed the same since.",
    )


class PracticeVersionOut(BaseModel):
    """What a practice said in one version."""

    number: int
    kind: str
    title: str
    problem: str
    environment: str
    cause: str
    resolution: str
    product: str | None = Field(description="The slug of a product.")
    tags: list[str] | None = Field(description="Slugs; null where it was not kept what tags and product were.")
    moved: dict[str, list[str]] = Field(
        description="How `confidence` and `audience` changed: by name what it was and is; of the first only that."
    )
    author: Person
    reason: str
    restores: int | None = Field(description="The version that it brought back.")
    at: datetime


class RestoreIn(Handled):
    """Bringing a version back."""

    version: Identifier = Field(description="The practice's present version, as you saw it.")
    reason: Text = ""


class NewSuggestion(BaseModel):
    """Other words for a practice; what is not given stays."""

    version: Identifier = Field(description="The version that you read.")
    reason: Text = Field(description="Why it is better so.")
    title: OptionalText = None
    problem: OptionalText = None
    environment: OptionalText = None
    cause: OptionalText = None
    resolution: OptionalText = None
    thread: Identifier | None = Field(default=None, description="The id of the thread from which you read it.")


class SuggestionOut(BaseModel):
    """A suggested edit, as its author and those who decide see it. `title` and `fields` have only what changes."""

    id: int
    practice: int
    number: int = Field(description="How often its author wrote it: give back the one that you read.")
    version: int = Field(description="The version that it was made for.")
    title: str | None
    fields: dict[str, str]
    reason: str
    author: Person
    at: datetime
    state: Literal["open", "accepted", "rejected", "withdrawn"]
    reply: str
    accepted_version: int | None
    clashes: bool = Field(description="Whether the same lines were changed since: accepting needs the words given.")


class AcceptIn(Handled):
    """Taking a suggestion up; with texts, in these words instead."""

    version: Identifier = Field(description="The practice's present version, as you saw it.")
    number: Identifier | None = Field(
        default=None,
        description="The suggestion's number, as you read it; needed when you give no texts. When its author wrote it "
        "anew since, 409 `suggested_anew` with what is there now in `suggestion`.",
    )
    title: OptionalText = None
    problem: OptionalText = None
    environment: OptionalText = None
    cause: OptionalText = None
    resolution: OptionalText = None


class RejectIn(BaseModel):
    """Why a suggestion is not taken up."""

    reply: Text


class CheckIn(BaseModel):
    """Texts to hold against the content standard. Nothing is stored."""

    title: Text = ""
    problem: Text = ""
    environment: Text = ""
    cause: Text = ""
    resolution: Text = ""
    asked: Text = Field(default="", description="How the asker said it: the title should share a word with it.")
    product: bool = Field(default=False, description="Whether a product or tag leads to it.")


class DetailOut(BaseModel):
    """Something that tells of somebody: its place in a field, and the mask to write instead."""

    field: str
    kind: Literal["secret", "email", "customer", "host", "ip", "phone", "path_user"]
    start: int
    end: int
    text: str
    mask: str
    digest: str
    may_keep: bool


class PointOut(BaseModel):
    """One point of the standard; `met` is null where nothing can be said, `why` names what is missing."""

    name: str
    met: bool | None
    why: str
    must: bool


class CheckOut(BaseModel):
    """How texts stand against the standard."""

    details: list[DetailOut]
    checklist: list[PointOut]
