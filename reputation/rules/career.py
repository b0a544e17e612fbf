"""The format of a record of contributions, version 1 (docs/records.md), and what a member chooses of it.

It holds what the member did, in numbers: no text of anybody, and no name of anybody else.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

FORMAT: Literal["guildhall-record/1"] = "guildhall-record/1"
ALGORITHM: Literal["Ed25519"] = "Ed25519"
MOST_TOPICS = 100
MOST_A_DAY = 20
_TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
_UNSEEN = {"Cc", "Cs", "Zl", "Zp"}

Words = Annotated[str, Field(max_length=400)]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Moment = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$")]
KeyId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Count = Annotated[int, Field(ge=-(10**12), le=10**12)]


class _Exact(BaseModel):
    """Nothing more and nothing else than what is declared."""

    model_config = ConfigDict(extra="forbid", strict=True)


class RecordNetwork(_Exact):
    """The network that signs."""

    name: Words
    address: Words


class RecordHolder(_Exact):
    """Whom it is about, as they were called when it was issued."""

    name: Words
    handle: Words


class RecordPeriod(_Exact):
    """The days that it is about, in UTC, both included; `first` is null for all since the beginning."""

    first: Day | None
    last: Day


class RecordOrganization(_Exact):
    """For whom the member worked, with the days of the first and last contribution there that the record counts."""

    name: Words
    first: Day
    last: Day


class RecordCount(_Exact):
    """How many contributions of a kind stand, and what they earned."""

    kind: Words
    count: Count
    points: Count


class RecordYear(RecordCount):
    """The same of one year, in UTC."""

    year: Count


class RecordTopic(RecordCount):
    """The same of one subject: `product:<slug>` or `tag:<slug>`. One contribution can count in several."""

    subject: Words


class RecordCertificate(_Exact):
    """A certificate that an administrator of the member's organization saw."""

    name: Words
    issuer: Words
    subject: Words
    issued_on: Day
    expires_on: Day | None
    confirmed_on: Day


class RecordDraft(_Exact):
    """All that a record says, but for its own name and the moment of signing."""

    format: Literal["guildhall-record/1"] = FORMAT
    network: RecordNetwork
    member: RecordHolder
    period: RecordPeriod
    subjects: list[Words] | None = Field(description="What it was narrowed to; null for all.")
    organizations: list[RecordOrganization]
    contributions: list[RecordCount]
    years: list[RecordYear]
    topics: list[RecordTopic] = Field(description="Only subjects that everybody in the network sees.")
    standing: Count = Field(description="What the contributions above earned.")
    certificates: list[RecordCertificate] | None = Field(description="Confirmed ones; null when left out.")


class CareerRecordSigned(RecordDraft):
    """A record of contributions."""

    id: Words
    issued_at: Moment


class RecordSignature(_Exact):
    """Who signed it: `value` is base64url without padding."""

    alg: Literal["Ed25519"] = ALGORITHM
    key: KeyId
    value: Words


class SignedRecord(_Exact):
    """A record with the network's signature."""

    record: CareerRecordSigned
    signature: RecordSignature


@dataclass(frozen=True)
class Choice:
    """What a member wants to have in a record: all, up to today, where nothing is said."""

    last: date
    first: date | None = None
    subjects: tuple[str, ...] = ()
    certificates: bool = True

    def kept(self) -> dict[str, Any]:
        """The choice as it is remembered."""
        return {
            "first": self.first.isoformat() if self.first else None, "last": self.last.isoformat(),
            "subjects": list(self.subjects), "certificates": self.certificates,
        }  # fmt: skip


def plain(text: str) -> str:
    """A name without what is not seen, or turns around what stands beside it."""
    seen = (" " if unicodedata.category(char) in _UNSEEN else char for char in text)
    return " ".join("".join(char for char in seen if unicodedata.bidirectional(char) not in _TURNING).split())
