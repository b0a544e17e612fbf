"""What a member may do now: one list that feeds buttons, shortcuts and the API's `can`."""

from collections.abc import Iterable
from dataclasses import replace

from community.models import Member
from reputation.policies.kudos import may_thank
from threads.models import Post, Practice, Thread
from threads.policies import posts as post_policies
from threads.policies import practices as practice_policies
from threads.policies import swarm as swarm_policies
from threads.policies import threads as policies
from threads.policies import tidying as tidying_policies
from threads.policies.governance import Governing, governance_of
from threads.policies.rights import Rights, is_removed, rights_in
from threads.queries.closings import closing_of


def thread_offers(
    member: Member,
    thread: Thread,
    rights: Rights | None = None,
    *,
    recorded: bool | None = None,
    practised: bool | None = None,
    helps: bool | None = None,
) -> list[str]:
    """What the member may do in a thread in its present state, by the names of the actions.

    `recorded` says whether the thread is in the archive, `practised` whether it has a practice, be it only begun, and
    `helps` whether the member helps, when that is known.
    """
    rights = rights or rights_in(member, thread)
    recorded = policies.in_archive(thread) if recorded is None else recorded
    if rights.removed is None:
        rights = replace(rights, removed=rights.sees and is_removed(member, thread))
    helps = swarm_policies.is_helping(member, thread) if helps is None else helps
    joins = swarm_policies.may_join(member, thread, rights)
    resolved, closed = thread.status == Thread.Status.RESOLVED, thread.status == Thread.Status.CLOSED
    offered = {
        "follow": rights.sees,
        "reply": policies.may_reply(member, thread, rights),
        "edit": policies.may_edit(member, thread, rights),
        "resolve": thread.is_unresolved and policies.may_resolve(member, thread, rights),
        "reopen": resolved and policies.may_reopen(member, thread, rights),
        "close": not closed and policies.may_close(member, thread, rights),
        "unclose": closed and policies.may_close(member, thread, rights),
        "take": thread.owner_id is None and thread.is_unresolved and policies.may_own(member, thread, rights),
        "leave": thread.owner_id == member.pk,
        "join": joins and not helps and thread.owner_id != member.pk,
        "leave_swarm": helps,
        "ask": swarm_policies.may_ask(member, thread, rights),
        "let_in": swarm_policies.may_let_in(member, thread, rights, helps=helps),
        "hand_over": swarm_policies.may_hand_over(member, thread, rights),
        "remove_helper": thread.is_unresolved and swarm_policies.may_remove_helper(member, thread, rights),
        "log_meeting": swarm_policies.may_log_meeting(member, thread, rights, helps=helps),
        "edit_record": policies.may_write_record(member, thread, rights, recorded=recorded),
        "start_practice": practice_policies.may_start(member, thread, rights, recorded=recorded)
        and not (policies.has_practice(thread) if practised is None else practised),
        "record_practice": resolved and not recorded and practice_policies.may_record(member, thread, rights),
    }
    return [name for name, holds in offered.items() if holds]


def tidying_offers(member: Member, thread: Thread, rights: Rights | None = None) -> list[str]:
    """What the member may put in order in a thread; pages offer it to all who see the thread, and say what is lacking.

    It depends on what the member earned, so it stands beside what `thread_offers` finds out without a query.
    """
    rights = rights or rights_in(member, thread)
    closing = closing_of(thread) if thread.status == Thread.Status.CLOSED else None
    offered = {
        "retag": tidying_policies.may_retag(member, thread, rights),
        "close_duplicate": tidying_policies.may_close_duplicate(member, thread, rights),
        "open_again": closing is not None and tidying_policies.may_open_again(member, closing, rights),
    }
    return [name for name, holds in offered.items() if holds]


def post_offers(member: Member, post: Post, rights: Rights | None = None) -> list[str]:
    """What the member may do with a post. `post.thread` and `post.author` are expected to be loaded."""
    rights = rights or rights_in(member, post.thread)
    replies = policies.may_reply(member, post.thread, rights)
    stands = rights.sees and post.deleted_at is None
    offered = {
        "vote": post_policies.may_vote(member, post, rights),
        "reply": stands and replies,
        "quote": stands and replies,
        "note": post_policies.may_add_note(member, post, rights),
        "resolve": stands and _can_solve(post) and policies.may_resolve(member, post.thread, rights),
        "thank": stands and may_thank(member, post.author),
        "edit": post_policies.may_edit(member, post, rights),
        "delete": post_policies.may_delete(member, post, rights),
        "restore": post_policies.may_restore(member, post, rights),
        "link": stands,
    }
    return [name for name, holds in offered.items() if holds]


def _can_solve(post: Post) -> bool:
    return post.thread.is_unresolved and post.number > 1


def offers_by_post(member: Member, posts: Iterable[Post], rights: Rights) -> dict[int, list[str]]:
    """The offers of many posts of one thread."""
    return {post.pk: post_offers(member, post, rights) for post in posts}


def offers_for_new_posts(member: Member, thread: Thread, rights: Rights) -> dict[str, list[str]]:
    """What the member may do with a reply that arrives while they look: with their `own`, and with any `other`."""
    own = Post(thread=thread, number=2, author=member)
    other = Post(thread=thread, number=2, author=Member(pk=0))
    return {"own": post_offers(member, own, rights), "other": post_offers(member, other, rights)}


def practice_offers(
    member: Member, practice: Practice, rights: Rights | None = None, governing: Governing | None = None
) -> list[str]:
    """What the member may do with a practice."""
    rights, governing = rights or rights_in(member, practice), governing or governance_of(practice)
    edits = practice_policies.may_edit(member, practice, rights, governing)
    curates = practice_policies.may_curate(member, practice, rights, governing)
    used = practice.is_current and practice.confidence != Practice.Confidence.ARCHIVED
    suggests = practice_policies.may_suggest(member, practice, rights)
    finished = practice.is_current and practice.confidence != Practice.Confidence.WORK_IN_PROGRESS
    offered = {
        "edit": edits,
        "restore": edits,
        "suggest": suggests and not edits,
        "judge": practice_policies.may_judge(member, practice, rights),
        "claim": curates and used,
        "review": used and not practice.follows_record and (curates or _looks_at(member, practice, rights, governing)),
        "retire": curates and practice.is_current,
        "merge": curates and used and not practice.follows_record,
        "own": used and practice.owner_id != member.pk and (curates or (rights.sees and practice.owner_id is None)),
        "change_audience": finished
        and (curates or (rights.sees and practice_policies.is_of_its_own(member, practice))),
        "publish": curates and used and not practice.follows_record,
    }
    return [name for name, holds in offered.items() if holds]


def _looks_at(member: Member, practice: Practice, rights: Rights, governing: Governing) -> bool:
    """Whether there is something new in it that somebody who earned it looks at, beside curators."""
    new = practice.reviewed_version < practice.version
    return new and practice_policies.may_approve(member, practice, rights, governing)
