"""What stands on the sites of the browser tests: a quiet thread, a long one, and one that answers a question."""

from tests.cast import make_cast


def seed() -> None:
    """The cast and three threads in the lobby, numbered 1 to 3 in this order."""
    from threads.actions.posts import post_reply
    from threads.actions.threads import open_thread

    cast = make_cast()
    lobby = cast.spaces["lobby"]
    quiet = open_thread(
        by=cast.ada,
        space=lobby,
        title="Mail gateway rejects every message after the update",
        body="Since the update the gateway answers **554 5.7.1** to every sender.\n\n    relay access denied",
        product=cast.products["mail-gateway"],
    )
    post_reply(
        by=cast.ben, thread=quiet, body="Which version do you run now?\n\n> 554 5.7.1\n\nAnd what does the log say?"
    )
    long = open_thread(by=cast.ada, space=lobby, title="Backups finish late every Monday", body="They take until noon.")
    for number in range(2, 62):
        post_reply(
            by=cast.ben if number % 2 else cast.ada, thread=long, body=f"Reply {number}: another run, another hour."
        )
    answered = open_thread(
        by=cast.zoe,
        space=lobby,
        title="Printer queue stuck after paper jam",
        body="The printer queue stays stuck after a paper jam.",
    )
    post_reply(by=cast.ben, thread=answered, body="Restart the print spooler service and clear the queue folder.")
