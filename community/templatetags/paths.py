"""Django's `url`, which asks the resolver anew each time, as a page that is drawn has two dozen of them."""

from typing import Any

from django import template
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape

from community.rules.paths import path_of

register = template.Library()


class PathNode(URLNode):
    """One of the site's own pages, by the name of its pattern."""

    def __init__(self, node: URLNode, name: str) -> None:
        super().__init__(node.view_name, node.args, node.kwargs, node.asvar)
        self._name = name

    def render(self, context: template.Context) -> str:
        """The address; with `as` nothing, and an empty one for a page that there is not."""
        args = [arg.resolve(context) for arg in self.args]
        try:
            path = path_of(self._name, *args)
        except NoReverseMatch:
            if self.asvar is None:
                raise
            path = ""
        if self.asvar is not None:
            context[self.asvar] = path
            return ""
        return conditional_escape(path) if context.autoescape else path


@register.tag
def url(parser: Parser, token: Token) -> URLNode:
    """Django's, quicker where the name is written out, of no namespace, and its values are given by place."""
    node = django_url(parser, token)
    name: Any = node.view_name.var
    return PathNode(node, name) if isinstance(name, str) and ":" not in name and not node.kwargs else node
