"""Quick jump (Ctrl+K): what is read in the dialog, and the same as a page for who has no script."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from community.views.shared import Frame, frame_of_request
from community.views.viewer import viewer
from threads.queries.jump import LATELY, Landing, as_landing, jump, read_lately
from threads.rules.jumping import MOST_TYPED, Typed, fits, read

_PLACES = (
    ("home", gettext_noop("Home")),
    ("inbox", gettext_noop("Inbox")),
    ("spaces", gettext_noop("Spaces")),
    ("archive", gettext_noop("Archive")),
    ("coverage", gettext_noop("What is covered")),
    ("playbooks", gettext_noop("Playbooks")),
    ("bulletins", gettext_noop("Bulletins")),
    ("subscriptions", gettext_noop("Practices you hear of")),
    ("adoption", gettext_noop("Practices of your organization")),
    ("people", gettext_noop("People")),
    ("search", gettext_noop("Search")),
    ("profile-edit", gettext_noop("Edit your profile")),
    ("profile-skills", gettext_noop("Skills and certificates")),
    ("inbox-settings", gettext_noop("Inbox settings")),
    ("help", gettext_noop("Help and shortcuts")),
)
_DESK, _INVITATIONS = ("desk", gettext_noop("Curators’ desk")), ("invitations", gettext_noop("Invite somebody"))
_FIRST = ("home", "inbox", "spaces", "archive", "people", "desk", "help")
_MOST_PLACES = 4


@require_GET
def jump_page(request: HttpRequest) -> HttpResponse:
    """What the viewer may want to open; with `?dialog=1` only what the dialog shows."""
    typed = read(request.GET.get("q", ""))
    template = "threads/parts/jump.html" if request.GET.get("dialog") else "threads/jump.html"
    return render(request, template, {"typed": typed.text, "most": MOST_TYPED, "groups": _groups(request, typed)})


def _groups(request: HttpRequest, typed: Typed) -> list[tuple[str, list[Landing]]]:
    """What there is, in groups with their names, most likely first."""
    member, frame = viewer(request), frame_of_request(request)
    if not typed.text:
        found = {"thread": read_lately(member), "space": [as_landing(s.slug, s.name) for s in frame.spaces[:LATELY]]}
        found["place"] = [_place(*place) for place in _places(frame) if place[0] in _FIRST]
    else:
        fitting = [_place(*place) for place in _places(frame) if fits(typed.text, _(place[1]))]
        found = {"place": fitting[:_MOST_PLACES], **jump(member, typed)}
    words = {
        "place": _("Go to"),
        "space": _("Spaces"),
        "thread": _("Threads") if typed.text else _("Read lately"),
        "practice": _("Practices"),
        "playbook": _("Playbooks"),
        "member": _("People"),
        "product": _("Products"),
    }
    return [(words[kind], landings) for kind, landings in found.items() if landings]


def _places(frame: Frame) -> list[tuple[str, str]]:
    """The pages that there are for the viewer, with their names."""
    return [*_PLACES, *[_DESK] * frame.curates, *[_INVITATIONS] * frame.invites]


def _place(name: str, words: str) -> Landing:
    return Landing("place", _(words), "", reverse(name))
