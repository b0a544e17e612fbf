"""Django's library `i18n`, in which words that are written out are looked up once for each language."""

from django import template
from django.template.base import Parser, Token
from django.templatetags import i18n
from django.utils.translation import get_language

register = template.Library()
register.tags |= i18n.register.tags
register.filters |= i18n.register.filters


class WordsNode(i18n.TranslateNode):
    """Words that are the same in every page of a language."""

    def __init__(self, node: i18n.TranslateNode) -> None:
        super().__init__(node.filter_expression, noop=False)
        self._said: dict[tuple[str | None, bool], str] = {}

    def render(self, context: template.Context) -> str:
        """The words in the language of the page."""
        key = get_language(), context.autoescape
        said = self._said.get(key)
        if said is None:
            said = self._said[key] = super().render(context)
        return said


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> i18n.TranslateNode:
    """Django's; with a context, `noop` or `as`, or of something that is not written out, unchanged."""
    node = i18n.do_translate(parser, token)
    return WordsNode(node) if _is_plain(token) else node


def _is_plain(token: Token) -> bool:
    _name, words, *options = token.split_contents()
    return not options and words[0] in "\"'" and words[-1] == words[0]
