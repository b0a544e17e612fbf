"""What a thread found out, put beside what a practice says, for whoever makes one text of both."""

from django.http import HttpRequest

from community.rules.numbers import whole
from community.views.viewer import viewer
from threads.models import Practice, Thread
from threads.queries.resolutions import record_to_archive
from threads.queries.threads import threads_visible_to


def thread_asked(request: HttpRequest) -> Thread | None:
    """The thread from which the practice is read, if the viewer sees it."""
    number = whole(request.POST.get("thread") or request.GET.get("thread") or "")
    return threads_visible_to(viewer(request)).filter(pk=number).first() if number else None


def is_merging(request: HttpRequest) -> bool:
    """Whether they want one text of the practice's and the thread's."""
    return request.GET.get("merge") == "1"


def joined_texts(practice: Practice, thread: Thread) -> dict[str, str]:
    """The texts of a practice, each followed by what the thread says that they do not say."""
    found = record_to_archive(thread)
    return {name: _joined(text, found[name].strip()) for name, text in practice.fields.items()}


def _joined(text: str, more: str) -> str:
    if not more or " ".join(more.split()) in " ".join(text.split()):
        return text
    return f"{text.rstrip()}\n\n{more}" if text.strip() else more
