"""Lanes engines whose loop for few lanes gets one thing wrong, by the cases that show it."""

from __future__ import annotations

from typing import Final

from wrong_lanes import wrong

# ---- shown by small cases, each alone --------------------------------------------------------------------------------

SMALL: Final = {
    "last ranking names": wrong(
        "alone",
        "            ranking = 0\n",
        "            ranking = len(can) - 1\n",
        "latest:\n                ranking += 1",
        "latest:\n                ranking -= 1",
    ),
    "starts before the change of windows": wrong("alone", "(now if now > earliest else earliest) | mask", "now | mask"),
    "gone at the tick": wrong("alone", "leaves[key & mask] < latest >> bits", "leaves[key & mask] <= latest >> bits"),
    "leaves before it comes": wrong("alone", "max(leaves, key >> self.bits)", "leaves"),
    "joins at the horizon": wrong("alone", "if instant < self.horizon:", "if instant <= self.horizon:"),
    "author takes no time": wrong("alone", "end + work.delay[record] if rejected and work.delay else end", "end"),
    "work behind a rejection goes on as if passed": wrong(
        "alone", "work.back if rejected else work.passed", "work.passed"
    ),
    "nobody works": wrong("alone", "if row != people.nobody:", "if True:"),
    "overrun forgotten at a change of windows": wrong("alone", "people.busy[people.slot_of[row]] = end", "pass"),
    "who joins first is not asked for": wrong(
        "alone", "if self.lines.join(line, key):", "if not self.lines.join(line, key):"
    ),
    "late before fresh": wrong(
        "alone_lines", "fresh[-1] if fresh[-1] < late[0] else late[0]", "late[0] if late[0] < BEHIND_ALL else fresh[-1]"
    ),
    "first visits unsorted": wrong("alone_lines", "keys.sort(reverse=True)", "keys.reverse()"),
    "rank backwards": wrong("alone_ranks", "key=place.__getitem__)", "key=place.__getitem__, reverse=True)"),
    "equals in any order": wrong(
        "alone_ranks", "self._among_equals(ranking, line, latest) if self.ties else line", "line"
    ),
    "due order is fifo": wrong("alone_ranks", "if self.by_due[ranking][line]:", "if False:"),
    "preferred though busy": wrong("alone_ranks", " if self.idle[ranking][0] <= latest]", "]"),
    "no preference": wrong("alone_ranks", "self.preference[line][self.batch.asked[ranking]], key", "0, key"),
    "lowest slot of the first ranking": wrong("alone_ranks", "self.slot_of[key & keys.mask]\n", "0\n"),
    "window end inside": wrong(
        "alone_people", "yield now, min(end, self.horizon)", "yield now, min(end + 1, self.horizon)"
    ),
    "changed rows stay": wrong("alone_people", "if key & mask not in changed", "if True"),
    "idle since the stretch": wrong("alone_people", "max(since, self.busy[self.slot_of[row]])", "since"),
    "pace of the first window": wrong(
        "alone_people", "if not self.duty.same_pace:", "if not self.duty.same_pace and not self.pace:"
    ),
    "quality of the first window": wrong(
        "alone_people", "if not self.duty.same_quality:", "if not self.duty.same_quality and not self.quality:"
    ),
    "nothing suspends": wrong("alone_work", "if self.suspend[queue] and row != people.nobody:", "if False:"),
    "halves round up": wrong("alone_work", "round(work)", "int(work + 0.5)"),
    "no work factor": wrong("alone_work", "if not self.steps.work_factor.none:", "if False:"),
    "factors begin a tick later": wrong(
        "alone_work", "bisect_right(breaks, instant)", "bisect_right(breaks, instant - 1)"
    ),
    "equality rejects": wrong("alone_work", "/ chance < judged", "/ chance <= judged"),
    "quality is forgotten": wrong("alone_work", "cargo[number] = self.people.quality[row]", "pass"),
    "author corrects nothing": wrong("alone_work", "cargo[judges] = 1.0", "pass"),
}

A_DEAD_HEAD: Final = {
    "the dead hide the others": wrong(
        "alone_ranks", "BEFORE_ALL if gone else self.batch.due.item(row)", "self.batch.due.item(row)"
    ),
}

BACKLOGS: Final = {
    "the run begins with the first window": wrong("alone_people", "now = max(end, 0)", "now = end"),
}

LARGE: Final = {
    "keys of 64 bits": wrong("batch", "return np.int64 if self.fits else np.object_", "return np.int64"),
}
