"""Of which practices one hears, and the roles of one's organization."""

from ninja import Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Text
from threads.actions.subscribing import subscribe, subscribe_role, unsubscribe, unsubscribe_role
from threads.api.names import role_needed
from threads.models import Subscription
from threads.queries.subscriptions import labels_of, role_subscriptions_of, subscriptions_of

router = Router(tags=["practices"])


class SubscriptionIn(BaseModel):
    """Whether you want to hear of it."""

    wanted: bool = Field(True, description="False: you hear nothing of it, whatever your role.")


class SubscriptionOut(BaseModel):
    """A product or tag of which you hear, or do not."""

    scope: str = Field(description="`product:` or `tag:`, and its slug.")
    name: str
    wanted: bool


class SubscriptionsOut(BaseModel):
    """What you said yourself; your role in your organization may hear of more."""

    items: list[SubscriptionOut]


class RoleIn(BaseModel):
    """Which working role."""

    role: Text = Field(description="Its name.")


class RoleSubscriptionOut(BaseModel):
    """A product or tag of which everybody in your organization hears who has a working role."""

    role: str
    scope: str = Field(description="`product:` or `tag:`, and its slug.")
    name: str


class RoleSubscriptionsOut(BaseModel):
    """All of them."""

    items: list[RoleSubscriptionOut]


@router.get("/subscriptions", response=SubscriptionsOut, operation_id="subscriptions", summary="What you hear of")
def get_subscriptions(request: ApiRequest) -> SubscriptionsOut:
    """Products and tags."""
    rows = subscriptions_of(request.auth)
    names = labels_of({row.scope for row in rows})
    return SubscriptionsOut(items=[_subscription(row, names[row.scope]) for row in rows])


@router.put(
    "/subscriptions/{scope}", response=SubscriptionOut, operation_id="subscribe", summary="Hear of a product or tag"
)
def put_subscription(request: ApiRequest, scope: Text, data: SubscriptionIn) -> SubscriptionOut:
    """New and changed practices of it come into your inbox, or nothing of it."""
    row = subscribe(by=request.auth, scope=scope, wanted=data.wanted)
    return _subscription(row, labels_of([row.scope])[row.scope])


@router.delete(
    "/subscriptions/{scope}", response={204: None}, operation_id="unsubscribe", summary="Say nothing of it any more"
)
def delete_subscription(request: ApiRequest, scope: Text) -> tuple[int, None]:
    """Only what your role hears of comes then."""
    unsubscribe(by=request.auth, scope=scope)
    return 204, None


@router.get(
    "/organization/subscriptions", response=RoleSubscriptionsOut, operation_id="role_subscriptions",
    summary="What roles hear of",
)  # fmt: skip
def get_role_subscriptions(request: ApiRequest) -> RoleSubscriptionsOut:
    """Told to administrators of your organization; empty for others."""
    rows = role_subscriptions_of(request.auth)
    names = labels_of({row.scope for row in rows})
    return RoleSubscriptionsOut(items=[_of_role(row, names[row.scope]) for row in rows])


@router.put(
    "/organization/subscriptions/{scope}", response=RoleSubscriptionOut, operation_id="subscribe_role",
    summary="Have a role hear of a product or tag",
)  # fmt: skip
def put_role_subscription(request: ApiRequest, scope: Text, data: RoleIn) -> RoleSubscriptionOut:
    """Everybody in your organization who has the role hears of it, as it goes round."""
    row = subscribe_role(by=request.auth, role=role_needed(data.role), scope=scope)
    return _of_role(row, labels_of([row.scope])[row.scope])


@router.delete(
    "/organization/subscriptions/{scope}", response={204: None}, operation_id="unsubscribe_role",
    summary="Have a role hear of it no more",
)  # fmt: skip
def delete_role_subscription(request: ApiRequest, scope: Text, role: Text) -> tuple[int, None]:
    """What members said themselves stands."""
    unsubscribe_role(by=request.auth, role=role_needed(role), scope=scope)
    return 204, None


def _subscription(row: Subscription, name: str) -> SubscriptionOut:
    return SubscriptionOut(scope=row.scope, name=name, wanted=row.wanted)


def _of_role(row: Subscription, name: str) -> RoleSubscriptionOut:
    return RoleSubscriptionOut(role=row.role.name if row.role else "", scope=row.scope, name=name)
