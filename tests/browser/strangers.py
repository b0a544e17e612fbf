"""What strangers see of the demo: addresses of pages with content, and of what is not to be had."""

from community.models import Member
from threads.models import Practice, PracticeAudience
from threads.queries.public import published_practices


def pages_of_strangers() -> dict[str, str]:
    """A path for each page that nobody has to sign in for."""
    from community.actions.members import invite

    nia = Member.objects.get(handle="nia")
    invitation = invite(by=nia, email="new@example.org", organization=nia.organization)
    found = published_practices().latest("id")
    assert found.product, "what is public is listed by product"
    practice = f"/public/practices/{found.slug}/"
    return {
        "public": "/public/", "public, nothing found": "/public/?q=nothing+at+all",
        "public-practice": practice, "public-practice, thanked": f"{practice}?again#thanks",
        "public-practice, gone": f"/public/practices/{_taken_back(nia)}/",
        "public-practice, missing": "/public/practices/there-never-was-one/",
        "public-vote, refused": practice, "public-experience": f"{practice}experience/",
        "public-experience, incomplete": f"{practice}experience/",
        "public-product": f"/public/products/{found.product.slug}/",
        "public-product, missing": "/public/products/there-is-none/",
        "public-tag": f"/public/tags/{found.tags.earliest('slug').slug}/",
        "verify": "/verify/", "verify, nothing given": "/verify/",
        "invitation": invitation.get_absolute_url(), "invitation, unknown": "/invitations/nobody-made-this/",
        "account_login": "/accounts/login/", "account_signup": "/accounts/signup/",
        "account_reset_password": "/accounts/password/reset/",
        "account_reset_password_done": "/accounts/password/reset/done/",
        "account_reset_password_from_key": "/accounts/password/reset/key/1-spent/",
        "account_reset_password_from_key_done": "/accounts/password/reset/key/done/",
    }  # fmt: skip


def _taken_back(nia: Member) -> str:
    """The address of a practice that was public for a while."""
    from threads.actions.practice_audience import change_audience
    from threads.actions.publishing import consent_to_publish, withdraw
    from threads.queries.practice_audience import reach_of

    inside = Practice.objects.filter(confidence="validated").exclude(audience=PracticeAudience.PUBLIC)
    practice, wanted = inside.latest("id"), PracticeAudience.PUBLIC
    practice = consent_to_publish(by=nia, practice=practice)
    preview = reach_of(practice, wanted, []).digest
    practice = change_audience(by=nia, practice=practice, audience=wanted, preview=preview, reason="Others ask for it.")
    return str(withdraw(by=nia, practice=practice, reason="It is written anew.").slug)
