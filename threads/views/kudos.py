"""Thanks in words: the list on somebody's page, saying them, taking them back, removing them."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from community.errors import Invalid, Refused
from community.models import Member
from community.queries.members import members_visible_to
from community.rendering.refusals import words_of
from community.rules.numbers import whole
from community.views.viewer import viewer
from reputation.actions.kudos import remove_kudos, take_back_kudos
from reputation.models import Kudos
from reputation.policies.kudos import Overseen, may_remove, may_take_back, may_thank, overseen_by
from reputation.queries.kudos import Budget, budget_of, kudos_of, kudos_with
from reputation.rules.kudos import MOST_A_MONTH
from threads.actions.kudos import say_thanks
from threads.forms.kudos import KudosForm, RemovalForm
from threads.models import Post, Thread
from threads.queries.contributions import titles_of_subjects
from threads.views.loading import load_post, load_thread, number_in

_A_PAGE = 20
_LARGEST = 2**63 - 1


@dataclass(frozen=True)
class ShownKudos:
    """Thanks as a page shows them; `about` has title and address where the viewer may see that."""

    row: Kudos
    about: dict[str, str] | None
    can_take_back: bool = False
    can_remove: bool = False


def shown_kudos(
    asking: Member, rows: list[Kudos], titles: dict[str, dict[str, str]], overseen: Overseen | None = None
) -> list[ShownKudos]:
    """Thanks with what the viewer may see of them, and do."""
    overseen = overseen or Overseen()
    return [ShownKudos(row, titles.get(row.about), may_take_back(asking, row), overseen.covers(row)) for row in rows]


@require_http_methods(["GET", "POST"])
def thanks(request: HttpRequest, handle: str) -> HttpResponse:
    """Thanks to somebody, the newest first, and the form for whoever may say more."""
    asking = viewer(request)
    person = get_object_or_404(members_visible_to(asking), handle=handle.lower())
    form = KudosForm(request.POST or None, initial={"about": request.GET.get("about", "")})
    if request.method == "POST" and form.is_valid() and _say(request, person, form):
        messages.success(request, _("Your thanks are on the page. You can take them back within a day."))
        return redirect("member-thanks", handle=person.handle)
    context = {
        "member": person,
        **_saying(request, asking, person, form),
        **_listed(request, asking, person),
    }
    return render(request, "threads/thanks.html", context, status=422 if form.errors else 200)


@require_POST
def taking_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's thanks back."""
    kudos = _load(pk)
    try:
        take_back_kudos(by=viewer(request), kudos=kudos)
    except Refused as error:
        messages.error(request, words_of(error))
    else:
        messages.success(request, _("Your thanks are taken back."))
    return redirect("member-thanks", handle=kudos.receiver.handle)


@require_http_methods(["GET", "POST"])
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove somebody's thanks, with a reason."""
    asking, kudos = viewer(request), _load(pk)
    if not may_remove(asking, kudos):
        raise PermissionDenied
    form = RemovalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            remove_kudos(by=asking, kudos=kudos, reason=form.cleaned_data["reason"])
        except Invalid as error:
            form.take(error)
        else:
            messages.success(request, _("It is removed, and whoever wrote it is told why."))
            return redirect("member-thanks", handle=kudos.receiver.handle)
    context = {"kudos": kudos, "member": kudos.receiver, "form": form}
    return render(request, "threads/thanks_removal.html", context, status=422 if form.errors else 200)


def _load(pk: int) -> Kudos:
    found = kudos_with(pk) if pk <= _LARGEST else None
    if found is None:
        raise Http404
    return found


def _say(request: HttpRequest, person: Member, form: KudosForm) -> bool:
    try:
        about = _named(request, form.cleaned_data["about"])
        say_thanks(by=viewer(request), to=person, about=about, **form.accepted())
    except Http404:
        form.add_error("about", _("You do not see any more what this is about. Say it without that."))
    except Invalid as error:
        form.take(error)
    except Refused as error:
        form.add_error(None, words_of(error))
    return form.is_valid()


def _named(request: HttpRequest, name: str) -> Thread | Post | None:
    """The thread or post of that name. Raises Http404 when it is not there for the viewer."""
    if not name:
        return None
    noun, _colon, number = name.partition(":")
    pk = whole(number)
    if pk is None or noun not in ("thread", "post"):
        raise Http404
    return load_thread(request, pk) if noun == "thread" else load_post(request, pk)


def _saying(request: HttpRequest, asking: Member, person: Member, form: KudosForm) -> dict[str, Any]:
    """The form with how many are left; or, with none left, when there are more. Whoever typed keeps their text."""
    may = may_thank(asking, person)
    if not (may or form.is_bound):
        return {}
    budget = budget_of(asking, person)
    return {
        "form": form if budget.to_one or form.is_bound else None,
        "told": _told(person, budget) if may else "",
        **_about(request, form),
    }


def _about(request: HttpRequest, form: KudosForm) -> dict[str, str]:
    """What the form is about, by name and title; what it was refused for is left out."""
    if not form.is_bound:
        name, named = form.initial["about"], _named(request, form.initial["about"])
    elif "about" in form.errors:
        name, named = "", None
    else:
        name, named = _still_there(request, form.data.get("about", ""))
    thread = named.thread if isinstance(named, Post) else named
    return {"about": name, "title": thread.title if thread else ""}


def _still_there(request: HttpRequest, name: str) -> tuple[str, Thread | Post | None]:
    try:
        return name, _named(request, name)
    except Http404:
        return "", None


def _told(person: Member, budget: Budget) -> str:
    """How many are left; with none, when there are more and what has no limit."""
    names = {"name": person.name, "day": date_format(budget.renews_at, "F j"), "n": budget.left, "most": MOST_A_MONTH}
    meanwhile = _("Until then say on a post that it helped: that has no limit.")
    if not budget.left:
        words = _("You have no thanks left this month. From %(day)s you have %(most)d again.")
        return f"{words % names} {meanwhile}"
    if not budget.to_one:
        words = _("You have thanked %(name)s as often as you can this month. You can again from %(day)s.")
        return f"{words % names} {meanwhile}"
    left = ngettext("You have %(n)d thanks left this month", "You have %(n)d thanks left this month", budget.left)
    to_one = ngettext("%(n)d of them for %(name)s", "%(n)d of them for %(name)s", budget.to_one)
    return f"{left % names}, {to_one % (names | {'n': budget.to_one})}."


def _listed(request: HttpRequest, asking: Member, person: Member) -> dict[str, Any]:
    before = number_in(request, "before")
    found = kudos_of(person, before=before or None, limit=_A_PAGE + 1)
    rows, more = found[:_A_PAGE], found[_A_PAGE:]
    titles = titles_of_subjects(asking, {row.about for row in rows if row.about})
    page = {
        "next_url": f"?before={rows[-1].pk}" if more else None,
        "previous_url": reverse("member-thanks", args=[person.handle]) if before else None,
    }
    return {"kudos": shown_kudos(asking, rows, titles, overseen_by(asking)), "page": page}
