"""What the refusals of threads, votes and the archive mean to a person, where the action has no more to say."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from community.rendering.refusals import say

_WORDS: dict[str, str | Promise] = {
    "may_not_post": _("You may not post problems in this space. Choose another one."),
    "may_not_own": _("You may not take this thread: it takes no more replies."),
    "may_not_write_record": _("This record takes no more changes, or none of yours."),
    "may_not_record": _("Only those who may reply and curators put a thread into the archive. Ask one of them."),
    "not_active": _("Your access has ended. Ask an administrator of your organization."),
    "no_vote_for_oneself": _("You cannot vote for your own post."),
    "only_asker_owner_or_moderator": _("Only the asker, the owner and moderators do this. Ask one of them."),
    "only_administrators_confirm": _("Only administrators of the holder's organization confirm a certificate."),
    "confirmed_already": _("Somebody has confirmed this certificate already."),
    "only_the_holder": _("Only whoever holds a certificate removes it."),
    "may_not_log_meeting": _("Only who works on the thread writes down calls. Join the swarm first."),
    "meeting_deleted_already": _("Somebody has deleted it already."),
    "only_author_or_moderator_deletes_meeting": _("Only whoever wrote it down and moderators delete it."),
    "only_author_or_moderator": _("Only its author, while the thread is not closed, and moderators change a post."),
    "only_deleter_or_moderator": _("Only whoever deleted this post and moderators bring it back."),
    "only_moderators_close": _("Only moderators close threads and open them again. Ask one of them."),
    "only_owner_leaves": _("You are not the owner of this thread."),
    "may_not_join": _("You cannot help with this thread: it is resolved or closed, or you were let in only to read."),
    "removed_from_swarm": _("The owner removed you from this thread's swarm. Ask them to invite you again."),
    "may_not_ask": _("You cannot ask others for help with this thread. Ask its owner or whoever posted it."),
    "may_not_let_in": _("Only the asker, the owner, helpers and moderators of the thread's organization open it."),
    "not_asked": _("Somebody else was asked. Join the swarm if you can help."),
    "no_longer_needed": _("Somebody answered already, or your time to answer passed. Join the swarm if you can help."),
    "not_open_request": _("This request has ended, or they have answered meanwhile."),
    "not_your_request": _("Only whoever asked, the owner and moderators do this. Ask one of them."),
    "preview_changed": _("What they would see has changed meanwhile. Look at it again, and confirm."),
    "not_offered_to_you": _("This thread is offered to somebody else, or you may not own it."),
    "only_owner_hands_over": _("Only the owner hands a thread over. Ask them, or a moderator if they left."),
    "only_owner_removes": _("Only the owner and moderators remove helpers. Ask one of them."),
    "owner_is_no_helper": _("They own the thread. Ask them to hand it over."),
    "too_much_outside": _("There was much from your address lately. Come back later."),
    "may_not_set_governance": _("Curators set rules for their space, administrators of the network for all of it."),
    "may_not_change_audience": _("You may not show it to these people. Ask a curator of its space."),
    "may_not_consent": _("Only administrators of its organization agree to that. Ask one of them."),
    "not_a_helper": _("They do not help with this thread."),
    "only_curators": _("Only curators of the space and those responsible do this. Ask one of them."),
    "somebody_else_decides": _("You wrote part of this, or it concerns your own organization. Somebody else decides."),
    "may_not_comment": _("Only curators and whoever wrote the practice talk in its review."),
    "may_not_own_practice": _("Somebody looks after it already. Curators choose somebody else."),
    "only_organization_admins": _("Only administrators of your organization do this. Ask one of them."),
    "only_administrators": _("Only network administrators do this. Ask one of them."),
    "out_of_use": _("One of them is retired."),
    "same": _("Choose another practice."),
    "may_not_make_playbook": _("Curators and moderators of a space write its playbooks. Ask one of them."),
    "may_not_edit_playbook": _("Whoever wrote it or looks after it, and curators of its space change it. Ask them."),
    "playbook_retired": _("This playbook is retired. Choose another one, or ask for it to be brought back."),
    "may_not_run": _("You cannot go through playbooks here: the thread is resolved, or you were let in only to read."),
    "not_for_everybody": _("Not everybody who sees this thread sees that playbook, so its steps cannot stand here."),
    "enough_running": _("Several playbooks are gone through here already. End one of them first."),
    "run_ended": _("This has ended already. Start the playbook again if it is needed."),
    "not_on_path": _("An answer before it leads elsewhere now. Look at the steps again."),
    "steps_left": _("Some steps wait still. Mark them, or give it up and say why."),
    "only_marker_or_owner": _("Only whoever marked it, the thread's owner and moderators take that back."),
    "no_signing_key": _("This machine has no key to sign with. Ask an administrator of the network."),
    "record_changed": _("There is something else to say by now. Look at it again, and sign it then."),
    "record_number_taken": _("This record was made already, and says something else. Look at it again."),
    "key_not_new": _("SIGNING_KEY gives a key that has signed before. Give a new one: openssl rand -base64 32"),
    "key_is_current": _("This key signs now. Change it first: signing_key --new"),
    "decided_already": _("Somebody has decided this already."),
}


def declare() -> None:
    """Make the words known; called once at start-up."""
    say(_WORDS)
