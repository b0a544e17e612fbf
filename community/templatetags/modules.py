"""How a page names its scripts."""

from functools import cache

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from community.http.modules import needed_by

register = template.Library()


@register.simple_tag
def preload(*names: str) -> SafeString:
    """Links that have these scripts and all they import fetched at once; while developing none, as they change."""
    return SafeString("") if settings.DEBUG else _links(names)


@cache
def _links(names: tuple[str, ...]) -> SafeString:
    addresses = ((static(name),) for name in needed_by(*names))
    return format_html_join("", '<link rel="modulepreload" href="{}">\n', addresses)
