"""Showing a practice to strangers."""

from django.conf import settings
from django.urls import reverse
from ninja import Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Text
from threads.actions.publishing import consent_to_publish, publish, withdraw, withdraw_consent
from threads.api.names import practice_or_404
from threads.models import Practice, PracticeAudience
from threads.rules.limits import REASON_LENGTH

router = Router(tags=["practices"])


class Publication(BaseModel):
    """Whether strangers may read a practice."""

    consented: bool = Field(description="Whether the organization whose practice it is agreed.")
    public: bool
    version: int | None = Field(description="The version that strangers read.")
    url: str | None = Field(description="Where they read it, as long as it is validated and nobody warns of it.")


class VersionToPublish(BaseModel):
    """The version that you read."""

    version: int = Field(ge=1)


class Withdrawal(BaseModel):
    """Why strangers are to read it no more."""

    reason: Text = Field(max_length=REASON_LENGTH)


@router.put("/practices/{id}/consent", response=Publication, operation_id="consent", summary="Agree to make it public")
def put_consent(request: ApiRequest, id: int) -> Publication:
    """Agree, for the organization whose practice it is. Curators then show it: `POST /practices/{id}/audience`."""
    return _out(consent_to_publish(by=request.auth, practice=practice_or_404(request.auth, id)))


@router.delete(
    "/practices/{id}/consent", response=Publication, operation_id="withdraw_consent", summary="Agree no more"
)
def delete_consent(request: ApiRequest, id: int) -> Publication:
    """Agree no more: a public practice is taken back into the network at once."""
    return _out(withdraw_consent(by=request.auth, practice=practice_or_404(request.auth, id)))


@router.put("/practices/{id}/publication", response=Publication, operation_id="publish", summary="Publish a version")
def put_publication(request: ApiRequest, id: int, data: VersionToPublish) -> Publication:
    """Have strangers read this version of a practice that is public."""
    return _out(publish(by=request.auth, practice=practice_or_404(request.auth, id), version=data.version))


@router.post("/practices/{id}/withdraw", response=Publication, operation_id="withdraw", summary="Take it back")
def post_withdrawal(request: ApiRequest, id: int, data: Withdrawal) -> Publication:
    """Take a public practice back into the network."""
    return _out(withdraw(by=request.auth, practice=practice_or_404(request.auth, id), reason=data.reason))


def _out(practice: Practice) -> Publication:
    public = practice.audience == PracticeAudience.PUBLIC
    return Publication(
        consented=practice.consent_by_id is not None, public=public,
        version=practice.published_version if public else None,
        url=f"{settings.SITE_URL}{reverse('public-practice', args=[practice.slug])}" if public else None,
    )  # fmt: skip
