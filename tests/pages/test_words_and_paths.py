"""Our `url` and `translate` say what Django's say."""

from collections.abc import Iterator

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, get_resolver, get_script_prefix, reverse, set_script_prefix
from django.utils.translation import override

from community.rules.paths import path_of

NUMBERS = (0, 7, 123_456_789)


def drawn(text: str, **context: object) -> str:
    """A template as text."""
    return Template(text).render(Context(context))


def patterns() -> Iterator[tuple[str, int, bool]]:
    """The site's own patterns: name, how many values each takes, and whether all are numbers."""
    for name in get_resolver().reverse_dict:
        if isinstance(name, str):
            for forms, _text, _defaults, converters in get_resolver().reverse_dict.getlist(name):
                kinds = [type(each).__name__ for each in converters.values()]
                yield name, len(forms[0][1]), kinds.count("IntConverter") == len(kinds)


def test_addresses_are_what_django_says() -> None:
    found = list(patterns())
    assert len(found) > 100
    for name, count, numbers in found:
        for values in ([number] * count for number in NUMBERS) if numbers else (["some-word"] * count,):
            try:
                wanted = reverse(name, args=values)
            except NoReverseMatch:
                with pytest.raises(NoReverseMatch):
                    path_of(name, *values)
            else:
                assert path_of(name, *values) == path_of(name, *values) == wanted


def test_values_that_no_address_has_are_refused_each_time() -> None:
    for name, value in (("thread", -1), ("thread", "seven"), ("thread", ""), ("no-such-page", 1), ("member", "a/b")):
        for _again in range(2):
            with pytest.raises(NoReverseMatch):
                path_of(name, value)


def test_a_site_below_a_prefix_has_its_addresses_there() -> None:
    before = get_script_prefix()
    at_root = path_of("thread", 5)
    try:
        set_script_prefix("/guildhall/")
        assert path_of("thread", 5) == reverse("thread", args=[5]) == f"/guildhall{at_root}"
    finally:
        set_script_prefix(before)
    assert path_of("thread", 5) == at_root


def test_the_tag_takes_what_djangos_takes() -> None:
    assert drawn('{% url "thread" pk %}', pk=7) == reverse("thread", args=[7])
    assert drawn('{% url "thread" pk=pk %}', pk=7) == reverse("thread", args=[7])
    assert drawn("{% url name 7 %}", name="thread") == reverse("thread", args=[7])
    assert drawn('{% url "admin:index" %}') == reverse("admin:index")
    assert drawn('{% url "no-such-page" 1 as found %}[{{ found }}]') == "[]"
    assert drawn('{% url "thread" 7 as found %}[{{ found }}]') == f"[{reverse('thread', args=[7])}]"
    with pytest.raises(NoReverseMatch):
        drawn('{% url "thread" pk %}', pk="")


def test_words_are_those_of_the_language_of_each_page() -> None:
    text = Template('{% load i18n %}{% translate "January" %}')
    for _again in range(2):
        for language, word in (("en", "January"), ("de", "Januar"), ("es", "enero")):
            with override(language):
                assert text.render(Context()) == word


def test_words_that_are_not_written_out_are_looked_up_each_time() -> None:
    text = Template(
        '{% load i18n %}{% translate word %}{% translate "May" context "alt. month" as short %}[{{ short }}]'
    )
    with override("de"):
        assert text.render(Context({"word": "January"})) == "Januar[Mai]"
        assert text.render(Context({"word": "<b>"})) == "&lt;b&gt;[Mai]"
