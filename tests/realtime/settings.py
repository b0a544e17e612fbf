"""Settings of the servers that these tests start: the same database that the tests write to."""

import os

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES

DATABASES["default"]["NAME"] = os.environ["GUILDHALL_TEST_DATABASE"]
