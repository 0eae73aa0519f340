"""Lanes engines whose loop for few lanes gets one thing wrong, by the cases that show it."""

from __future__ import annotations

from typing import Final

from wrong_lanes import wrong

# ---- shown by small cases, each alone --------------------------------------------------------------------------------

SMALL: Final = {
    "last ranking names": wrong("alone", "can.index(latest)", "len(can) - 1 - can[::-1].index(latest)"),
    "starts before the change of windows": wrong(
        "alone_ranks", "max(first, self.idle[ranking][0], earliest)", "max(first, self.idle[ranking][0])"
    ),
    "goes on to start before the change of windows": wrong(
        "alone", "(since if since > earliest else earliest) | mask", "since | mask"
    ),
    "gone at the tick": wrong("alone", "if leaves[record] < latest:", "if leaves[record] <= latest:"),
    "after one who left comes another": wrong("alone", "if head <= latest:", "if True:"),
    "ready lines in any order": wrong("alone_ranks", "if self.heads[line] <= latest)", ")"),
    "leaves before it comes": wrong("alone", "np.maximum(leaves, key >> self.bits)", "leaves"),
    "joins at the horizon": wrong("alone", "key >> self.bits < self.horizon", "key >> self.bits <= self.horizon"),
    "author takes no time": wrong("alone", "end + work.delay(record) if rejected else end", "end"),
    "author takes no time, as is foreseen": wrong(
        "alone_work", "np.where(foreseen.rejected[record], self.rows[record, DELAY], 0)", "(0 * record)"
    ),
    "who passes waits for the author": wrong(
        "alone_work", "np.where(foreseen.rejected[record], self.rows[record, DELAY], 0)", "self.rows[record, DELAY]"
    ),
    "work behind a rejection goes on as if passed": wrong("alone_work", "REJECTED if rejected else PASSED", "PASSED"),
    "nothing is behind a visit that is foreseen": wrong("alone", "if record in behind:", "if False:"),
    "rejections that are foreseen are forgotten": wrong(
        "alone", "self.work.foretold.copy()", "self.work.foretold & False"
    ),
    "all is foreseen of who carries qualities": wrong(
        "alone_foreseen", "settled & ((behind < 0) | ~steps.carries.take(queue))", "settled"
    ),
    "reviews of others' work are foreseen": wrong(
        "alone_foreseen", "(steps.judges >= 0) | ~steps.reject_factor.is_constant", "~steps.reject_factor.is_constant"
    ),
    "rejections that change are foreseen": wrong(
        "alone_foreseen", "(steps.judges >= 0) | ~steps.reject_factor.is_constant", "steps.judges >= 0"
    ),
    "work that changes is foreseen": wrong("alone_foreseen", "if not packed.ticks_known:", "if False:"),
    "nobody lays a message aside": wrong("alone_foreseen", "(steps.suspend | steps.nobody)", "steps.nobody"),
    "nobody is somebody": wrong("alone_foreseen", "(steps.suspend | steps.nobody)", "steps.suspend"),
    "no time at all": wrong("alone", "round(ticks * factor) or 1", "round(ticks * factor)"),
    "halves of what is foreseen round up": wrong("alone", "round(ticks * factor)", "int(ticks * factor + 0.5)"),
    "nobody is slow": wrong("alone", "factor = pace[row] if pace else 1", "factor = 1"),
    "nobody works": wrong("alone", "if row != people.nobody:", "if True:"),
    "overrun forgotten at a change of windows": wrong(
        "alone_people", "self.busy[self.slot_of[row]] = key >> bits", "pass"
    ),
    "who joins first is not asked for": wrong(
        "alone", "and self.lines.join(line, key):", "and not self.lines.join(line, key):"
    ),
    "late before fresh": wrong(
        "alone",
        "heads[line] = head = first_visits[-1] if first_visits[-1] < later[0] else later[0]",
        "heads[line] = head = later[0] if later[0] < BEHIND_ALL else first_visits[-1]",
        "first_visits.pop() if first_visits[-1] < later[0] else heappop(later)",
        "heappop(later) if later[0] < BEHIND_ALL else first_visits.pop()",
    ),
    "first visits unsorted": wrong("alone_lines", "keys.sort(reverse=True)", "keys.reverse()"),
    "rank backwards": wrong("alone_ranks", "key=place.__getitem__)", "key=place.__getitem__, reverse=True)"),
    "equals in any order": wrong(
        "alone", "ranks.among_equals(ranking, names[ranking], latest) if ties else names[ranking]", "names[ranking]"
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
