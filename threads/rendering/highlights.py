"""Texts with the words that were searched for marked. Everything else in them is escaped."""

from collections.abc import Collection, Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from threads.rules.highlighting import Piece, excerpt, marked


def highlighted_excerpt(text: str, terms: Collection[str]) -> SafeString:
    """The most telling stretch of a plain text."""
    return _html(excerpt(text, terms))


def highlighted(text: str, terms: Collection[str]) -> SafeString:
    """The whole of a short plain text."""
    return _html(marked(text, terms))


def _html(pieces: Iterable[Piece]) -> SafeString:
    shown = (format_html("<mark>{}</mark>", piece.text) if piece.marked else piece.text for piece in pieces)
    return format_html_join("", "{}", ((piece,) for piece in shown))
