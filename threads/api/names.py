"""From the names in a request to the things they name; Invalid says which name is unknown."""

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from community.errors import Invalid, NotThere
from community.models import Member, Organization, WorkRole
from community.queries.organizations import organizations_named
from threads.models import Playbook, Post, Practice, Product, ProductVersion, Suggestion, Thread
from threads.queries.archive import practices_visible_to, with_card_parts
from threads.queries.catalog import product_by_slug, version_named
from threads.queries.details import thread_visible_to
from threads.queries.playbooks import playbooks_visible_to
from threads.queries.posts import post_visible_to, posts_visible_to, with_fragment_parts
from threads.queries.subscriptions import work_roles
from threads.queries.suggestions import suggestion_visible_to

MOST = 2**63
T = TypeVar("T", bound=Model)


def id_or_404(number: int) -> int:
    """The id. Raises NotThere when nothing can have it."""
    if not 0 < number < MOST:
        raise NotThere("not_there")
    return number


def thread_or_404(viewer: Member, thread_id: int) -> Thread:
    """The thread. Raises NotThere when it is not there for this viewer."""
    thread = thread_visible_to(viewer, thread_id) if thread_id < MOST else None
    if thread is None:
        raise NotThere("not_there")
    return thread


def post_or_404(viewer: Member, post_id: int) -> Post:
    """The post. Raises NotThere when it is not there for this viewer."""
    post = post_visible_to(viewer, post_id) if post_id < MOST else None
    if post is None:
        raise NotThere("not_there")
    return post


def practice_or_404(viewer: Member, practice_id: int) -> Practice:
    """The practice. Raises NotThere when it is not there for this viewer."""
    found = with_card_parts(practices_visible_to(viewer))
    practice = found.filter(pk=practice_id).first() if practice_id < MOST else None
    if practice is None:
        raise NotThere("not_there")
    return practice


def practice_named(viewer: Member, practice_id: int | None) -> Practice | None:
    """The practice; none for none. Raises Invalid for one that the viewer does not see."""
    return _named(practices_visible_to(viewer), practice_id, {"practice": _("There is no such practice that you see.")})


def playbook_named(viewer: Member, playbook_id: int | None) -> Playbook | None:
    """The playbook; none for none. Raises Invalid for one that the viewer does not see."""
    return _named(playbooks_visible_to(viewer), playbook_id, {"playbook": _("There is no such playbook that you see.")})


def _named(found: QuerySet[T], pk: int | None, refusal: dict[str, str]) -> T | None:
    if pk is None:
        return None
    thing = found.filter(pk=pk).first() if 0 < pk < MOST else None
    if thing is None:
        raise Invalid(refusal)
    return thing


def role_named(name: str) -> WorkRole | None:
    """The working role of that name; none for none. Raises Invalid for an unknown one."""
    return role_needed(name) if name else None


def role_needed(name: str) -> WorkRole:
    """The working role of that name. Raises Invalid for an unknown one."""
    role = work_roles().filter(name=name).first()
    if role is None:
        raise Invalid({"role": _("There is no working role “%(name)s”.") % {"name": name[:80]}})
    return role


def suggestion_or_404(viewer: Member, suggestion_id: int) -> Suggestion:
    """The suggestion. Raises NotThere when it is not there for this viewer."""
    found = suggestion_visible_to(viewer, suggestion_id) if suggestion_id < MOST else None
    if found is None:
        raise NotThere("not_there")
    return found


def posts_named(viewer: Member, thread: Thread, ids: Sequence[int]) -> list[Post]:
    """The posts of the thread with these ids. Raises Invalid when one of them is none."""
    posts = list(posts_visible_to(viewer).filter(thread=thread, pk__in=ids))
    if len(posts) != len(set(ids)):
        raise Invalid({"posts": _("Choose replies of this thread that are not deleted.")})
    return posts


def note_parent_named(viewer: Member, thread: Thread, post_id: int | None) -> Post | None:
    """The post of the thread that a note goes under; none for none. Raises Invalid for an unknown one."""
    if post_id is None:
        return None
    post = with_fragment_parts(posts_visible_to(viewer)).filter(thread=thread, pk=post_id).first()
    if post is None:
        raise Invalid({"parent": _("Choose a reply of this thread.")})
    return post


def product_named(slug: str | None) -> Product | None:
    """The product with that slug; none for none. Raises Invalid for an unknown one."""
    if not slug:
        return None
    product = product_by_slug(slug)
    if product is None:
        raise Invalid({"product": _("There is no product “%(slug)s”. Use a product's slug.") % {"slug": slug[:60]}})
    return product


def product_version_named(product: Product | None, name: str | None) -> ProductVersion | None:
    """The version of the product with that name; none for none. Raises Invalid for an unknown one."""
    if not name:
        return None
    version = version_named(product, name) if product else None
    if version is None:
        raise Invalid({"version": _("The product has no version “%(name)s”. Leave it out.") % {"name": name[:40]}})
    return version


def organizations_or_invalid(slugs: Sequence[str]) -> list[Organization]:
    """The organizations with these slugs. Raises Invalid when one is unknown."""
    found = organizations_named(slugs)
    unknown = sorted(set(slugs) - {organization.slug for organization in found})
    if unknown:
        message = _("There is no organization “%(slug)s”. Use an organization's slug.")
        raise Invalid({"organizations": message % {"slug": unknown[0][:60]}})
    return found
