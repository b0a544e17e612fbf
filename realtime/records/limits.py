"""The limits of the records desk, each with its reason. Documented for client writers in `docs/record-protocol.md`."""

PATH = "/ws/records/"

# What one client may send.
MOST_MESSAGE_BYTES = 2 * 1024 * 1024 + 64  # a whole record, written without a connection, and what says what it is
MOST_BEYOND = 256 * 1024  # who sends a little more is told what is wrong; beyond, the server breaks off
MOST_PIECES = 10_000  # headers and pieces of frames in 20 seconds: the frames below, and long ones over slow lines
MESSAGES_AT_ONCE, MESSAGES_A_SECOND = 1000, 100.0  # a fast typist sends thirty a second, with cursor and questions
MOST_WAITING_MESSAGES, MOST_WAITING_BYTES = 1000, 4 * 1024 * 1024  # of one client, not looked at yet
BYTES_AT_ONCE, BYTES_A_SECOND = 16 * 1024 * 1024, 256 * 1024.0  # of one member: some records whole, then fast typing
QUESTION_BYTES = 8 * 1024  # what a question counts as at least: its answer may be a whole record
MOST_HELD = 1000  # questions whether all is saved that cannot be answered yet
MOST_ENTRIES = 256  # clients in one awareness message: what says more only repeats what others said
MOST_ASKED = 2  # times that a client is asked for what is missing
MOST_SPOKEN = 10_000  # clients of a record of which it is remembered who spoke for them
MOST_STATE_BYTES = 2048  # of what one says of oneself: a name, a place in a text

# One round.
UPDATES_A_ROUND = 200
BYTES_A_ROUND = 256 * 1024  # a larger message comes alone: reading the largest takes some tenths of a second
RECORDS_A_ROUND = 50
READ_ANEW_A_ROUND = 20  # records that are not in memory: up to some hundredths of a second each

# How often things happen.
ASKED_A_SWEEP = 300  # seats judged again without a reason, each second, in turn
CUT_SECONDS = 5.0  # from one look for versions to be cut to the next
EMPTY_SECONDS = 60.0  # a record without seats stays in memory for so long: who reloads finds it there
MOST_EMPTY = 100  # of those
LAGGING_SECONDS = 0.05  # before it is looked whether there is room again for one who reads slowly
SILENT_SECONDS = 20.0  # y-websocket leaves a line on which nothing came for 30 seconds

# Who writes where: from one frame to the next, by how many seats a record has.
TOLD_SECONDS, CROWDED_SECONDS, THRONGED_SECONDS = 0.1, 0.25, 1.0
CROWDED, THRONGED = 20, 100
FORGOTTEN_SECONDS = 35.0  # what another process said of somebody and did not say again; clients say it every 15
SLOTS = 8  # colours


class Closing:
    """Close codes that only records have; the others are those of `realtime.rules.Closing`."""

    READ_ONLY = 4405
    TOO_LARGE = 4413
    MODE_CHANGED = 4500
