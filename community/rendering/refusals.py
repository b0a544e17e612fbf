"""What a person reads when an action refuses: the action's own words, or those declared here for its code."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from community.errors import Refused

_WORDS: dict[str, str | Promise] = {
    "not_there": _("There is no such thing, or you may not see it."),
    "only_administrators_invite": _("Only administrators of the organization invite people. Ask one of them."),
    "only_own_erasure": _("Only network administrators erase others."),
    "only_administrators_suspend": _("Only administrators of the organization end somebody's access. Ask one of them."),
    "only_own_tokens": _("You make tokens for yourself only."),
    "invitation_used": _("This invitation has been used. Sign in with the account made by it."),
    "invitation_expired": _("This invitation has expired. Ask for a new one."),
    "already_a_member": _("There is an account with this e-mail address. Sign in."),
}


def say(words: dict[str, str | Promise]) -> None:
    """Declare what the codes of another room mean to a person. Raises ValueError when one has words already."""
    if again := _WORDS.keys() & words.keys():
        raise ValueError(f"refusals declared twice: {sorted(again)}")
    _WORDS.update(words)


def words_of(refused: Refused) -> str:
    """What to tell the person; at least the code as a sentence, so that nobody is left with nothing."""
    words = refused.detail or _WORDS.get(refused.code, "")
    return str(words) or refused.code.replace("_", " ").capitalize() + "."
