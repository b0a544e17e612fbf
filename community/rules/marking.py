"""The triggers that raise marks, as SQL of either database."""

from hashlib import sha256

PREFIX = "mark_"
_NEXT = {"sqlite": "random()", "postgresql": "(random() * 9007199254740992)::bigint"}
_DIFFERS = {"sqlite": "IS NOT", "postgresql": "IS DISTINCT FROM"}
_ROWS = {"insert": ("new",), "update": ("old", "new"), "delete": ("old",)}
_SHOWN = 8


def drawn(vendor: str) -> str:
    """A new random number."""
    return _NEXT[vendor]


def trigger(
    vendor: str, marks: str, *, table: str, event: str, ids: tuple[str, ...], columns: tuple[str, ...]
) -> tuple[str, list[str]]:
    """The name of the trigger that raises the marks with these ids, which is another one for another text, and how it
    is made."""
    given = [one.format(row=row) for row in _ROWS[event] for one in ids]
    of = f" OF {', '.join(columns)}" if columns and event == "update" else ""
    differ = " OR ".join(f"old.{column} {_DIFFERS[vendor]} new.{column}" for column in columns)
    when = f" WHEN ({differ})" if of else ""
    make = _on_sqlite if vendor == "sqlite" else _on_postgresql
    head = f"AFTER {event.upper()}{of} ON {table}"
    texts = make("{name}", head, when, marks, given)
    name = f"{PREFIX}{table[:38]}_{event}_{sha256(''.join(texts).encode()).hexdigest()[:_SHOWN]}"
    return name, [text.replace("{name}", name) for text in texts]


def untrigger(vendor: str, name: str, table: str) -> str:
    """How it is taken away."""
    return f"DROP TRIGGER {name}" if vendor == "sqlite" else f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}()"


def _on_sqlite(name: str, head: str, when: str, marks: str, ids: list[str]) -> list[str]:
    """One after another: a statement with its own way out of conflicts would impose it on what a trigger does."""
    raised = "".join(
        f" DELETE FROM {marks} WHERE id = ({one});"  # noqa: S608  (our own names, here and below)
        f" INSERT INTO {marks} (id, stamp) SELECT id, {drawn('sqlite')} FROM (SELECT {one} AS id) WHERE id IS NOT NULL;"
        for one in ids
    )
    return [f"CREATE TRIGGER {name} {head}{when} BEGIN{raised} END"]


def _on_postgresql(name: str, head: str, when: str, marks: str, ids: list[str]) -> list[str]:
    """At the end of the transaction: whoever holds the lock of a mark then waits for nothing but marks."""
    given = ", ".join(f"({one})" for one in ids)
    function = f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            INSERT INTO {marks} (id, stamp)
            SELECT given.id, {drawn("postgresql")} FROM (VALUES {given}) AS given(id)
            WHERE given.id IS NOT NULL GROUP BY 1 ORDER BY 1
            ON CONFLICT (id) DO UPDATE SET stamp = excluded.stamp;
            RETURN NULL;
        END $$
    """  # noqa: S608
    made = f"CREATE CONSTRAINT TRIGGER {name} {head} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW{when}"
    return [function, f"{made} EXECUTE FUNCTION {name}()"]
