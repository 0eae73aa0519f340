"""Files that say who works when, as the rota of a team (R68, R69)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from simsocial.config.csv_files import CsvFile
from simsocial.config.files import FileOfInstants
from simsocial.config.locating import dotted
from simsocial.config.resolve.replays import interval_length
from simsocial.config.resolve.size import fits
from simsocial.config.resolve.spot import Spot
from simsocial.config.resolve.world import World
from simsocial.config.rotas import HeadcountByInterval
from simsocial.config.rotas import Rota as WrittenRota
from simsocial.config.scalar import listing, shown
from simsocial.errors import Fault, InputError
from simsocial.model.rota import ON_DUTY, PAID, Activity, Rota
from simsocial.units import DAY, NEVER, format_duration

Ticks = npt.NDArray[np.int64]

KNOWN = {activity.value: activity for activity in Activity}


def resolve_rota(written: WrittenRota, *, team: str, world: World, spot: Spot) -> Rota:
    """Read the rota of a team: agents by name, in the order in which the file first names them.

    Raises
    ------
    InputError
        What is wrong with the file.
    """
    file = _read(written, world, spot)
    if written.date is None:
        start, end = _stretches(file, written.start, written.end, written, world)
    else:
        start, end = _dated(file, written.date, written, world)
    names = [" ".join(text.split()) for text in file.columns[written.agent]]
    nobody = [row for row, name in enumerate(names) if not name]
    file.refuse(written.agent, [(row, "write who works then (got nothing)") for row in nobody])
    _refuse_overlaps(file, written.agent, names, start, end, world)
    activities = _activities(file, written)
    mine = _of_team(file, written, team)
    _refuse_doubles(file, team, names, [row for row in mine if activities[row] is Activity.ON_DUTY], world)
    agents = list(dict.fromkeys(names[row] for row in mine))
    number = {name: place for place, name in enumerate(agents)}
    file.notes.append(f"agents: {len(agents):,}")
    paid = [row for row in mine if activities[row] in PAID]
    who = np.array([number[names[row]] for row in paid], dtype=np.int64)
    order = np.lexsort((start[paid], who))
    rows = np.array(paid, dtype=np.int64)[order]
    return Rota(tuple(agents), who[order], start[rows], end[rows], np.array([PAID[activities[row]] for row in rows]))


def _read(written: WrittenRota, world: World, spot: Spot) -> CsvFile:
    columns = {getattr(written, key): key for key in ("agent", "start", "end", "activity")}
    columns |= dict.fromkeys(written.rows, "rows") | ({written.date: "date"} if written.date else {})
    optional = {} if written.rows else {written.team: "team"}
    return world.read(written.file, columns, spot / "file", optional=optional)


def resolve_headcounts(written: HeadcountByInterval, *, world: World, spot: Spot) -> Rota | None:
    """Read how many people are on duty in each interval: agent k (from 0) while more than k are (R69).

    Returns
    -------
    Rota or None
        ``None`` when a fault was noted.

    Raises
    ------
    InputError
        What is wrong with the file.
    """
    ends = {} if written.interval else {written.end: "end"}
    columns = {written.start: "start", written.headcount: "headcount"}
    file = world.read(written.file, columns, spot / "file", optional=ends, decimal=written.decimal)
    heads = file.numbers(written.headcount, low=0, whole=True).astype(np.int64)
    if written.end in file.columns:
        start, end = _stretches(file, written.start, written.end, written, world)
        order = np.argsort(start, kind="stable")
        _refuse_overlaps(file, written.start, [""] * len(start), start, end, world)
        start, end, heads = start[order], end[order], heads[order]
    else:
        start = world.span.ticks(file.instants(written.start, clock=world.clock(written)))
        length = interval_length(written.interval, start, spot / "interval")
        if length is None:
            return None
        start, heads = _first_of_each(file, start, heads)
        end = np.minimum(start + length, np.append(start[1:], NEVER))
        file.notes.append(f"intervals of {format_duration(length)}")
    _tell_gaps(file, start, end)
    shifts = float(np.diff(heads, prepend=0).clip(min=0).sum())
    if not fits("shifts worked", shifts, "write fewer people or intervals", spot / "file"):
        return None
    return _first_come_last_gone(start, end, heads)


def _dated(file: CsvFile, date: str, written: WrittenRota, world: World) -> tuple[Ticks, Ticks]:
    """Return where rows begin and end by clock times on a date; what would end before it begins ends on the next."""
    clock, texts = world.clock(written), [text.strip() for text in file.columns[written.end]]
    midnight = np.array([re.fullmatch(r"24:00(:00)?", text) is not None for text in texts])
    ends = ["00:00" if late else text for text, late in zip(texts, midnight, strict=True)]
    dated = replace(file, columns={**file.columns, written.end: ends})
    dated = dated.joined(date, written.start).joined(date, written.end)
    start, end = (
        world.span.ticks(dated.instants(name, ascending=False, clock=clock)) for name in (written.start, written.end)
    )
    nothing = np.flatnonzero((start == end) & ~midnight).tolist()
    file.refuse(written.end, [(row, f"ends when it begins (got {shown(texts[row])})") for row in nothing])
    return start, np.where((end < start) | midnight, end + DAY, end)


def _stretches(file: CsvFile, start: str, end: str, written: FileOfInstants, world: World) -> tuple[Ticks, Ticks]:
    clock = world.clock(written)
    begin, finish = (world.span.ticks(file.instants(name, ascending=False, clock=clock)) for name in (start, end))
    texts = zip(file.columns[start], file.columns[end], strict=True)
    said = [(row, f"ends before it begins (got {b} to {e}); a shift over midnight ends on the next date")
            for row, (b, e) in enumerate(texts) if finish[row] <= begin[row]]  # fmt: skip
    file.refuse(end, said)
    return begin, finish


def _refuse_overlaps(file: CsvFile, column: str, names: Sequence[str], start: Ticks, end: Ticks, world: World) -> None:
    """Refuse rows of one name that overlap, whatever they say is done then."""
    by_name = sorted(range(len(names)), key=lambda row: (names[row], start[row], row))
    wrong: list[tuple[int, str]] = []
    latest = by_name[0]
    for row in by_name[1:]:
        if names[latest] == names[row] and start[row] < end[latest]:
            first, second = sorted((latest, row))
            spell = f"{world.span.when(start[first]):%Y-%m-%d %H:%M} to {world.span.when(end[first]):%Y-%m-%d %H:%M}"
            whose = f" of {names[row]}" if names[row] else ""
            wrong.append((second, f"overlaps line {file.lines[first]}{whose}, {spell}; write one after the other"))
        if names[latest] != names[row] or end[row] > end[latest]:
            latest = row
    file.refuse(column, sorted(wrong))


def _activities(file: CsvFile, written: WrittenRota) -> list[Activity]:
    """Return what is done in each row; words of the file's own mean what the config says they do."""
    meaning = {**KNOWN, **{_word(own): KNOWN[known] for own, known in written.activities.items()}}
    texts = file.columns[written.activity]
    unknown = Counter(" ".join(text.split()) for text in texts if _word(text) not in meaning)
    if unknown:
        words = ", ".join(f"{shown(word)} ({count:,})" for word, count in unknown.most_common())
        table = {shown(word): shown(known) for word, known in written.activities.items()}
        table |= {shown(word): '"…"' for word in unknown if word}
        pairs = ", ".join(f"{word} = {known}" for word, known in table.items())
        how = file.named.saying({"activities": f"{{ {pairs} }}"})
        told = f"unknown activities: {words}; write {how}, each one of {listing(tuple(KNOWN))}"
        raise InputError(Fault(told, file.spelled[written.activity], file.path))
    return [meaning[_word(text)] for text in texts]


def _word(text: str) -> str:
    return " ".join(text.split()).casefold()


def _of_team(file: CsvFile, written: WrittenRota, team: str) -> list[int]:
    """Return the rows of a team: those that the config chooses, or with its name; all when the file names no teams."""
    rows = {name: (word,) if isinstance(word, str) else word for name, word in written.rows.items()}
    if not rows and written.team not in file.columns:
        return list(range(len(file.lines)))
    mine = set(file.having(rows or {written.team: (team,)}, missing=_no_team(file, written)).lines)
    return [row for row, line in enumerate(file.lines) if line in mine]


def _no_team(file: CsvFile, written: WrittenRota) -> str:
    """Return what to do where a file has no row of a team."""
    if written.rows:
        return "write words that are there"
    teams = {text.strip() for text in file.columns[written.team]}
    word = shown(teams.pop() if len(teams) == 1 else "…")
    rows = f"{{ {dotted([file.spelled[written.team]])} = {word} }}"
    return f"call the team as the file does, or write {file.named.saying({'rows': rows})}"


def _refuse_doubles(file: CsvFile, team: str, names: Sequence[str], duties: Sequence[int], world: World) -> None:
    """Refuse rows on duty that another team has already taken: nobody works in two teams at once."""
    taken = world.on_duty.setdefault(file.rows.path, {})
    twice = next((row for row in duties if file.lines[row] in taken), None)
    if twice is not None:
        line = file.lines[twice]
        told = f"{names[twice]} would be on duty in {taken[line]} and in {team} at the same time"
        rows = file.named.saying({"rows": '{ … = "…" }'})
        how = f"write whose row it is in a column 'team', or {rows}"
        raise InputError(Fault(f"{told}; {how}", file=file.path, line=line))
    taken.update((file.lines[row], team) for row in duties)


def _first_of_each(file: CsvFile, start: Ticks, heads: Ticks) -> tuple[Ticks, Ticks]:
    """Keep the first of two intervals that begin at the same time on the desk's clock, which is put back in autumn."""
    if (np.diff(start) > 0).all():
        return start, heads
    file.notes.append("clocks are put back: of the hour that comes twice the first counts")
    once, first = np.unique(start, return_index=True)
    return once, heads[first]


def _tell_gaps(file: CsvFile, start: Ticks, end: Ticks) -> None:
    gaps = start[1:] - end[:-1]
    long = f", with nobody, the longest of {format_duration(int(gaps.max()))}" if (gaps > 0).any() else ""
    file.notes.append(f"gaps: {int((gaps > 0).sum()):,}{long}")


def _first_come_last_gone(start: Ticks, end: Ticks, heads: Ticks) -> Rota:
    """Put agent k on duty in the stretches in which more than k are: of those there, the last to come goes first."""
    spells = [_runs(start, end, heads > number) for number in range(int(heads.max(initial=0)))]
    agent = np.repeat(np.arange(len(spells)), [len(begin) for begin, _ in spells])
    nothing = np.array([], dtype=np.int64)
    begin, finish = (np.concatenate([nothing, *(spell[side] for spell in spells)]) for side in (0, 1))
    names = tuple(str(number) for number in range(len(spells)))
    return Rota(names, agent, begin, finish, np.full_like(agent, ON_DUTY))


def _runs(start: Ticks, end: Ticks, there: npt.NDArray[np.bool_]) -> tuple[Ticks, Ticks]:
    """Return the stretches of the intervals in which somebody is there, those that touch as one."""
    begin, finish = start[there], end[there]
    apart = begin[1:] > finish[:-1]
    first, last = np.append(True, apart), np.append(apart, True)
    return begin[first[: len(begin)]], finish[last[: len(finish)]]
