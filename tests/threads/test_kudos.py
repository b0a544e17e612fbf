"""Thanks about a thread or a post: both see it, and whoever does not is told nothing of it."""

import pytest

from community.errors import Invalid, NotThere
from reputation.models import Kudos
from tests.cast import Cast
from tests.pages.stories import told
from threads.actions.guests import let_in
from threads.actions.kudos import say_thanks
from threads.actions.posts import delete_post
from threads.actions.threads import open_thread
from threads.queries.contributions import titles_of_subjects
from threads.queries.guests import preview_for

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

WHY = "For staying with it until the queue was empty."


def test_thanks_name_what_both_see(cast: Cast) -> None:
    story = told(cast)
    assert say_thanks(by=cast.ada, to=cast.ben, reason=WHY, about=story.reply).about == f"post:{story.reply.pk}"
    assert say_thanks(by=cast.zoe, to=cast.ben, reason=WHY, about=story.thread).about == f"thread:{story.thread.pk}"
    assert say_thanks(by=cast.finn, to=cast.ben, reason=WHY).about == ""


def test_what_one_of_them_does_not_see_is_not_named(cast: Cast) -> None:
    story = told(cast, audience="organization")
    for thing in (story.thread, story.reply):
        with pytest.raises(NotThere):
            say_thanks(by=cast.zoe, to=cast.ben, reason=WHY, about=thing)
        with pytest.raises(Invalid) as refused:
            say_thanks(by=cast.ada, to=cast.zoe, reason=WHY, about=thing)
        assert refused.value.fields.keys() == {"about"}
    assert not Kudos.objects.exists()


def test_a_deleted_post_is_not_thanked_for(cast: Cast) -> None:
    reply = told(cast).note
    delete_post(by=cast.ada, post=reply)
    reply.refresh_from_db()
    with pytest.raises(Invalid):
        say_thanks(by=cast.ben, to=cast.ada, reason=WHY, about=reply)


def test_a_guest_does_not_learn_who_sees_a_thread(cast: Cast) -> None:
    """Zoe was let in: Ben, who wrote there, and Olga, who only reads, are told apart by what Zoe sees alone."""
    thread = told(cast, audience="organization").thread
    let_in(by=cast.ada, thread=thread, member=cast.zoe, preview=preview_for(thread, cast.zoe).digest)
    assert say_thanks(by=cast.zoe, to=cast.ben, reason=WHY, about=thread).about
    said = []
    for to in (cast.olga, cast.finn):
        with pytest.raises(Invalid) as refused:
            say_thanks(by=cast.zoe, to=to, reason=WHY, about=thread)
        said.append(refused.value.fields)
    assert said[0] == said[1]


def test_only_who_sees_the_thread_is_shown_its_title(cast: Cast) -> None:
    thread = open_thread(
        by=cast.ada, space=cast.spaces["lobby"], title="Secret loops", body="x", audience="organization"
    )
    given = say_thanks(by=cast.ada, to=cast.ben, reason=WHY, about=thread)
    seen = {name for name, who in cast.people.items() if titles_of_subjects(who, [given.about])}
    assert seen == {"ada", "ben", "olga", "nia"}
