"""Thanks in words: saying them, taking them back, and removing what should not stand."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from community.actions.inbox import notify, withdraw_notice
from community.errors import Conflict, Forbidden, Invalid, NotThere, TooMuch
from community.events import action, emit, member_stream
from community.models import Member
from community.queries.members import members_visible_to
from community.rules import clock
from reputation.facts.kudos import KUDOS, KUDOS_REMOVED, THANKS_CHANGED
from reputation.models import Kudos
from reputation.policies.kudos import may_remove, may_take_back, may_thank
from reputation.queries.kudos import budget_of
from reputation.rules.kudos import (
    LONGEST,
    MOST_A_MONTH,
    MOST_TO_ONE,
    REMOVAL_LENGTH,
    SHORTEST,
    on_one_line,
    says_something,
)

_CLIENT_ID_LENGTH = 64


@action
def give_kudos(*, by: Member, to: Member, reason: str, about: str = "", client_id: str | None = None) -> Kudos:
    """Thank somebody, for everybody in the network to read. The same `client_id` again returns the same thanks.

    Refused to oneself and to who is not here; beyond the month's budget, exactly, however many ask at once. Raises
    Invalid for a reason that says too little or too much. The caller has judged what it is `about`.
    """
    giver = Member.objects.select_for_update(of=("self",), no_key=True).select_related("organization").get(pk=by.pk)
    if client_id and (sent := _sent_before(giver, client_id)):
        return sent
    receiver = members_visible_to(giver).filter(pk=to.pk).first()
    if receiver is None:
        raise Forbidden("not_active") if not giver.is_active else NotThere("not_there")
    _judge(giver, receiver)
    words = _words(reason)
    _check_budget(giver, receiver)
    kudos = Kudos.objects.create(
        giver=giver, receiver=receiver, reason=words, about=about, at=clock.now(), client_id=client_id or None
    )
    _tell(kudos, by=giver, change="given")
    notify(
        recipients=[receiver.pk], kind=KUDOS, subject=f"thanks:{receiver.pk}", target=f"kudos:{kudos.pk}", actor=giver,
        key=_key(kudos),
    )  # fmt: skip
    return kudos


@action
def take_back_kudos(*, by: Member, kudos: Kudos) -> None:
    """Take one's thanks back within a day: the words are gone, and the budget is there again."""
    locked = _lock(kudos)
    if locked.giver_id != by.pk:
        raise Forbidden("only_giver_takes_back")
    if not may_take_back(by, locked):
        raise Conflict("too_late_to_take_back")
    locked.reason, locked.about, locked.taken_back_at = "", "", clock.now()
    locked.save(update_fields=["reason", "about", "taken_back_at"])
    withdraw_notice(recipient=locked.receiver, key=_key(locked))
    _tell(locked, by=by, change="taken_back")


@action
def remove_kudos(*, by: Member, kudos: Kudos, reason: str) -> None:
    """Take somebody's thanks off the page, for whoever looks after it. Who, when and why is kept with the words.

    The giver is told why and gets nothing back. Raises Invalid without a reason.
    """
    locked = _lock(kudos)
    if not may_remove(by, locked):
        raise Forbidden("only_moderators_remove_thanks")
    words = on_one_line(reason)
    if not words:
        raise Invalid({"reason": _("Say why. Whoever wrote it reads that.")})
    if len(words) > REMOVAL_LENGTH:
        raise Invalid({"reason": _("At most %(most)d characters fit.") % {"most": REMOVAL_LENGTH}})
    locked.removed_by, locked.removed_at, locked.removal_reason = by, clock.now(), words
    locked.save(update_fields=["removed_by", "removed_at", "removal_reason"])
    withdraw_notice(recipient=locked.receiver, key=_key(locked))
    _tell(locked, by=by, change="removed")
    name = f"kudos:{locked.pk}"
    notify(recipients=[locked.giver_id], kind=KUDOS_REMOVED, subject=name, target=name, actor=by)


def _sent_before(giver: Member, client_id: str) -> Kudos | None:
    if len(client_id) > _CLIENT_ID_LENGTH:
        raise Invalid(
            {"client_id": _("This is too long; at most %(most)d characters fit.") % {"most": _CLIENT_ID_LENGTH}}
        )
    sent = Kudos.objects.select_related("giver__organization", "receiver__organization")
    return sent.filter(giver=giver, client_id=client_id).first()


def _judge(giver: Member, receiver: Member) -> None:
    if not may_thank(giver, receiver):
        raise Forbidden("no_thanks_to_oneself" if giver.pk == receiver.pk else "cannot_be_thanked")


def _words(reason: str) -> str:
    words = on_one_line(reason)
    if not says_something(words):
        raise Invalid({"reason": _("Say what for, in at least %(least)d characters.") % {"least": SHORTEST}})
    if len(words) > LONGEST:
        excess = {"excess": len(words) - LONGEST, "most": LONGEST}
        raise Invalid({"reason": _("This is %(excess)d characters too long; at most %(most)d fit.") % excess})
    return words


def _check_budget(giver: Member, receiver: Member) -> None:
    budget = budget_of(giver, receiver)
    day = {"day": date_format(budget.renews_at, "j F")}
    if not budget.left:
        message = _("You have no thanks left this month. From %(day)s you have %(most)d again.")
        raise TooMuch("no_thanks_left", message % (day | {"most": MOST_A_MONTH}))
    if not budget.to_one:
        message = _("You have thanked them %(most)d times this month. You can again from %(day)s.")
        raise TooMuch("no_thanks_left_for_them", message % (day | {"most": MOST_TO_ONE}))


def _lock(kudos: Kudos) -> Kudos:
    rows = Kudos.objects.select_for_update(of=("self",), no_key=True).select_related("giver", "receiver")
    locked = rows.filter(pk=kudos.pk).first()
    if locked is None or not locked.stands:
        raise NotThere("not_there")
    return locked


def _key(kudos: Kudos) -> str:
    return f"kudos:{kudos.pk}"


def _tell(kudos: Kudos, *, by: Member, change: str) -> None:
    data = {"thanks": kudos.pk, "change": change}
    emit(member_stream(kudos.receiver_id), THANKS_CHANGED, actor=by, data=data)
