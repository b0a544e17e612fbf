"""What stands on the sites of the browser tests: a quiet thread, a long one, and one that answers a question."""

import json
from datetime import timedelta

from community.models import Member, Space
from community.rules import clock
from reputation.models import Kudos
from tests.browser.evaluated import pages_of_evaluations, pages_of_note_reviews, pages_of_patterns
from tests.browser.privileged import pages_of_privileges
from tests.browser.strangers import pages_of_strangers
from tests.browser.telling import pages_that_tell
from tests.cast import make_cast
from threads.models import HelpRequest, Post, Practice, Product, Run, Thread


def seed() -> None:
    """The cast and three threads in the lobby, numbered 1 to 3 in this order."""
    from threads.actions.posts import post_reply
    from threads.actions.threads import open_thread

    cast = make_cast()
    lobby = cast.spaces["lobby"]
    quiet = open_thread(
        by=cast.ada,
        space=lobby,
        title="Mail gateway rejects every message after the update",
        body="Since the update the gateway answers **554 5.7.1** to every sender.\n\n    relay access denied",
        product=cast.products["mail-gateway"],
    )
    post_reply(
        by=cast.ben, thread=quiet, body="Which version do you run now?\n\n> 554 5.7.1\n\nAnd what does the log say?"
    )
    long = open_thread(by=cast.ada, space=lobby, title="Backups finish late every Monday", body="They take until noon.")
    for number in range(2, 62):
        post_reply(
            by=cast.ben if number % 2 else cast.ada, thread=long, body=f"Reply {number}: another run, another hour."
        )
    answered = open_thread(
        by=cast.zoe,
        space=lobby,
        title="Printer queue stuck after paper jam",
        body="The printer queue stays stuck after a paper jam.",
    )
    post_reply(by=cast.ben, thread=answered, body="Restart the print spooler service and clear the queue folder.")


def records() -> None:
    """The cast; threads 1 to 8 in the lobby, 9 in Acme's workshop, which Mo moderates, 10 to 12 among two."""
    from threads.actions.threads import open_thread

    cast = make_cast()
    for number in range(1, 9):
        open_thread(by=cast.ada, space=cast.spaces["lobby"], title=f"Gate {number} drops its lease", body="Every hour.")
    open_thread(by=cast.ben, space=cast.spaces["workshop"], title="Press stops at night", body="Without a word.")
    for title in ("Mixer runs dry", "Mixer runs over", "Mixer hums"):
        open_thread(by=cast.ada, space=cast.spaces["alliance"], title=title, body="Since the last batch.")


def swarm() -> None:
    """The cast at work round the clock, where Zoe, Cleo and Finn know DNS; threads 1 to 8 in the lobby about it."""
    from tests.threads.asking import everybody_works, knows
    from threads.actions.threads import open_thread

    cast = make_cast()
    everybody_works(cast)
    for member, points in ((cast.zoe, 400), (cast.cleo, 200), (cast.finn, 100)):
        knows(member, points)
    for number in range(1, 9):
        title = f"Resolver {number} loses names"
        open_thread(by=cast.ada, space=cast.spaces["lobby"], title=title, body="Since noon.", tags=["dns"])


def contributions() -> None:
    """The cast; Ben replied in the lobby and in Acme's workshop, and Zoe and Ada say that it helped."""
    from threads.actions.posts import post_reply
    from threads.actions.threads import open_thread
    from threads.actions.votes import vote

    cast = make_cast()
    for place, title, voters in (
        ("lobby", "Gate drops its lease", (cast.zoe, cast.ada)),
        ("workshop", "Press stops at night", (cast.ada,)),
    ):
        thread = open_thread(by=cast.ada, space=cast.spaces[place], title=title, body="Every hour.", tags=[place])
        reply = post_reply(by=cast.ben, thread=thread, body="Compare the firmware.")
        for voter in voters:
            vote(by=voter, post=reply, value=True)


def runs() -> None:
    """The cast, and four threads of Ada's in the lobby in each of which a playbook of Mo's is gone through."""
    from tests.threads.playing import ada_asks, mo_writes
    from threads.actions.runs import start_run

    cast = make_cast()
    playbook = mo_writes(cast)
    for _ in range(4):
        start_run(by=cast.ada, thread=ada_asks(cast), playbook=playbook)


def demo() -> None:
    """The demo, one thread as bad as a thread can look, and `pages.json`: paths with content, by viewer and page."""
    from django.conf import settings

    from threads.importers.demo.loader import load

    load()
    rough = _rough_thread()
    pages = {"ada": _pages_of_ada(rough), "nia": _pages_of_nia(), "": pages_of_strangers()}
    (settings.DATA_DIR / "pages.json").write_text(json.dumps(pages))


def _rough_thread() -> Thread:
    """Long words without a break, a wide table, wide code, deep lists, a deleted post, notes; Ada's to hand over."""
    from threads.actions.ownership import take
    from threads.actions.posts import delete_post, post_reply
    from threads.actions.threads import open_thread

    people = Member.objects.in_bulk(["ada", "ben"], field_name="handle")
    space = Space.objects.get(slug="endpoints-and-access")
    word = "W" * 180
    table = f"| a | b | c | d | e | f |\n|---|---|---|---|---|---|\n|{f' {word[:40]} |' * 6}"
    code, lists = f"```\n{word}\n```", "1. one\n   - two\n     - three"
    body = "\n\n".join([word, table, code, lists, f"> {word}", f"https://example.org/{word}"])
    thread = open_thread(by=people["ada"], space=space, title=word, body=body, tags=["t" * 40, "u" * 40])
    reply = post_reply(by=people["ben"], thread=thread, body=body)
    post_reply(by=people["ada"], thread=thread, body=word, parent=reply)
    delete_post(by=people["ben"], post=post_reply(by=people["ben"], thread=thread, body="A slip."))
    return take(by=people["ada"], thread=thread)


def _product() -> Product:
    """A product of the demo that is asked about."""
    return Product.objects.filter(threads__space__audience="network").order_by("pk")[0]


def _pages_of_ada(rough: Thread) -> dict[str, str]:
    best = Thread.objects.filter(author__handle="ada", status="resolved").latest("reply_count")
    mine = Post.objects.filter(author__handle="ada", thread=best, number__gt=1).earliest("number")
    waiting = Thread.objects.filter(author__handle="ada", status="waiting").earliest("id")
    closed = Thread.objects.filter(status="closed").earliest("id")
    edited = Post.objects.filter(edited_at__isnull=False, deleted_at=None, thread=best).earliest("id")
    practice = Practice.objects.get(thread=best)
    asked, own = HelpRequest.objects.filter(state="open").earliest("id"), rough.get_absolute_url()
    return {
        "request": f"/requests/{asked.pk}/", "thread-help": f"{own}help/", "thread-matches": f"{own}matches/",
        "thread-timeline": f"{own}timeline/", "thread-hand-over": f"{own}hand-over/",
        "thread-guests": f"{own}guests/", "thread-audience": f"{own}audience/",
        "home": "/", "inbox": "/inbox/", "inbox-settings": "/inbox/settings/", "profile-edit": "/people/me/edit/",
        **pages_of_privileges(rough), "profile-state": "/people/me/state/", "profile-skills": "/people/me/skills/",
        "profile-record": f"/people/me/record/?last={clock.now():%Y-%m-%d}&certificates=on",
        "profile-record, nothing chosen": "/people/me/record/",
        "thread-since": f"{best.get_absolute_url()}since/",
        "thread-meetings": f"{waiting.get_absolute_url()}meetings/",
        "help": "/help/", "spaces": "/spaces/", "space": f"/spaces/{best.space.slug}/",
        "space, nothing found": f"/spaces/{best.space.slug}/?status=waiting", "ask": f"/spaces/{best.space.slug}/ask/",
        "thread": best.get_absolute_url(), "thread, waiting": waiting.get_absolute_url(),
        "thread, closed": closed.get_absolute_url(), "thread, rough": rough.get_absolute_url(),
        "post": f"/posts/{mine.pk}/", "post-edit": f"/posts/{mine.pk}/edit/",
        "post-history": f"/posts/{edited.pk}/history/", "thread-edit": f"/threads/{waiting.pk}/edit/",
        "thread-record": f"/threads/{waiting.pk}/record/", "thread-resolution": f"/threads/{waiting.pk}/resolution/",
        **_pages_of_suggestions(practice), **pages_of_evaluations(best), "organization-names": "/organization/names/",
        "practice": practice.get_absolute_url(), "practice-history": f"/practices/{practice.pk}/history/",
        "practice-use": f"/practices/{practice.pk}/use/",
        "archive-export": "/archive/export/",
        "coverage": "/archive/coverage/", "coverage-product": f"/archive/coverage/{_product().slug}/",
        "archive": "/archive/", "archive, nothing found": "/archive/?tag=none",
        "search": "/search/?q=certificate", "jump": "/jump/?q=cert", "jump, nothing typed": "/jump/",
        "search, nothing found": "/search/?q=qqqzzz", "people": "/people/",
        "member": "/people/ben/", "badges": "/badges/", "member-thanks": "/people/ben/thanks/",
        "not found": "/threads/999999/", "refused": "/invitations/",
        "account_email": "/accounts/email/", "profile-erasure": "/people/me/erasure/",
        "account_change_password": "/accounts/password/change/", "account_logout": "/accounts/logout/",
    }  # fmt: skip


def _pages_of_suggestions(practice: Practice) -> dict[str, str]:
    """What Ada suggests for a practice, and where she does it."""
    from threads.actions.suggestions import suggest_edit

    ada = Member.objects.get(handle="ada")
    fields = {"environment": f"{practice.environment}\n\n`{'w' * 120}`"}
    made = suggest_edit(
        by=ada, practice=practice, base_version=practice.version, fields=fields, reason="Seen there too."
    )
    return {
        "practice-suggest": f"/practices/{practice.pk}/suggest/?field=resolution",
        "suggestion": f"/suggestions/{made.pk}/",
    }  # fmt: skip


def _pages_of_nia() -> dict[str, str]:
    recorded = Practice.objects.values("thread_id")
    unrecorded = Thread.objects.filter(status="resolved").exclude(pk__in=recorded).earliest("id")
    practice = Practice.objects.exclude(thread=None).earliest("id")
    return {
        "invitations": "/invitations/", "practice-edit": f"/practices/{practice.pk}/edit/",
        "practice-scrubbing": f"/practices/{practice.pk}/scrubbing/",
        "thread-practice": f"/threads/{unrecorded.pk}/practice/",
        "thread-record-history": f"/threads/{practice.thread_id}/record/history/",
        **_pages_of_the_desk(), **_pages_of_trust(practice), **_pages_of_playbooks(),
        "member-thanks": "/people/jonas/thanks/", "thanks-removal": f"/thanks/{Kudos.objects.latest('pk').pk}/removal/",
        **_pages_of_spreading(practice), **pages_that_tell(), **pages_of_note_reviews(), **pages_of_patterns(),
    }  # fmt: skip


def _pages_of_playbooks() -> dict[str, str]:
    """A playbook with what came of it, writing one, and a run that goes on."""
    run = Run.objects.filter(state="running").earliest("id")
    playbook = f"/playbooks/{run.playbook_id}/"
    return {
        "playbooks": "/playbooks/", "playbook": playbook, "playbook-start": f"{playbook}start/",
        "playbook-edit": f"{playbook}edit/",
        "playbook-history": f"{playbook}history/", "playbook-new": "/playbooks/new/",
        "playbook-new, space": f"/playbooks/new/?space={run.thread.space.slug}", "run": f"/runs/{run.pk}/",
        "thread-playbooks": f"/threads/{run.thread_id}/playbooks/",
    }  # fmt: skip


def _pages_of_trust(practice: Practice) -> dict[str, str]:
    """What is said of a practice, who may see it, and a rule."""
    from threads.actions.governance import set_governance
    from threads.models import Tag

    nia, ada = (Member.objects.get(handle=handle) for handle in ("nia", "ada"))
    tag = Tag.objects.filter(practices__isnull=False).exclude(practices=practice).earliest("slug")
    set_governance(by=nia, space=None, tag=tag, mode="compliance", keepers=[ada], reason="The auditors ask for it.")
    return {
        "practice-verdict": f"/practices/{practice.pk}/verdict/?kind=failed",
        "practice-verdicts": f"/practices/{practice.pk}/verdicts/",
        "practice-audience": f"/practices/{practice.pk}/audience/", "governance": "/archive/governance/",
    }  # fmt: skip


def _pages_of_spreading(practice: Practice) -> dict[str, str]:
    """A practice used in another thread, adapted, subscribed to, a bulletin to be read, and a search that is kept."""
    from threads.actions.adoption import adopt
    from threads.actions.bulletins import send_bulletin
    from threads.actions.reuse import use_practice
    from threads.actions.saved import save_search
    from threads.actions.subscribing import subscribe

    nia = Member.objects.get(handle="nia")
    other = Thread.objects.exclude(pk=practice.thread_id or 0).exclude(status="closed").earliest("pk")
    used = Practice.objects.exclude(confidence="archived").exclude(thread=other).filter(warned_at=None).latest("pk")
    use_practice(by=nia, thread=other, practice=used)
    adopt(by=nia, practice=practice, state="adapted", variant="*Twice*, in our case.", shares="variant")
    if practice.product:
        subscribe(by=nia, scope=f"product:{practice.product.slug}")
    bulletin = send_bulletin(
        by=nia, space=practice.space, audience="space", title="The old gateways end on Friday", text="Move *now*.",
        acknowledge_until=clock.now() + timedelta(days=3),
    )  # fmt: skip
    search = save_search(by=nia, q="certificate", name="Certificates", notifies=True)
    return {
        "saved-searches": "/search/saved/", "saved-search": f"/search/saved/{search.pk}/",
        "thread-practices": f"/threads/{other.pk}/practices/",
        "practice-adoption": f"/practices/{practice.pk}/adoption/",
        "adoption": "/adoption/", "subscriptions": "/archive/subscriptions/", "bulletins": "/bulletins/",
        "bulletin-new": "/bulletins/new/", "bulletin": bulletin.get_absolute_url(),
    }  # fmt: skip


def _pages_of_the_desk() -> dict[str, str]:
    """A changed practice under review with a comment on a line, one challenged, a pair, a scored sample and a term."""
    from threads.actions.deciding import decide_review
    from threads.actions.duplicates import propose_pair
    from threads.actions.practices import edit_practice
    from threads.actions.reviews import comment_on_review, start_review
    from threads.actions.sampling import draw_sample, score_sample
    from threads.actions.terms import plan_term
    from threads.rules.sampling import criteria

    nia, one, two, *_more = Member.objects.get(handle="nia"), *Practice.objects.filter(confidence="validated")
    now = clock.now()
    decide_review(by=nia, review=start_review(by=nia, practice=one), outcome="approved", version=one.version)
    longer = f"{one.resolution}\n\n`{'w' * 120}`"
    edit_practice(
        by=one.recorded_by, practice=one, fields={"resolution": longer}, reason="One more.", version=one.version
    )
    review = start_review(by=nia, practice=one)
    line = one.resolution.splitlines()[0]
    comment_on_review(by=nia, review=review, body="Which **version**?", field="resolution", line=1, quote=line)
    propose_pair(by=nia, practice=one, other=two)
    drawn = draw_sample(by=nia, space=one.space, size=9, since=now - timedelta(days=365))
    first, *rest = drawn.samples.order_by("-practice", "pk")
    asked = criteria(of_thread=first.thread_id is not None)
    score_sample(by=nia, sample=first, scores=dict.fromkeys(asked, "yes"), comment="Good.")
    plan_term(by=nia, space=one.space, member=nia, starts_at=now, ends_at=now + timedelta(days=9))
    challenged = Practice.objects.filter(reviews__kind="challenged").earliest("id")
    return {
        "desk": "/desk/", "desk, new": "/desk/?queue=new", "desk, duplicates": "/desk/?queue=duplicates",
        "desk, nothing waits": "/desk/?queue=due", "terms": "/desk/terms/", "samples": "/desk/samples/",
        "review": f"/desk/reviews/{review.pk}/?field=resolution&line=1",
        "review, challenged": challenged.reviews.earliest("id").get_absolute_url(),
        "practice-merge": f"/practices/{one.pk}/merge/?with={two.pk}",
        "practice-merge, with": f"/practices/{one.pk}/merge/",
        "practice-retirement": f"/practices/{one.pk}/retirement/", "practice, curated": one.get_absolute_url(),
        "sampling-round": f"/desk/samples/{drawn.pk}/", "sample": f"/desk/samples/items/{rest[0].pk}/",
        "sample, scored": f"/desk/samples/items/{first.pk}/",
    }  # fmt: skip
