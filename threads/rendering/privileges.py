"""What a person reads of privileges: what they are called, what they let somebody do, and what is lacking."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reputation.queries.privileges import Progress
from reputation.rules.privileges import Privilege

NAMES: dict[str, str | Promise] = {
    Privilege.RETAG: gettext_lazy("Changing others’ tags"),
    Privilege.EDIT: gettext_lazy("Editing others’ practices"),
    Privilege.DUPLICATES: gettext_lazy("Closing others’ threads as duplicates"),
    Privilege.MENTOR: gettext_lazy("Mentoring"),
    Privilege.VALIDATE: gettext_lazy("Approving new and changed practices"),
}


def missed(progress: Progress, labels: Mapping[str, str]) -> str:
    """That somebody has not enough standing for something, how much it takes, and how much they have.

    `labels` say what the subjects are called.
    """
    given = {
        "what": NAMES[progress.privilege], "needed": progress.needed, "have": progress.have,
        "subjects": ", ".join(labels[scope] for scope in progress.scopes), "best": labels.get(progress.best, ""),
    }  # fmt: skip
    if not progress.scopes:
        return _("%(what)s needs standing in what it is about, and this has neither product nor tags.") % given
    if len(progress.scopes) == 1:
        needs = _("%(what)s needs %(needed)d standing in %(subjects)s; you have %(have)d.")
    elif not progress.best:
        needs = _("%(what)s needs %(needed)d standing in one of %(subjects)s; you have none yet.")
    else:
        needs = _("%(what)s needs %(needed)d standing in one of %(subjects)s; you have %(have)d in %(best)s.")
    return needs % given
