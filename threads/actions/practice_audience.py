"""Showing a practice to more people, or to fewer, and to everybody outside."""

from collections.abc import Collection
from uuid import UUID

from community.events import action
from community.models import Member, Organization
from threads.models import Practice


@action
def change_audience(
    *,
    by: Member,
    practice: Practice,
    audience: str,
    organizations: Collection[Organization] = (),
    files: Collection[UUID] = (),
    reason: str,
    preview: str,
) -> Practice:
    """Show a practice to those on this rung; `preview` stands for what was shown before."""
    raise NotImplementedError


@action
def consent_to_publish(*, by: Member, practice: Practice) -> Practice:
    """Agree, for the organization whose practice it is, that it may be public."""
    raise NotImplementedError


@action
def publish(*, by: Member, practice: Practice, version: int) -> Practice:
    """Show this version of a public practice to strangers."""
    raise NotImplementedError


@action
def withdraw(*, by: Member, practice: Practice, reason: str) -> Practice:
    """Take a public practice back into the network."""
    raise NotImplementedError
