"""What happens to playbooks that run in a thread. A run is the thread's own, so its readers may know all of it."""

from django.utils.translation import gettext_lazy as _

from community.facts.inbox import declare_notice
from community.facts.kinds import declare

PLAYBOOK_STARTED = declare("playbook.started", fields=("run",), about="A playbook is gone through in the thread.")
PLAYBOOK_STEP = declare(
    "playbook.step",
    fields=("run", "step", "state", "choice", "note", "by", "at", "version", "path", "left"),
    about="Somebody marked a step of it, or took that back; `path` is the way now, `left` how many steps wait.",
)
PLAYBOOK_ENDED = declare(
    "playbook.ended", fields=("run", "state", "outcome"), about="It came to its end, or was given up."
)

PLAYBOOK_FAILED = declare_notice(
    "playbook-failed",
    label=_("Steps that failed in a playbook you look after"),
    sentence=_("says that a step of a playbook you look after failed"),
)
