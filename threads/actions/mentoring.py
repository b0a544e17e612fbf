"""Asking for a mentor in a subject that one meets."""

from community.errors import NotThere
from community.events import action
from community.models import Member
from reputation.actions.mentoring import ask_mentor
from reputation.models import Mentoring
from threads.queries.met import met_among


@action
def ask_to_be_mentored(*, by: Member, mentor: Member, scope: str, what: str) -> Mentoring:
    """Ask somebody to teach one a subject, as `ask_mentor`. Raises NotThere for a subject that one meets nowhere."""
    if not met_among(by, [scope]):
        raise NotThere("no_mentor")
    return ask_mentor(by=by, mentor=mentor, scope=scope, what=what)
