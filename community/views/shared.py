"""Pages that many viewers get alike, drawn once; and the frame, of which only a few words are the viewer's.

A page, or a part of the frame, is drawn by its template with markers in the places of what is the viewer's, kept by all
the facts it shows, and from then on only filled in. Nothing kept can be out of date, because other facts find nothing;
and nothing can be shown to whom it is not for, because the facts were read for this very viewer in this very request.
"""

import re
import secrets
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import cached_property, lru_cache
from html import escape
from sys import intern
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template, render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from community.models import Member
from community.queries.frame import FrameFacts, ListedSpace, frame_of
from community.rendering.hours import state_line
from community.rendering.people import initials_of, tint_of
from community.rules.memo import Memo
from community.views.tokens import form_token
from community.views.viewer import arrival_of, viewer

Drawn = tuple[str, ...]
Encoded = tuple[str | bytes, ...]

# Nobody outside this process knows it, so that no text can contain a marker.
_SECRET = secrets.token_hex(8)
_MARKER = re.compile(rf"slot-{_SECRET}-(\w+)-")
_MOST_KEPT = 32 * 1024 * 1024
_MOST_BLANK = 4 * 1024 * 1024
THEMES = ("light", "dark")
_WITH_QUERY = ("search", "archive")
_HTML = "text/html; charset=utf-8"


def _size(drawn: Encoded) -> int:
    return sum(len(part) for part in drawn)


_kept_blank: Memo[str] = Memo(most=_MOST_BLANK, size=len)
_kept: Memo[Drawn] = Memo(most=_MOST_KEPT, size=_size)
_kept_whole: "Memo[tuple[SharedPage, Encoded]]" = Memo(most=_MOST_KEPT, size=lambda whole: _size(whole[1]))


@dataclass(frozen=True)
class Shown:
    """The viewer as the frame shows them."""

    pk: str
    handle: str
    name: str
    initials: str
    tint: str
    organization: str
    url: str


_SHOWN = [each.name for each in fields(Shown)]


def _facts(member: Member) -> tuple[int, str, str, str]:
    return member.pk, member.handle, member.name, member.organization.name


@lru_cache(maxsize=20_000)
def _shown(pk: int, handle: str, name: str, organization: str) -> Shown:
    return Shown(
        pk=str(pk),
        handle=handle,
        name=name,
        initials=initials_of(name, handle),
        tint=str(tint_of(pk)),
        organization=organization,
        url=reverse("member", args=[handle]),
    )


@lru_cache(maxsize=20_000)
def _escaped(pk: int, handle: str, name: str, organization: str) -> Mapping[str, str]:
    member = _shown(pk, handle, name, organization)
    return {field: escape(getattr(member, field)) for field in _SHOWN}


class Frame:
    """What the frame shows in one request; nothing is read before it is drawn."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        chosen = request.COOKIES.get("theme", "")
        self.theme = chosen if chosen in THEMES else ""
        match = request.resolver_match
        self.here = (match.url_name or "") if match else ""

    @property
    def _viewer(self) -> Member:
        return viewer(self._request)

    @cached_property
    def facts(self) -> FrameFacts:
        """What is read for the frame."""
        return frame_of(self._viewer, arrival_of(self._request))

    @cached_property
    def member(self) -> Shown:
        """The viewer."""
        return _shown(*_facts(self._viewer))

    @property
    def administers(self) -> bool:
        """Whether the viewer may enter the administration."""
        return self._viewer.is_staff

    @property
    def invites(self) -> bool:
        """Whether the viewer may invite people."""
        return self.facts.invites

    @property
    def curates(self) -> bool:
        """Whether the viewer has a curators' desk."""
        return self.facts.curates

    @property
    def moderates(self) -> bool:
        """Whether the viewer moderates anywhere."""
        return self.facts.moderates

    @property
    def spaces(self) -> tuple[ListedSpace, ...]:
        """The viewer's spaces."""
        return self.facts.spaces

    @property
    def unread(self) -> str:
        """How many notices the viewer has not read; nothing for none."""
        return str(self.facts.unread or "")

    @property
    def state(self) -> str:
        """Whether the viewer can be asked, by name."""
        return self.facts.state

    @property
    def state_line(self) -> SafeString:
        """The same in words, with its end."""
        return _state_line(self.facts.state, self.facts.until, self.language)

    @property
    def seq(self) -> int:
        """Where the viewer's own stream stands."""
        return self.facts.seq

    @cached_property
    def language(self) -> str | None:
        """The language of the page."""
        return get_language()

    @cached_property
    def key(self) -> Hashable:
        """What decides how the frame is drawn, besides what is filled in."""
        return self.language, self.theme, self.here, self.administers, self.invites, self.curates, self.moderates

    @cached_property
    def messages(self) -> SafeString:
        """What the viewer is told once."""
        waiting = list(get_messages(self._request))
        return mark_safe(render_to_string("parts/messages.html", {"messages": waiting}) if waiting else "")  # noqa: S308

    @cached_property
    def _own(self) -> dict[str, str]:
        request = self._request
        query = request.GET.get("q", "").replace("\0", "") if self.here in _WITH_QUERY else ""
        return {
            **_escaped(*_facts(self._viewer)),
            "unread": self.unread,
            "seq": str(self.seq),
            "state": self.state,
            "state_line": self.state_line,
            "path": escape(request.get_full_path()),
            "query": escape(query),
            "csrf": form_token(request),
            "messages": self.messages,
        }

    def own(self, current_space: int | None) -> dict[str, str]:
        """What is filled in, as HTML."""
        return self._own | {"spaces": _spaces(self.spaces, current_space, self.language)}

    def drawn(self, template: str, current_space: int | None) -> str:
        """A part of the frame, in a page that is drawn for this viewer alone."""
        drawn = _kept.get((template, self.key), lambda: _draw(template, self, {}))
        return _filled(drawn, self.own(current_space))


def frame_of_request(request: HttpRequest) -> Frame:
    """The frame of this request, so that what it reads is read once."""
    if not hasattr(request, "_frame"):
        request._frame = Frame(request)  # type: ignore[attr-defined]
    return request._frame  # type: ignore[attr-defined, no-any-return]


class _Blank:
    """The frame with markers in the places of what is the viewer's."""

    def __init__(self, frame: Frame) -> None:
        self._key = frame.key
        self.theme, self.here = frame.theme, frame.here
        self.administers, self.invites, self.curates = frame.administers, frame.invites, frame.curates
        self.moderates = frame.moderates
        self.member = Shown(**{name: marker(name) for name in _SHOWN})
        self.unread, self.seq, self.path, self.query = map(marker, ("unread", "seq", "path", "query"))
        self.messages, self.spaces_lines = marker("messages"), marker("spaces")
        self.state, self.state_line = marker("state"), marker("state_line")

    def drawn(self, template: str, _current_space: int | None) -> str:
        """A part of the frame, in a page that is kept: the same in all of them."""
        return _kept_blank.get((template, self._key), lambda: self._draw(template))

    def _draw(self, template: str) -> str:
        return get_template(template).render({"frame": self, "csrf_token": marker("csrf")})


def marker(name: str) -> SafeString:
    """What stands in a drawn page for something that is filled in."""
    return mark_safe(f"slot-{_SECRET}-{name}-")  # noqa: S308  (letters and digits)


def own(name: str) -> SafeString:
    """What stands in a drawn page for something of the page's `own`."""
    return marker(f"own_{name}")


def _draw(template: str, frame: Frame, context: Mapping[str, Any]) -> Drawn:
    """The template's text, cut at its markers: every other part is the name of one."""
    blank = {"frame": _Blank(frame), "csrf_token": marker("csrf")}
    html = get_template(template).render({**context, **blank})
    return tuple(intern(part) for part in _MARKER.split(html))


def _partly_filled(drawn: Drawn, own: Mapping[str, str]) -> Drawn:
    """The same with some of its markers filled in."""
    parts = [""]
    for place, part in enumerate(drawn):
        if place % 2 and part not in own:
            parts += [part, ""]
        else:
            parts[-1] += own[part] if place % 2 else part
    return tuple(parts)


def _encoded(drawn: Drawn) -> Encoded:
    """The same with its text as it is sent; the names of markers stay words."""
    return tuple(part if place % 2 else part.encode() for place, part in enumerate(drawn))


def _filled(drawn: Drawn, own: Mapping[str, str]) -> str:
    return "".join([own[part] if place % 2 else part for place, part in enumerate(drawn)])


@dataclass(frozen=True)
class SharedPage:
    """A page by its template. `facts` are all that it shows besides `own`, which is filled in as HTML.

    `context` is asked for only when nothing is kept for these facts, and must say nothing that is not in them.
    """

    template: str
    facts: Hashable
    context: Callable[[], Mapping[str, Any]]
    own: Mapping[str, str]
    space: int | None = None
    kept: Any = None


@dataclass(frozen=True)
class KeptPage:
    """A shared page that is kept with its `own` filled in, by all the `facts` that the whole of it shows.

    `page` is asked for only when nothing is kept for these facts, and must say nothing that is not in them; `own` gives
    what is still left to be filled in, from what the page has `kept` beside it.
    """

    facts: Hashable
    page: Callable[[], SharedPage]
    own: Callable[[SharedPage], Mapping[str, str]]


def respond_kept(request: HttpRequest, kept: KeptPage) -> HttpResponse:
    """The page for this viewer."""
    frame = frame_of_request(request)

    def draw() -> tuple[SharedPage, Encoded]:
        page = kept.page()
        own = {f"own_{name}": html for name, html in page.own.items()}
        return replace(page, context=dict, own={}), _encoded(_partly_filled(_shared(page, frame), own))

    page, drawn = _kept_whole.get((frame.key, kept.facts), draw)
    own = frame.own(page.space) | {f"own_{name}": html for name, html in kept.own(page).items()}
    sent = {name: html.encode() for name, html in own.items()}
    parts = [sent[part] if isinstance(part, str) else part for part in drawn]
    return HttpResponse(b"".join(parts), content_type=_HTML)


def respond_kept_once(
    request: HttpRequest, kept: KeptPage, more: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """The page with more than its facts say: drawn for this answer and not kept."""
    page = kept.page()
    own = {name: mark_safe(html) for name, html in {**page.own, **kept.own(page)}.items()}  # noqa: S308  (HTML by contract)
    return render(request, page.template, {**page.context(), **own, **more}, status=status)


def respond(request: HttpRequest, page: SharedPage) -> HttpResponse:
    """The page for this viewer."""
    frame = frame_of_request(request)

    drawn = _shared(page, frame)
    beside = {f"own_{name}": html for name, html in page.own.items()}
    return HttpResponse(_filled(drawn, frame.own(page.space) | beside))


def _shared(page: SharedPage, frame: Frame) -> Drawn:
    def draw() -> Drawn:
        return _draw(page.template, frame, {**page.context(), **{name: own(name) for name in page.own}})

    return _kept.get((page.template, frame.key, page.facts), draw)


@lru_cache(maxsize=1024)
def _state_line(state: str, until: datetime | None, _language: str | None) -> SafeString:
    return state_line(state, until)


@lru_cache(maxsize=1024)
def _spaces(spaces: tuple[ListedSpace, ...], current: int | None, _language: str | None) -> str:
    """The lines of the rail's spaces."""
    words = gettext("new since your last visit")
    return "".join(
        format_html(
            '<li><a href="{}" data-space="{}"{}><span class="name">{}</span><span class="unread" data-unread hidden>'
            '<span class="sr">{}</span></span></a></li>',
            reverse("space", args=[space.slug]),
            space.slug,
            mark_safe(' aria-current="true"') if space.pk == current else "",
            space.name,
            words,
        )
        for space in spaces
    )
