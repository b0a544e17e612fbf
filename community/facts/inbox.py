"""What happens in an inbox, and the kinds of notices a member can choose from."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from community.facts.kinds import declare

INBOX_ADDED = declare(
    "inbox.added",
    fields=("item", "kind", "subject", "target", "actor"),
    about="A notice arrived in the inbox: one more is unread.",
)
INBOX_READ = declare(
    "inbox.read", fields=("subjects", "unread"), about="Notices were read; an empty list means all of them."
)


@dataclass(frozen=True)
class NoticeKind:
    """One kind of notice: `sentence` is what the inbox says, `label` what the settings call it.

    A `former` kind is only found in what was told before.
    """

    name: str
    label: str | Promise
    sentence: str | Promise
    former: bool = False


_notices: dict[str, NoticeKind] = {}


def declare_notice(name: str, *, label: str | Promise, sentence: str | Promise, former: bool = False) -> NoticeKind:
    """Declare a kind of notice. Raises ValueError when the name is taken."""
    if name in _notices:
        raise ValueError(f"notice kind {name} is declared twice")
    _notices[name] = NoticeKind(name, label, sentence, former)
    return _notices[name]


def notice_kinds() -> Iterable[NoticeKind]:
    """Every kind of notice that members are told, in the order of declaration."""
    return [kind for kind in _notices.values() if not kind.former]


def notice_kind(name: str) -> NoticeKind:
    """The kind of that name. Raises KeyError when there is none."""
    return _notices[name]
