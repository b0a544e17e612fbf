"""What the API takes and gives about playbooks and runs. The docstrings are its documentation."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from community.api.paging import Identifier, Text, Whole
from community.api.people import Person
from threads.api.schemas import Tags
from threads.rules.limits import MOST_OPTIONS, MOST_STEPS, OPTION_LENGTH, STEP_NOTE_LENGTH, STEP_TEXT_LENGTH

Kind = Literal["resolution", "escalation"]
State = Literal["open", "done", "skipped", "failed"]
Outcome = Literal["solved", "helped", "escalated", "not_helped"]


class OptionIn(BaseModel):
    """One answer of a question."""

    label: Text = Field(max_length=OPTION_LENGTH)
    go: Text = Field("", max_length=5, description="The key of a later step, or `end`; the next step when not given.")


class StepIn(BaseModel):
    """One step. `key` names a step that there is already, so that what came of it is kept."""

    key: Text = Field("", max_length=5)
    title: Text = Field(max_length=200)
    text: Text = Field("", max_length=STEP_TEXT_LENGTH, description="Markdown.")
    who: Text = Field("anyone", max_length=24, description="Advice: anyone, owner, asker, helper, role:<id>, tier:2+.")
    kind: Literal["do", "decide"] = "do"
    options: list[OptionIn] = Field([], max_length=MOST_OPTIONS, description="The answers of a question (`decide`).")
    practice: Identifier | None = Field(None, description="The id of a practice that you see.")


Steps = Annotated[list[StepIn], Field(min_length=1, max_length=MOST_STEPS)]


class PlaybookText(BaseModel):
    """What a playbook says."""

    title: Text = Field(max_length=200)
    purpose: Text = Field("", max_length=2000, description="When to use it. Markdown.")
    kind: Kind = "resolution"
    product: Text | None = Field(None, description="The slug of a product; null for any.")
    tags: Tags = []
    steps: Steps


class NewPlaybook(PlaybookText):
    """A playbook to write down, and for whom."""

    space: Text = Field(description="The slug of a space.")
    audience: Literal["center", "organization", "organizations", "space"] = "space"
    organizations: list[Text] = Field([], max_length=200, description="Slugs, for the audience `organizations`.")


class PlaybookChange(PlaybookText):
    """All that it says from now on, and why."""

    version: Whole = Field(description="The version you read; 409 when somebody changed it since.")
    reason: Text = Field(max_length=400)


class OptionOut(BaseModel):
    """One answer of a question, and where it leads."""

    key: str
    label: str
    go: str


class PlaybookStep(BaseModel):
    """One step. `practice` is null too when you may not see it."""

    key: str
    title: str
    text: str
    who: str
    kind: Literal["do", "decide"]
    options: list[OptionOut]
    practice: int | None


class PlaybookOut(BaseModel):
    """A playbook as it is now."""

    id: int
    title: str
    purpose: str
    kind: Kind
    space: str
    audience: str
    product: str | None
    tags: list[str]
    version: int
    updated_at: datetime
    retired: bool
    keeper: Person | None
    steps: list[PlaybookStep]
    can: list[str]


class VersionOut(BaseModel):
    """One version, without its steps."""

    number: int
    title: str
    product: str | None
    tags: list[str] | None = Field(description="Null where it was not kept what tags and product were.")
    author: Person
    reason: str
    at: datetime


class Reverting(BaseModel):
    """Which version to bring back."""

    number: Identifier
    version: Whole = Field(description="The newest version that you read; 409 when somebody changed it since.")


class KeeperIn(BaseModel):
    """Who is to look after it."""

    member: Text | None = Field(description="A handle.")


class PlaybookPage(BaseModel):
    """Some of them; `next` goes on."""

    items: list[PlaybookOut]
    next: str | None


class StepMark(BaseModel):
    """What was last said of a step of a run."""

    step: str
    state: State
    choice: str
    note: str
    by: Person | None
    at: datetime | None
    version: int


class RunOut(BaseModel):
    """A playbook that is gone through in a thread. `path` are the keys on the way, as far as it is decided."""

    id: int
    thread: int
    playbook: int | None = Field(description="Null when you may not see it (any more).")
    version: int
    title: str
    state: Literal["running", "finished", "abandoned"]
    outcome: Literal["", "solved", "helped", "escalated", "not_helped"]
    note: str
    started_at: datetime
    ended_at: datetime | None
    steps: list[PlaybookStep]
    marks: list[StepMark]
    path: list[str]
    can: list[str]


class NewRun(BaseModel):
    """Which playbook to go through."""

    playbook: Identifier


class MarkIn(BaseModel):
    """What to say of a step."""

    state: State
    version: Whole = Field(description="That of the mark you saw; 409 when somebody said something else since.")
    note: Text = Field("", max_length=STEP_NOTE_LENGTH, description="Needed for skipped and failed.")
    choice: Text = Field("", max_length=8, description="The key of the answer, when a question is done.")


class Ending(BaseModel):
    """What came of a run; or that it is given up, and why."""

    outcome: Outcome | None = None
    note: Text = Field("", max_length=STEP_NOTE_LENGTH)
    abandoned: bool = False


class PlaybookQuery(BaseModel):
    """Which playbooks."""

    product: Text = ""
    kind: Kind | None = None
    retired: bool = False
    after: Text = ""
