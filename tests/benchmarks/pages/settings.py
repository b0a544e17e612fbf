"""The site's own settings, and the bare view by either handler."""

from community.settings import *  # noqa: F403
from community.settings import MIDDLEWARE as OURS

MIDDLEWARE = ["tests.benchmarks.pages.bare.BareMiddleware", *OURS]
ASGI_APPLICATION = "tests.benchmarks.pages.asgi.application"
