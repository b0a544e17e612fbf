"""Signed-in browsers without a browser, and a thread with something in it."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.pages.stories import SignIn, Story


@pytest.fixture
def sign_in() -> "SignIn":
    """`sign_in(cast.ada)` is a client that Ada is signed in with."""
    from tests.pages.stories import signed_in

    return signed_in


@pytest.fixture
def story(cast: "Cast") -> "Story":
    """The story, for everyone in the lobby."""
    from tests.pages.stories import told

    return told(cast)


@pytest.fixture
def secret(cast: "Cast") -> "Story":
    """The same story, for Acme only."""
    from tests.pages.stories import told

    return told(cast, audience="organization")
