"""What people wrote into the timeline of a thread: by these words its entries are found."""

from collections.abc import Mapping
from typing import Any

from community.rendering.markdown import spoken
from threads.facts.playbooks import PLAYBOOK_ENDED
from threads.facts.swarm import HAND_OVER_OFFERED, HELP_ASKED, MEETING_LOGGED

# What somebody answered in private stands in no timeline, and so not here either.
_WRITTEN = {
    HELP_ASKED.name: "what",
    HAND_OVER_OFFERED.name: "summary",
    MEETING_LOGGED.name: "outcome",
    PLAYBOOK_ENDED.name: "note",
}

FOUND = tuple(_WRITTEN)


def text_of_entry(kind: str, data: Mapping[str, Any]) -> str:
    """What an entry of this kind is found by, without Markdown's marks; nothing where nobody wrote words into it."""
    text = data.get(_WRITTEN.get(kind, ""))
    return spoken(text) if isinstance(text, str) else ""
