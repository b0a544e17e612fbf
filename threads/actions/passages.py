"""What the sentence model reads of things."""

from collections.abc import Collection

from community.rendering.markdown import plain_text
from threads.models import Playbook, Post, Practice
from threads.rendering.playbook_texts import text_of_playbook
from threads.rules.passages import passages

_FIELDS = ("problem_html", "environment_html", "cause_html", "resolution_html")


def passages_of(kind: str, ids: Collection[int]) -> dict[int, list[str]]:
    """The passages of things of a kind, by id; those that are gone are left out."""
    return {pk: passages(kind, title, text) for pk, (title, text) in _READ[kind](ids).items()}


def _threads(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    problems = Post.objects.filter(thread__in=ids, number=1, deleted_at__isnull=True)
    rows = problems.values_list("thread_id", "thread__title", "html")
    return {pk: (title, plain_text(html)) for pk, title, html in rows}


def _practices(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    standing = Practice.objects.filter(pk__in=ids, merged_into__isnull=True)
    rows = standing.values_list("pk", "title", *_FIELDS)
    return {pk: (title, " ".join(plain_text(text) for text in texts)) for pk, title, *texts in rows}


def _playbooks(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    return {each.pk: (each.title, text_of_playbook(each)) for each in Playbook.objects.filter(pk__in=ids)}


_READ = {"thread": _threads, "practice": _practices, "playbook": _playbooks}
