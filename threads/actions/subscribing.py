"""Saying of which practices one wants to hear, and telling of them."""

from collections.abc import Collection
from datetime import timedelta

from django.utils.translation import gettext as _

from community.actions.duties import each, put_off
from community.actions.inbox import notify
from community.errors import Forbidden, Invalid, TooMuch
from community.events import action
from community.events.duties import every
from community.facts.inbox import NoticeKind
from community.models import Member, WorkRole
from community.policies.members import is_organization_admin
from community.rules import clock
from threads.actions.practice_telling import HEARERS
from threads.facts.spreading import PRACTICE_NEW, PRACTICE_NEWS, PRACTICE_WARNED
from threads.models import Practice, PracticeNews, Subscription
from threads.queries.subscriptions import audience_of_news, is_known, news_due
from threads.rules.limits import MOST_ROLE_SUBSCRIPTIONS, MOST_SUBSCRIPTIONS

NEWS = "tell news of practices"
# Several changes within this time are told as one.
TOGETHER = timedelta(minutes=15)
_NOTICES: dict[str, tuple[NoticeKind, timedelta]] = {
    "new": (PRACTICE_NEW, timedelta()),
    "warned": (PRACTICE_WARNED, timedelta()),
    **dict.fromkeys(("changed", "validated", "retired", "merged"), (PRACTICE_NEWS, TOGETHER)),
}
_BY_NAME = {kind.name: kind for kind, _delay in _NOTICES.values()}


@action
def subscribe(*, by: Member, scope: str, wanted: bool = True) -> Subscription:
    """Say that one wants to hear of practices of a product or tag, or does not, whatever one's role.

    Raises Invalid for what nobody here knows of, TooMuch for more than one can read.
    """
    scope = _known(by, scope)
    own = Subscription.objects.filter(member=by)
    if own.exclude(scope=scope).count() >= MOST_SUBSCRIPTIONS:
        raise TooMuch("too_many_subscriptions", _("You subscribed to very much. Take something back first."))
    row, _made = Subscription.objects.update_or_create(member=by, scope=scope, defaults={"wanted": wanted, "by": by})
    return row


@action
def unsubscribe(*, by: Member, scope: str) -> None:
    """Take back what one said of a product or tag; what one's role hears of counts again."""
    Subscription.objects.filter(member=by, scope=_normalized(scope)).delete()


@action
def subscribe_role(*, by: Member, role: WorkRole, scope: str) -> Subscription:
    """Have everybody in the organization who has the role hear of a product or tag, as the role goes round.

    Only who administers the organization does that. Again changes nothing.
    """
    _only_administrators(by)
    scope = _known(by, scope)
    rows = Subscription.objects.filter(organization=by.organization)
    if rows.count() >= MOST_ROLE_SUBSCRIPTIONS:
        raise TooMuch("too_many_subscriptions", _("Your organization subscribed to very much already."))
    found = {"organization": by.organization, "role": role, "scope": scope}
    return Subscription.objects.get_or_create(**found, defaults={"by": by})[0]


@action
def unsubscribe_role(*, by: Member, role: WorkRole, scope: str) -> None:
    """Have the role hear of it no more. Only who administers the organization does that."""
    _only_administrators(by)
    Subscription.objects.filter(organization=by.organization, role=role, scope=_normalized(scope)).delete()


def _only_administrators(by: Member) -> None:
    if not is_organization_admin(by, by.organization_id):
        raise Forbidden("only_administrators", _("Administrators of your organization decide that."))


def _normalized(scope: str) -> str:
    noun, _colon, slug = scope.partition(":")
    return f"{noun}:{slug.strip().lower()}".replace("\0", "")[:80]


def _known(by: Member, scope: str) -> str:
    scope = _normalized(scope)
    if not is_known(by, scope):
        raise Invalid({"scope": _("Nothing that you see has this tag, and there is no such product.")})
    return scope


def tell_subscribers(practice: Practice, news: str, by: Member | None, besides: Collection[int] = ()) -> None:
    """Have the worker tell those who asked to hear of such practices, however many they are.

    Of several changes that are told at once, each is heard by all but who made it or heard of it otherwise.
    """
    kind, delay = _NOTICES[news]
    known = {*besides, *([by.pk] if by else [])}
    waiting = PracticeNews.objects.select_for_update().filter(practice=practice, notice=kind.name).first()
    if waiting is not None:
        waiting.besides = sorted(known.intersection(waiting.besides))
        waiting.version = practice.version
        waiting.save(update_fields=["besides", "version"])
        return
    row = PracticeNews(
        practice=practice, notice=kind.name, version=practice.version, due_at=clock.now() + delay,
        besides=sorted(known),
    )  # fmt: skip
    PracticeNews.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["practice", "notice"], update_fields=["version"]
    )


@action
def announce(*, news_id: int) -> bool:
    """Tell what is due to whom it is for, once. For the worker; False when another one was quicker.

    Who may not see the practice is not told, however it came about.
    """
    news = PracticeNews.objects.select_for_update().filter(pk=news_id).first()
    if news is None:
        return False
    practice = Practice.objects.select_related("space", "product").get(pk=news.practice_id)
    kind = _BY_NAME[news.notice]
    besides = set(news.besides)
    told = audience_of_news(
        practice, clock.now().date(), besides=besides, adopters=kind in (PRACTICE_NEWS, PRACTICE_WARNED)
    )
    subject = f"practice:{practice.pk}"
    key = f"{kind.name}:{subject}" + ("" if kind is PRACTICE_NEW else f":{news.version}:{practice.confidence}")
    if kind is PRACTICE_WARNED and practice.warned_at:
        key += f":{practice.warned_at:%Y%m%d%H%M%S%f}"
    news.delete()
    notify(recipients=told, kind=kind, subject=subject, target=subject, actor=None, key=key)
    return True


def tell_news() -> int:
    """Tell all news whose time has come."""
    return each(NEWS, news_due(clock.now(), besides=put_off(NEWS)), lambda pk: announce(news_id=pk))


def register() -> None:
    """Hear of practices, and have the worker tell of them; called once at start-up."""
    HEARERS.append(tell_subscribers)
    every(5, NEWS, tell_news)
