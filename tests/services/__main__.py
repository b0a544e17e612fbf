"""`python -m tests.services`: exit code 0 if the tests can start both PostgreSQL and Redis here."""

import sys

from tests.services import postgres, redis

sys.exit(0 if postgres.find() and redis.find() else 1)
