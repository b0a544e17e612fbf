"""What every process counts. The live room's own instruments are in `realtime/instruments.py`."""

from prometheus_client import Counter, Histogram

APPENDED = Counter("guildhall_events_appended", "Events committed to the log.")
REQUESTS = Histogram(
    "guildhall_http_request_seconds",
    "From a request's arrival to the end of its answer, by class of status.",
    ["status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0),
)
REFUSED = Counter(
    "guildhall_http_refused", "Requests refused before a page was asked for, by what there was too much of.", ["why"]
)
WORKER_DELIVERIES = Counter("guildhall_worker_deliveries", "Notices in the outbox that workers finished.")
WORKER_FAILURES = Counter("guildhall_worker_failures", "Times that a worker failed and tried again later.")
PEOPLE_ASKED = Counter("guildhall_requests_asked", "People whom requests for help asked.")
REQUESTS_ANSWERED = Counter(
    "guildhall_requests_answered", "Answers to requests for help, by what they said.", ["answer"]
)
REQUESTS_PASSED_ON = Counter("guildhall_requests_passed_on", "Requests that went on because nobody answered in time.")
