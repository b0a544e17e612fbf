"""Texts with the words that were searched for marked. Everything else in them is escaped."""

from collections.abc import Collection, Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from threads.rules.highlighting import Piece, excerpt, marked


def highlighted_excerpt(text: str, terms: Collection[str]) -> SafeString:
    """The most telling stretch of a plain text."""
    return _html(excerpt(text, terms))


def highlighted(text: str, terms: Collection[str]) -> SafeString:
    """The whole of a short plain text."""
    return _html(marked(text, terms))


def _html(pieces: Iterable[Piece]) -> SafeString:
    shown = (f"<mark>{escape(piece.text)}</mark>" if piece.marked else escape(piece.text) for piece in pieces)
    return mark_safe("".join(shown))  # noqa: S308  (every piece is escaped)
