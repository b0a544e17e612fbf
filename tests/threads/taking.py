"""Taking a record of contributions along, for tests."""

import json
from typing import Any
from uuid import UUID, uuid4

from community.models import Member
from community.rules import clock
from reputation.queries.verifying import Verified, verified
from reputation.rules.career import Choice
from threads.actions.career import Issued, digest_of, issue_record
from threads.queries.career import draft_of


def chosen(**what: Any) -> Choice:
    """Everything up to today, or what is said."""
    return Choice(**{"last": clock.now().date(), **what})


def draft(member: Member, **what: Any) -> dict[str, Any]:
    """What a record of the member would say."""
    return draft_of(member, chosen(**what)).model_dump()


def took(member: Member, number: UUID | None = None, **what: Any) -> Issued:
    """The member looks at a record and signs it."""
    seen = digest_of(draft_of(member, chosen(**what)))
    return issue_record(by=member, choice=chosen(**what), number=number or uuid4(), seen=seen)


def check(document: Any) -> Verified:
    """What is said of a file with this in it."""
    return verified(json.dumps(document, ensure_ascii=False).encode())
