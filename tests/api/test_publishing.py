"""Showing practices to strangers, and what is covered, over the API."""

import pytest

from tests.api.asking import Api
from tests.cast import Cast
from tests.threads.practicing import validated
from threads.models import Practice

pytestmark = pytest.mark.both_databases


def test_a_practice_is_shown_to_strangers_and_taken_back(api: Api, cast: Cast) -> None:
    practice = validated(cast)
    path = f"practices/{practice.pk}"
    assert api.zoe("PUT", f"{path}/consent").status == 403
    assert api.cleo("PUT", f"{path}/publication", {"version": 1}).body["code"] == "not_public"
    agreed = api.olga("PUT", f"{path}/consent").body
    assert agreed == {"consented": True, "public": False, "version": None, "url": None}
    preview = api.cleo("GET", f"{path}/audience?rung=public").body["preview"]
    chosen = {"rung": "public", "preview": preview, "reason": "For all."}
    assert api.zoe("POST", f"{path}/audience", chosen).status == 403
    assert api.cleo("POST", f"{path}/audience", chosen).status == 200
    assert api.cleo("PUT", f"{path}/publication", {"version": 9}).body["code"] == "revised_meanwhile"
    now = Practice.objects.get(pk=practice.pk)
    shown = api.cleo("PUT", f"{path}/publication", {"version": now.version}).body
    assert (shown["version"], shown["url"].partition("/public/")[2]) == (now.version, f"practices/{now.slug}/")
    assert api.zoe("POST", f"{path}/withdraw", {"reason": "No."}).status == 403
    assert not api.cleo("POST", f"{path}/withdraw", {"reason": "About a customer."}).body["public"]
    assert not api.olga("DELETE", f"{path}/consent").body["consented"]


def test_what_somebody_does_not_see_is_not_there(api: Api, cast: Cast) -> None:
    practice = validated(cast)
    Practice.objects.filter(pk=practice.pk).update(audience="organization")
    path = f"practices/{practice.pk}"
    for method, rest, body in (
        ("PUT", "consent", None), ("DELETE", "consent", None), ("PUT", "publication", {"version": 1}),
        ("POST", "withdraw", {"reason": "x"}), ("GET", "audience?rung=public", None),
    ):  # fmt: skip
        assert api.zoe(method, f"{path}/{rest}", body).status == 404, rest


def test_what_is_covered(api: Api, cast: Cast) -> None:
    practice = validated(cast)
    Practice.objects.filter(pk=practice.pk).update(product=cast.products["mail-gateway"])
    rows = api.zoe("GET", "coverage").body
    assert [(row["value"], row["experts"]) for row in rows if not row["value"]] == [("", None)]
    (row,) = [row for row in rows if row["value"]]
    assert (row["value"], row["validated"], row["hole"]) == ("mail-gateway", 1, None)
    (topic,) = api.zoe("GET", "coverage?product=mail-gateway").body
    assert topic["validated"] == 1
    assert api.zoe("GET", "coverage?product=nothing").body == []
