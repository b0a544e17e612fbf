"""How pages draw icons, people, times and form fields; each in one place, so that all pages look alike."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache

from django import template
from django.forms import BoundField
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from community.rendering.markdown import inline, spoken
from community.rendering.people import initials, tint

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, kind: str = "") -> SafeString:
    """A picture of the sprite; decoration only, so the word beside it (or a label) carries the meaning."""
    css = f"icon {kind}".strip()
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>', css, static("icons.svg"), name
    )


register.filter("initials", initials)
register.filter("tint", tint)
register.filter("inline", inline)
register.filter("spoken", spoken)


@register.simple_tag
def moment(at: datetime, style: str = "") -> SafeString:
    """A time in UTC; the script puts it into the reader's zone and language, relative, with the exact one on hover.

    `style` "day" writes the date alone, "exact" keeps the script from making it relative, "clock" has it count down.
    """
    utc = at.astimezone(UTC)
    text = utc.strftime("%Y-%m-%d") if style == "day" else utc.strftime("%Y-%m-%d %H:%M UTC")
    mark = {"exact": mark_safe(' data-style="exact"'), "clock": mark_safe(" data-clock")}.get(style, "")
    return format_html('<time datetime="{}"{}>{}</time>', utc.strftime("%Y-%m-%dT%H:%M:%SZ"), mark, text)


@register.filter
def severity_words(level: int | str) -> str:
    """What a severity of 1 to 4 is called."""
    names = {1: gettext("Critical"), 2: gettext("High"), 3: gettext("Normal"), 4: gettext("Low")}
    return names.get(int(level), str(level))


@register.filter
def of(crowds: Mapping[int, int], pk: int) -> int:
    """How many people are in the thread with that key; `crowds` may be missing."""
    return crowds.get(pk, 0) if crowds else 0


@register.filter
def here_now(count: int) -> str:
    """The number of people in words."""
    return ngettext("%(count)d person here now", "%(count)d people here now", count) % {"count": count}


@register.filter
def replies(count: int) -> str:
    """The number of replies in words, for those who cannot see the glyph."""
    return ngettext("%(count)d reply", "%(count)d replies", count) % {"count": count}


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The widget of a form field, tied to its help and its errors for screen readers."""
    described = []
    if field.help_text:
        described.append(f"{field.id_for_label}-help")
    attrs: dict[str, str | bool] = {}
    if field.errors:
        described.append(f"{field.id_for_label}-errors")
        attrs["aria-invalid"] = "true"
    if described:
        attrs["aria-describedby"] = " ".join(described)
    return field.as_widget(attrs=attrs)


@register.simple_tag(takes_context=True)
def here(context: template.Context, *names: str) -> str:
    """`page` when the page shown has one of these URL names, for aria-current; else nothing."""
    return "page" if context["frame"].here in names else ""


@register.simple_tag(takes_context=True)
def framed(context: template.Context, name: str) -> SafeString:
    """A part of the frame: a template that shows nothing but `frame`."""
    space, thread = context.get("space"), context.get("thread")
    current = space.pk if space else thread.space_id if thread else None
    html: str = context["frame"].drawn(name, current)
    return mark_safe(html)  # noqa: S308  (a template's)


@register.simple_tag
def constant(name: str) -> SafeString:
    """A template that shows nothing but the interface's own words; drawn once for each language."""
    return _constant(name, get_language())


@lru_cache(maxsize=256)
def _constant(name: str, _language: str | None) -> SafeString:
    return mark_safe(get_template(name).render())  # noqa: S308  (a template's)
