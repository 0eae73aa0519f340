"""Rankings as one lane alone asks them: which line they name, and who takes its message (R31, R37)."""

from __future__ import annotations

from operator import itemgetter

from simsocial.engines.lanes.batch import Batch
from simsocial.engines.lanes.packed import LEAVES
from simsocial.engines.lanes.state import BEFORE_ALL


class LoneRanks:
    """The rankings that are asked, numbered in their order.

    Parameters
    ----------
    batch, number
        The lane's batch, and its place there.
    heads, idle
        By line, the key of its head; by ranking, the heap of its idle slots. Others go on changing both.

    Attributes
    ----------
    order
        By ranking, its lines, the best place first.
    of_ranking
        By ranking, what takes all that belongs to its lines out of a list by line.
    ties
        Whether any ranking has lines of equal rank.
    rankings_of, shared
        By line, the rankings that serve it, and whether they are several.
    """

    def __init__(self, batch: Batch, number: int, heads: list[int], idle: list[list[int]]) -> None:
        self.heads, self.idle, self.batch, asked = heads, idle, batch, batch.asked
        ranks, records = batch.ranks, batch.records
        self.slot_of: list[int] = batch.duty.row_slot[batch.duty.number[number]].tolist()
        self.first_record = int(records.start[records.number[number]])
        self.place, self.by_due = ranks.place[asked].tolist(), ranks.by_due[asked].tolist()
        self.preference = ranks.preference.tolist()
        pairs = zip(asked, self.place, strict=True)
        self.order = [sorted(ranks.lines_of[ranking], key=place.__getitem__) for ranking, place in pairs]
        self.of_ranking = [itemgetter(*lines, lines[0]) for lines in self.order]  # twice the first: always a tuple
        self.rankings_of = [
            [number for number, lines in enumerate(self.order) if line in lines] for line in range(len(heads))
        ]
        self.ties = ranks.ties
        self.shared = [len(rankings) > 1 for rankings in self.rankings_of]

    def next(self, ranking: int, earliest: int) -> tuple[int, int]:
        """Return the last key of the tick at which a ranking can start a visit, and the best of its lines then.

        That is the later of its first head and its first idle slot, and no earlier than ``earliest``.
        """
        first: int = min(self.of_ranking[ranking](self.heads))
        latest = max(first, self.idle[ranking][0], earliest) | self.batch.keys.mask
        return latest, self.best(ranking, latest)

    def best(self, ranking: int, latest: int) -> int:
        """Return the line with the best place among those that are ready by then."""
        return next(line for line in self.order[ranking] if self.heads[line] <= latest)

    def among_equals(self, ranking: int, line: int, latest: int) -> int:
        """Return which of the ready lines that have the place of ``line`` is named: the head that comes first."""
        place, heads = self.place[ranking], self.heads
        ready = [each for each in self.order[ranking] if place[each] == place[line] and heads[each] <= latest]
        if self.by_due[ranking][line]:
            return min(ready, key=lambda each: self._due(heads[each], latest))
        return min(ready, key=heads.__getitem__)

    def _due(self, head: int, latest: int) -> tuple[int, int]:
        """Return when a head is due, and its record; those that have left come first, as they hide the others."""
        keys, record = self.batch.keys, head & self.batch.keys.mask
        row = record + self.first_record
        gone = self.batch.packed.rows.item(row, LEAVES) < latest >> keys.bits
        assert self.batch.due is not None
        return BEFORE_ALL if gone else self.batch.due.item(row), record

    def preferred(self, line: int, latest: int) -> int:
        """Return the ranking of the slot that takes a message which several rankings serve."""
        idle = [ranking for ranking in self.rankings_of[line] if self.idle[ranking][0] <= latest]
        return min(idle, key=lambda ranking: self._turn(line, ranking))

    def _turn(self, line: int, ranking: int) -> tuple[int, int, int]:
        """Return how the line prefers a ranking's team, since when its first slot is idle, and that slot."""
        key, keys = self.idle[ranking][0], self.batch.keys
        return self.preference[line][self.batch.asked[ranking]], key >> keys.bits, self.slot_of[key & keys.mask]
