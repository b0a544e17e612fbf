"""The site's settings, made quick and private for tests; `tests.live` runs whole sites with them too."""

import os
from typing import Any, cast

from community.settings import *  # noqa: F403
from community.settings import CHANNEL_LAYERS, DATA_DIR, DATABASE_URL, DATABASES, REDIS_URL

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = "GUILDHALL_TEST_COLLECTED" not in os.environ
if not DATABASE_URL:
    # A file, not memory: threads then wait for each other as they do on a real site.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
if REDIS_URL:
    cast("Any", CHANNEL_LAYERS)["default"]["CONFIG"]["prefix"] = f"guildhall-{WORKER}"
