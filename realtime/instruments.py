"""What the live room counts for `/metrics`; docs/production.md says what to make of it.

Values are those of all processes together: `manage.py serve` sets PROMETHEUS_MULTIPROC_DIR, and each process writes
into files of its own there.
"""

from prometheus_client import Counter, Gauge, Histogram

SOCKETS = Gauge("guildhall_sockets", "Open sockets.", multiprocess_mode="livesum")
SUBSCRIPTIONS = Gauge("guildhall_subscriptions", "Streams listened to, by socket.", multiprocess_mode="livesum")
TRANSPORT = Gauge(
    "guildhall_transport",
    "Processes by how frames are written: prepared bytes to the transport, or plain ASGI send.",
    ["path"],
    multiprocess_mode="livesum",
)
DELIVERED = Counter("guildhall_events_delivered", "Events written to sockets.")
LAG = Histogram(
    "guildhall_delivery_lag_seconds",
    "From when an event was written to its last socket in a process.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)
CATCHUPS = Counter("guildhall_catch_ups", "Events found without a nudge, or missed and replayed.", ["how"])
CLOSES = Counter("guildhall_socket_closes", "Sockets closed, by close code.", ["code"])
RECORD_ROOMS = Gauge("guildhall_record_rooms", "Records in memory to be written live.", multiprocess_mode="livesum")
RECORD_SEATS = Gauge("guildhall_record_seats", "Sockets at records.", multiprocess_mode="livesum")
RECORD_UPDATES = Counter("guildhall_record_updates", "Updates of records that were looked at.")
RECORD_REFUSED = Counter("guildhall_record_refused", "Updates of records that were refused.", ["reason"])
RECORD_ROUND = Histogram(
    "guildhall_record_round_seconds",
    "From when updates were taken up to when they were stored and could be told.",
    buckets=(0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5),
)
