"""Keeping searches, and wanting to hear of what comes to fit them."""

from django.utils.translation import gettext as _

from community.errors import Invalid, NotThere, TooMuch
from community.events import action
from community.models import Member
from community.rules import clock
from threads.actions.index_work import is_wanted
from threads.models import SavedSearch
from threads.queries.findable import KINDS
from threads.queries.saved import key_for
from threads.rules.limits import MOST_SAVED_SEARCHES, SAVED_NAME_LENGTH
from threads.rules.search_text import MAX_QUERY, parse
from threads.rules.texts import beginning, one_line


@action
def save_search(*, by: Member, q: str, name: str = "", kind: str = "", notifies: bool = False) -> SavedSearch:
    """Keep a search by name (else by its own beginning). `notifies`: its member hears of what comes to fit it.

    Raises Invalid with what to do for what asks for nothing, or for nearly everything; TooMuch for too many.
    """
    Member.objects.select_for_update(no_key=True).get(pk=by.pk)
    if SavedSearch.objects.filter(member=by).count() >= MOST_SAVED_SEARCHES:
        message = _("You keep %(most)d searches already. Delete one first.") % {"most": MOST_SAVED_SEARCHES}
        raise TooMuch("too_many_saved_searches", message)
    now = clock.now()
    search = SavedSearch(member=by, made_at=now, since=now, opened_at=now)
    _write(search, name=name, q=q, kind=kind, notifies=notifies)
    search.save()
    is_wanted.look_again()
    return search


@action
def change_search(
    *,
    by: Member,
    search: SavedSearch,
    name: str | None = None,
    q: str | None = None,
    kind: str | None = None,
    notifies: bool | None = None,
) -> SavedSearch:
    """Change what is given. What was there before it asked so, or before it told its member, is no news to it.

    Raises Invalid as `save_search` does.
    """
    locked = _locked(by, search)
    before = (locked.text, locked.kind, locked.notifies)
    _write(
        locked,
        name=locked.name if name is None else name,
        q=locked.text if q is None else q,
        kind=locked.kind if kind is None else kind,
        notifies=locked.notifies if notifies is None else notifies,
    )
    if (locked.text, locked.kind, locked.notifies) != before:
        locked.since = clock.now()
    locked.save()
    is_wanted.look_again()
    return locked


@action
def open_search(*, by: Member, search: SavedSearch) -> SavedSearch:
    """Look at what it finds: from now on only what comes then is new."""
    locked = _locked(by, search)
    locked.opened_at = clock.now()
    locked.save(update_fields=["opened_at"])
    return locked


@action
def drop_search(*, by: Member, search: SavedSearch) -> None:
    """Keep it no more; it tells of nothing from now on."""
    _locked(by, search).delete()


def _locked(by: Member, search: SavedSearch) -> SavedSearch:
    locked = SavedSearch.objects.select_for_update(no_key=True).filter(pk=search.pk, member=by).first()
    if locked is None:
        raise NotThere("no_saved_search")
    return locked


def _write(search: SavedSearch, *, name: str, q: str, kind: str, notifies: bool) -> None:
    search.text = one_line("q", q, most=MAX_QUERY, needed=True)
    search.name = one_line("name", name, most=SAVED_NAME_LENGTH) or beginning(search.text, most=SAVED_NAME_LENGTH)
    if kind and kind not in KINDS:
        raise Invalid({"kind": _("Use one of %(kinds)s, or nothing for all.") % {"kinds": ", ".join(KINDS)}})
    search.kind = kind
    asked = parse(search.text)
    if not (asked.phrases or asked.filters):
        raise Invalid({"q": _("Say what to search for: a word, or a filter such as tag:vpn.")})
    search.notifies, search.key = notifies, key_for(asked) if notifies else ""
    if notifies and kind == "member":
        raise Invalid({"notifies": _("Nobody is told of new members. Search for threads, practices or playbooks.")})
    if notifies and not search.key:
        message = _("This would tell you of nearly everything. Add a rarer word, or a tag, product or space.")
        raise Invalid({"notifies": message})
