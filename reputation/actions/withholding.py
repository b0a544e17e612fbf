"""Whose votes and credits count: while somebody is suspended theirs do not, and then they do again.

What is due is found from what is (`queries.withholding`), each gift by itself, so it is right however often it is
interrupted or repeated, and whoever does it.
"""

from datetime import datetime

from community.events import action
from community.models import Member
from community.policies.members import is_suspended
from community.rules import clock
from reputation.actions.awards import give_again, reverse
from reputation.models import Award, WithheldAward, Withholding


def follow_suspension(*, member: Member) -> None:
    """Note that a member's gifts are to be withheld, or given back. For a reactor: in the transaction of the change."""
    note_suspension(member=member)


@action
def note_suspension(*, member: Member) -> bool:
    """Have a member's gifts follow their access; false when they do already."""
    wanted = is_suspended(member)
    row = Withholding.objects.select_for_update().filter(member=member).first()
    if row is None:
        if wanted:
            Withholding.objects.get_or_create(member=member, defaults={"wanted": True, "changed_at": clock.now()})
        return wanted
    if row.wanted == wanted:
        return False
    row.wanted, row.changed_at, row.settled_at = wanted, clock.now(), None
    row.save(update_fields=["wanted", "changed_at", "settled_at"])
    return True


@action
def finish_withholding(*, member_id: int, changed_at: datetime) -> bool:
    """Say that everything of a member has followed, unless they were suspended or came back again meanwhile."""
    rows = Withholding.objects.filter(member=member_id, changed_at=changed_at, settled_at=None)
    return bool(rows.update(settled_at=clock.now()))


@action
def withhold_award(*, award: Award) -> bool:
    """Take back what a suspended member gave, until they are back. The caller has locked what it was given for."""
    giver = Member.objects.filter(pk=award.giver_id or 0).first()
    if giver is None or not is_suspended(giver):
        return False
    reversal = reverse(cause=award.cause.partition("#")[0], subject=award.subject, why=Award.Why.SUSPENDED)
    taken_back = reversal.reverses if reversal else None
    if taken_back is None:
        return False
    WithheldAward.objects.create(award=taken_back, giver=giver)
    return True


@action
def release_award(*, withheld: WithheldAward, stands: bool) -> bool:
    """Give again what was withheld, where what it was given for `stands`. The caller has locked that."""
    row = WithheldAward.objects.select_for_update(of=("self",)).select_related("giver", "award").filter(pk=withheld.pk)
    found = row.first()
    if found is None or is_suspended(found.giver):
        return False
    if stands:
        cause = found.award.cause.partition("#")[0]
        give_again(cause=cause, subject=found.award.subject, why=Award.Why.SUSPENDED)
    found.delete()
    return True
