"""Queries whose SQL is made once, for what every page asks.

Building a queryset with its rules and turning it into SQL takes Django several times as long as the database takes to
answer it. The rule stays written in one place, as a queryset; here it is built with stand-ins for its values, kept as
SQL, and from then on only given the values.
"""

import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any, Generic, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import DateTimeField, Model, QuerySet
from django.db.models.expressions import Col
from django.db.models.query import ModelIterable, get_related_populators

from community.models import Member
from community.rules.statements import answered

T = TypeVar("T")
Value = int | str | list[int]
Row = tuple[Any, ...]

# Within the range of every integer column that is asked about, and no number that a query has of its own.
_FIRST_STAND_IN = 1_987_650_000
_WORD = "stand-in-for-%s"
_MARKS = re.compile(r"%[s%]")
_PLAIN_WORD = re.compile(r"[A-Za-z0-9_./ -]*")


@dataclass
class _Plan:
    """The SQL for one shape of a query, and how its rows become objects."""

    alias: str
    sql: str
    params: list[Any]
    places: list[tuple[int, str, int, type]]
    converters: dict[int, Any]
    shared: Callable[[Row], Hashable]
    columns: dict[str, int]
    model: type[Model] | None = None
    fields: tuple[int, int, list[str]] = (0, 0, [])
    populators: list[Any] = field(default_factory=list)
    annotations: dict[str, int] = field(default_factory=dict)


class Answer(Generic[T]):
    """The rows that a query found, as the database gave them, and as objects once somebody wants them."""

    def __init__(self, plan: _Plan | None, rows: list[Row]) -> None:
        self._plan = plan
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, place: int) -> T:
        """One of the rows, as an object."""
        return Answer[T](self._plan, [self.rows[place]]).things()[0]

    def cut(self, most: int) -> "Answer[T]":
        """The first rows."""
        return Answer(self._plan, self.rows[:most])

    def after(self, place: int) -> "Answer[T]":
        """The rows after the first ones."""
        return Answer(self._plan, self.rows[place:])

    @property
    def key(self) -> Hashable:
        """Everything that was read, except the columns set apart: what is made of equal keys is equal."""
        return tuple(map(self._plan.shared, self.rows)) if self._plan else ()

    def value(self, name: str) -> Any:
        """A column of the first row, as the database gave it."""
        return self.rows[0][cast(_Plan, self._plan).columns[name]]

    def said(self, name: str) -> Any:
        """The same, None when that was not asked."""
        return self.value(name) if name in cast(_Plan, self._plan).columns else None

    def column(self, name: str) -> list[Any]:
        """The values of one column, as the database gave them."""
        if self._plan is None or not self.rows:
            return []
        place = self._plan.columns[name]
        return [row[place] for row in self.rows]

    def things(self) -> list[T]:
        """The rows as the queryset would have given them: models with what it selects along, or tuples."""
        plan = self._plan
        if plan is None:
            return []
        rows = _converted(plan, self.rows) if plan.converters else self.rows
        return cast("list[T]", list(rows) if plan.model is None else [_object(plan, row) for row in rows])

    def first(self) -> T | None:
        """The first object, None when nothing was found."""
        return next(iter(self.things()), None)


class Prepared(Generic[T]):
    """A query: `build(viewer, **values)` makes its queryset, of models or with `values_list`.

    Values are numbers, words, or lists of numbers, and stand in the queryset's conditions as they are (else a
    LookupError, the first time it is asked) or not at all: `build` must
    not look at them, nor at the clock, whose time would be kept with the SQL, nor at anything of the viewer but their
    id, organization, center and whether they are active and administer the network. `apart` names columns that are no
    part of an answer's key. With `planned_anew` the database looks at the values each time before it chooses how to
    answer.
    """

    def __init__(
        self, build: Callable[..., "QuerySet[Any, T]"], *, apart: Sequence[str] = (), planned_anew: bool = False
    ) -> None:
        self._build = build
        self._apart = apart
        self._planned_anew = planned_anew
        self._plans: dict[Hashable, _Plan | None] = {}

    def __call__(self, viewer: Member | None = None, **values: Value) -> Answer[T]:
        """Ask. An empty list finds nothing."""
        shape = _shape(viewer, values)
        if shape is None:
            return Answer(None, [])
        if shape not in self._plans:
            self._plans[shape] = self._planned(viewer, values)
        plan = self._plans[shape]
        if plan is None:
            return Answer(None, [])
        given: dict[str, Any] = values if viewer is None else values | _of(viewer)
        connection = connections[plan.alias]
        if not self._planned_anew:
            return Answer(plan, answered(connection, plan.sql, _bound(plan, given)))
        with connection.cursor() as cursor:
            cursor.execute(plan.sql, _bound(plan, given))
            return Answer(plan, cursor.fetchall())

    def _planned(self, viewer: Member | None, values: dict[str, Value]) -> _Plan | None:
        numbers = iter(range(_FIRST_STAND_IN, 2**31))
        stand_ins = {name: _stand_in(name, value, numbers) for name, value in values.items()}
        known: dict[Any, tuple[str, int]] = {}
        for name, stand_in in stand_ins.items():
            several = stand_in if isinstance(stand_in, list) else [stand_in]
            known |= {each: (name, place) for place, each in enumerate(several)}
        if viewer is None:
            queryset = self._build(**stand_ins)
        else:
            somebody = _somebody(viewer, numbers)
            known |= {value: (name, 0) for name, value in _of(somebody).items() if value is not None}
            queryset = self._build(somebody, **stand_ins)
        plan = _plan(queryset, known, self._apart)
        if plan is not None:
            _check(plan, known)
            _write_constants(plan)
        return plan


def asked(queryset: "QuerySet[Any, T]") -> Answer[T]:
    """The answer to a query that is asked in too many shapes to keep its SQL."""
    plan = _plan(queryset, {}, ())
    if plan is None:
        return Answer(None, [])
    with connections[plan.alias].cursor() as cursor:
        cursor.execute(plan.sql, plan.params)
        return Answer(plan, cursor.fetchall())


def _shape(viewer: Member | None, values: dict[str, Value]) -> Hashable:
    """What decides how the SQL looks; None when one of the lists is empty."""
    sizes: list[str | int] = []
    for name, value in values.items():
        sizes.append(name)
        if not isinstance(value, int | str):
            if not value:
                return None
            sizes.append(_size(len(value)))
    if viewer is None:
        return tuple(sizes)
    return (viewer.is_active, viewer.is_superuser, viewer.center_id is None, *sizes)


def _size(length: int) -> int:
    """How many places a list gets: so many that lists of all lengths need few different queries."""
    return 1 << (length - 1).bit_length()


def _of(viewer: Member) -> dict[str, int | None]:
    return {"viewer": viewer.pk, "viewer's organization": viewer.organization_id, "viewer's center": viewer.center_id}


def _somebody(viewer: Member, numbers: Iterator[int]) -> Member:
    return Member(
        pk=next(numbers),
        organization_id=next(numbers),
        center_id=None if viewer.center_id is None else next(numbers),
        is_active=viewer.is_active,
        is_superuser=viewer.is_superuser,
    )


def _stand_in(name: str, value: Value, numbers: Iterator[int]) -> Value:
    if isinstance(value, str):
        return _WORD % name
    if isinstance(value, int):
        return next(numbers)
    return [next(numbers) for _place in range(_size(len(value)))]


def _check(plan: _Plan, known: dict[Any, tuple[str, int]]) -> None:
    """A value that stands in the SQL in another form would be that of whoever asked first, for everybody."""
    given = {at for at, *_value in plan.places}
    left = [plan.sql, *(str(param) for at, param in enumerate(plan.params) if at not in given)]
    for stand_in, (name, _place) in known.items():
        if any(str(stand_in) in text for text in left):
            raise LookupError(f"{name} does not stand in the query as it is")


def _write_constants(plan: _Plan) -> None:
    """Put what the query itself says into its text, so that only the values are given each time.

    A constant beside a partial index is looked at before the database chooses how to answer: SQLite, given it as a
    value, makes the whole statement anew whenever it is asked, and PostgreSQL cannot use the index for all values.
    """
    given = {at for at, *_value in plan.places}
    written = {at: text for at, param in enumerate(plan.params) if at not in given and (text := _literal(param, plan))}
    places = iter(range(len(plan.params)))

    def put(mark: re.Match[str]) -> str:
        return "%%" if mark[0] == "%%" else written.get(next(places), "%s")

    plan.sql = _MARKS.sub(put, plan.sql)
    left = [at for at in range(len(plan.params)) if at not in written]
    plan.places = [(left.index(at), name, place, kind) for at, name, place, kind in plan.places]
    plan.params = [plan.params[at] for at in left]


def _literal(value: object, plan: _Plan) -> str | None:
    """The constant as SQL; None for one that is left to the driver."""
    if isinstance(value, bool):
        named = connections[plan.alias].vendor == "postgresql"
        return str(value).upper() if named else str(int(value))
    if isinstance(value, int):
        return f"({int.__repr__(value)})" if value < 0 else int.__repr__(value)
    if isinstance(value, str) and _PLAIN_WORD.fullmatch(value):
        return f"'{value!s}'"
    return None


def _plan(queryset: "QuerySet[Any, Any]", known: dict[Any, tuple[str, int]], apart: Sequence[str]) -> _Plan | None:
    compiler: Any = queryset.query.get_compiler(using=queryset.db)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    params = list(params)
    places = [
        (at, *known[param], type(param))
        for at, param in enumerate(params)
        if isinstance(param, int | str) and param in known
    ]
    converters = compiler.get_converters([each[0] for each in compiler.select[: compiler.col_count]])
    columns = _columns(compiler, queryset)
    shared = _all_but({columns[name] for name in apart}, compiler.col_count)
    if compiler.connection.vendor == "sqlite":
        sql = _with_times_as_text(sql, compiler)
    else:
        converters |= _from_words(compiler)
    plan = _Plan(queryset.db, sql, params, places, converters, shared, columns)
    if queryset._iterable_class is ModelIterable:
        shown = compiler.klass_info["select_fields"]
        start, end = shown[0], shown[-1] + 1
        plan.model = compiler.klass_info["model"]
        plan.fields = start, end, [each[0].target.attname for each in compiler.select[start:end]]
        plan.populators = get_related_populators(  # type: ignore[call-arg]  # (the stubs know a later Django)
            compiler.klass_info, compiler.select, queryset.db
        )
        plan.annotations = dict(compiler.annotation_col_map or {})
    return plan


def _with_times_as_text(sql: str, compiler: Any) -> str:
    """SQLite's driver makes a time of every text in a column of times; the plus hides the column's type from it.

    So only the rows that become objects have their times read, by the field's own converter.
    """
    for expression, (column, _params), _alias in compiler.select[: compiler.col_count]:
        if isinstance(expression, Col) and isinstance(expression.target, DateTimeField):
            sql = sql.replace(column, f"+{column}", 1)
    return sql


def _from_words(compiler: Any) -> dict[int, Any]:
    """PostgreSQL's driver gives times as words too, when it is asked for that."""
    shown = compiler.select[: compiler.col_count]
    return {
        place: ([_time], expression)
        for place, (expression, _sql, _alias) in enumerate(shown)
        if isinstance(expression.output_field, DateTimeField)
    }


def _time(value: str | datetime | None, _expression: object, _connection: object) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _all_but(apart: set[int], count: int) -> Callable[[Row], Hashable]:
    kept = [place for place in range(count) if place not in apart]
    return itemgetter(slice(len(kept))) if kept == list(range(len(kept))) else itemgetter(*kept)


def _columns(compiler: Any, queryset: "QuerySet[Any, Any]") -> dict[str, int]:
    """Where the columns of the queryset's own model and its annotations are."""
    own = {
        each[0].target.attname: place
        for place, each in reversed(list(enumerate(compiler.select[: compiler.col_count])))
        if getattr(each[0], "alias", "") == queryset.model._meta.db_table
    }
    return own | dict(compiler.annotation_col_map or {})


def _bound(plan: _Plan, values: dict[str, Any]) -> list[Any]:
    params = plan.params.copy()
    for at, name, place, kind in plan.places:
        value = values[name]
        if value.__class__ is list:
            value = value[place] if place < len(value) else value[-1]
        params[at] = value if kind is value.__class__ else kind(value)
    return params


def _converted(plan: _Plan, rows: list[Row]) -> Iterator[Row]:
    connection = connections[plan.alias]
    for row in rows:
        values = list(row)
        for place, (converters, expression) in plan.converters.items():
            for convert in converters:
                values[place] = convert(values[place], expression, connection)
        yield tuple(values)


def _object(plan: _Plan, row: Row) -> Model:
    start, end, names = plan.fields
    made: Model = cast("type[Model]", plan.model).from_db(plan.alias, names, row[start:end])
    for populator in plan.populators:
        populator.populate(row, made)
    for name, place in plan.annotations.items():
        setattr(made, name, row[place])
    return made


def held(thing: Model, name: str, rows: list[Any]) -> None:
    """Give a model what one of its relations holds, as `prefetch_related` would."""
    relation = getattr(thing, name).get_queryset()
    relation._result_cache = rows
    relation._prefetch_done = True
    cast("Any", thing).__dict__.setdefault("_prefetched_objects_cache", {})[name] = relation
