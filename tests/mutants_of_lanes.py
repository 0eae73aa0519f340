"""Lanes engines that get one thing wrong, by the cases that show it; each name says what it does instead."""

from __future__ import annotations

from typing import Final

from wrong_lanes import wrong

# ---- shown by small cases, each alone --------------------------------------------------------------------------------

DISPATCH: Final = {
    "highest agent first": wrong(
        "duty",
        "slot_agent = np.repeat(np.arange(len(roster.team)), roster.slots)",
        "slot_agent = np.repeat(np.arange(len(roster.team)), roster.slots)[::-1]",
    ),
    "lowest slot of the first ranking": wrong(
        "kernel", "(keys & ~self.keys.mask) | self.duty.row_slot[self.state.roster[lane], row]", "keys"
    ),
    "last ranking names": wrong(
        "kernel", "for place in reversed(range(len(self.asked) - 1)):", "for place in range(len(self.asked) - 1):"
    ),
    "rank backwards": wrong("ranks", "by_due[number, of_group] = where,", "by_due[number, of_group] = 99 - where,"),
    "no preference": wrong("ranks", "steps[queue].prefer.index(ranking.team)", "ranking.team"),
    "preferred though busy": wrong("kernel", "idle = keys <= latest", "idle = keys < NO_KEY"),
    "queues by due instant wait as one": wrong("ranks", "np.where(by_due.any(axis=0), ", "np.where(False, "),
    "queues wait as one that only the first ranking treats alike": wrong(
        "ranks", "np.column_stack((place.T, ", "np.column_stack((place.T[:, :1], "
    ),
    "due order is fifo": wrong("ranks", "where, group.order is Order.DUE", "where, False"),
    "fifo order is due": wrong("ranks", "where, group.order is Order.DUE", "where, True"),
    "due ties by the last message": wrong(
        "ranks", "np.where(first, records, NO_KEY)", "np.where(first, -records, NO_KEY)"
    ),
    "fresh before late at one instant": wrong(
        "state",
        "self.heads[place] = np.minimum(fresh, self.late.head.take(place))",
        "late, bits = self.late.head.take(place), self.keys.bits\n"
        "        self.heads[place] = np.where(late >> bits < fresh >> bits, late, fresh)",
        "self.heads[place] = np.minimum(self.heads.take(place), key)",
        "head, bits = self.heads.take(place), self.keys.bits\n"
        "        self.heads[place] = np.where(key >> bits < head >> bits, key, head)",
    ),
}

PEOPLE: Final = {
    "window end inside": wrong(
        "kernel", "changes = state.next_instant <= start", "changes = state.next_instant < start"
    ),
    "starts before the change of windows": wrong("kernel", "np.maximum(start, self.state.now, out=start)", "pass"),
    "idle since the stretch": wrong(
        "state",
        "when = np.maximum(since, self.busy[slot, lanes])",
        "busy = self.busy[slot, lanes]; when = np.where(busy > self.now[lanes], busy, since)",
    ),
    "idle since the window": wrong(
        "duty", "first[1:] = (roster.agent[1:] != roster.agent[:-1]) | (roster.start[1:] != roster.end[:-1])", "pass"
    ),
    "pace of the window behind": wrong(
        "duty", "np.append(roster.pace, 1.0)", "np.append(np.roll(roster.pace, -1), 1.0)"
    ),
    "pace of the window before": wrong(
        "duty", "np.append(roster.pace, 1.0)", "np.append(np.roll(roster.pace, 1), 1.0)"
    ),
    "quality of the window before": wrong(
        "duty", "np.append(roster.quality, 1.0)", "np.append(np.roll(roster.quality, 1), 1.0)"
    ),
    "quality of the window behind": wrong(
        "duty", "np.append(roster.quality, 1.0)", "np.append(np.roll(roster.quality, -1), 1.0)"
    ),
    "nobody errs": wrong(
        "tables",
        "self._table([duty.quality for duty in self.each], 1.0)",
        "self._table([duty.quality for duty in self.each], 0.5)",
    ),
    "nobody takes longer": wrong(
        "tables",
        "self._table([duty.pace for duty in self.each], 1.0)",
        "self._table([duty.pace for duty in self.each], 1.5)",
    ),
    "windows join whatever the pace": wrong(
        "duty", "(roster.pace, roster.quality, roster.serves)", "(roster.quality, roster.serves)"
    ),
    "windows join whatever the quality": wrong(
        "duty", "(roster.pace, roster.quality, roster.serves)", "(roster.pace, roster.serves)"
    ),
    "windows join whatever they serve": wrong(
        "duty", "(roster.pace, roster.quality, roster.serves)", "(roster.pace, roster.quality)"
    ),
    "windows join over breaks": wrong("duty", "| (roster.start[1:] != roster.end[:-1])\n    for", "\n    for"),
    "overrun forgotten at a change of windows": wrong("state", "if self.windows_change:", "if False:"),
    "nothing suspends": wrong(
        "routing", "np.array([step.suspend for step in steps])", "np.array([False for step in steps])"
    ),
    "suspended at the end of its window": wrong("duty", "bisect_left(done, wanted)", "bisect_right(done, wanted)"),
}

TICKS: Final = {
    "halves round up": wrong("work", "np.rint(work)", "np.floor(work + 0.5)"),
    "work factor at joining": wrong(
        "work",
        "self.steps.work_factor.at(starts.queue, starts.start)",
        "self.steps.work_factor.at(starts.queue, starts.key >> self.state.keys.bits)",
    ),
    "horizon inside": wrong(
        "state",
        "self.stop = np.minimum(self.next_instant, self.horizon)",
        "self.stop = np.minimum(self.next_instant, self.horizon + 1)",
        "np.minimum(self.next_instant[lanes], self.horizon[lanes])",
        "np.minimum(self.next_instant[lanes], self.horizon[lanes] + 1)",
    ),
    "joins at the horizon": wrong(
        "kernel", "joins < self.state.horizon_of(starts.lane)", "joins <= self.state.horizon_of(starts.lane)"
    ),
    "triage at every visit": wrong(
        "straight",
        "np.where(stage.before == 0, self.drawn.triage[stage.message], 0)",
        "self.drawn.triage[stage.message]",
    ),
    "noise takes all work": wrong("straight", "work[~self.drawn.actionable[stage.message]] = 0", "pass"),
}

LEAVING: Final = {
    "gone at the tick": wrong(
        "kernel",
        "gone = (row[:, LEAVES] < begun)",
        "gone = (row[:, LEAVES] <= begun)",
    ),
    "gone a tick later": wrong(
        "kernel",
        "gone = (row[:, LEAVES] < begun)",
        "gone = (row[:, LEAVES] < begun - 1)",
    ),
    "leaves before it comes": wrong(
        "kernel", "np.maximum(row[gone, LEAVES], starts.key.take(gone) >> self.keys.bits)", "row[gone, LEAVES]"
    ),
    "leaves before it comes, unnoticed till the end": wrong(
        "kernel", "np.maximum(leaves, joined), NEVER)", "leaves, NEVER)"
    ),
    "expiry before patience": wrong(
        "straight", "patience <= columns.leaves[its_place]", "patience < columns.leaves[its_place]"
    ),
    "patience at every queue": wrong(
        "straight",
        "columns.leaves[its_place] = patience",
        "columns.leaves[place] = np.minimum(columns.leaves[place], self.drawn.patience_ends[stage.message])",
    ),
    "expiry at the first visits only": wrong("sent_back", "if step.expires_after < NEVER:", "if False:"),
    "expiry at the first step only": wrong(
        "straight",
        "columns.leaves[place] = np.minimum(self.drawn.arrival[stage.message] + step.expires_after, NEVER)",
        "columns.leaves[its_place] = np.minimum(arrival + step.expires_after, NEVER)",
    ),
}

REVIEWS: Final = {
    "equality rejects": wrong(
        "work", "np.where(possible, chance, 1.0) < judged)", "np.where(possible, chance, 1.0) <= judged)"
    ),
    "reject factor at joining": wrong(
        "work",
        "self.steps.reject_factor.at(queue, starts.start.take(at))",
        "self.steps.reject_factor.at(queue, starts.key.take(at) >> self.state.keys.bits)",
    ),
    "quality is forgotten": wrong("work", "cargo[number[judged], judged] = ", "cargo[:0, judged] = "),
    "author corrects nothing": wrong("work", "cargo[number[mine], mine] = 1.0", "pass"),
    "author takes no time": wrong("kernel", "if self.packed.any_delay:", "if False:"),
    "one round more": wrong(
        "sent_back", "now.visits[:, where] >= rule.max_rounds", "now.visits[:, where] > rule.max_rounds"
    ),
    "one round more for a first rejection": wrong("straight", "rule.max_rounds > 1", "rule.max_rounds > 0"),
    "rework is no round": wrong("sent_back", "last = now.visits[:, where]", "last = now.own[:, where]"),
    "own work is counted with rework": wrong(
        "sent_back", "now.own[rows, now.step] += ~now.rework", "now.own[rows, now.step] += 1"
    ),
    "surely rejected at equality": wrong("sent_back", "uniform / least >= worst", "uniform / least > worst"),
    "surely passed, as if all were of quality 1": wrong("sent_back", "uniform / most < best", "uniform / most < 1"),
    "published a step early": wrong(
        "straight", "if later <= self.route.published_after", "if later < self.route.published_after"
    ),
    "published a step early after a rejection": wrong(
        "sent_back", "message) > self.route.published_after", "message) >= self.route.published_after"
    ),
    "publication moves": wrong(
        "told",
        "np.minimum.at(self.published, message[publishes], happened.end[publishes])",
        "self.published[message[publishes]] = happened.end[publishes]",
    ),
    "the number inside the pool is kept by nobody": wrong(
        "late", "self.pool_cargo[:, place, number] = self.pool_cargo[:, place, last]", "pass"
    ),
}

# ---- shown by other cases --------------------------------------------------------------------------------------------

EQUALS: Final = {
    "halves known beforehand round up": wrong(
        "packed",
        "np.rint(work * steps.work_factor.first[queue])",
        "np.floor(work * steps.work_factor.first[queue] + 0.5)",
    ),
    "equality known beforehand rejects": wrong(
        "packed", "np.where(possible, chance, 1.0) < 1.0)", "np.where(possible, chance, 1.0) <= 1.0)"
    ),
}

A_DEAD_HEAD: Final = {
    "the dead hide the others": wrong("kernel", "return np.where(gone, BEFORE_ALL, due[record])", "return due[record]"),
}

OTHER_PREFERENCES: Final = {
    "queues wait as one whatever they prefer": wrong(
        "ranks", "np.column_stack((place.T, preference, alone))", "np.column_stack((place.T, alone))"
    ),
}

MANY_QUEUES: Final = {
    "nine ready queues in eight bits": wrong("ranks", "np.uint8 if lines <= 8 else np.uint16", "np.uint8"),
}

COMPANY: Final = {
    "records of the lane before": wrong("state", '"record_start", ', ""),
    "horizon of the lane before": wrong("state", '("lane", "horizon", ', '("lane", '),
    "roster of the lane before": wrong("state", '"roster", ', ""),
    "windows of the lane before": wrong("state", '"instant", "next_instant", "stop")', '"next_instant", "stop")'),
    "now of the lane before": wrong("state", '"now", ', ""),
    "messages of the first lane": wrong(
        "tables", "numbers[id(lane.messages)] for lane in lanes", "0 for lane in lanes"
    ),
    "one roster for all": wrong("tables", "numbers[id(lane.roster)] for lane in lanes", "0 for lane in lanes"),
}

FIRST_OF_EQUALS: Final = {
    "qualities of the first lane alone": wrong(
        "tables",
        "for roster in {id(lane.roster): lane.roster for lane in lanes}.values():",
        "for roster in [lanes[0].roster]:",
    ),
}

OVERLOAD: Final = {
    "rings grow unrolled": wrong(
        "late",
        "order = (np.arange(self.ring.shape[1]) + self.first[:, None]) % self.ring.shape[1]",
        "order = (np.arange(self.ring.shape[1]) + 0 * self.first[:, None])",
    ),
    "rings grow without their cargo": wrong(
        "late", "np.take_along_axis(self.ring_cargo, order[None], axis=2)", "self.ring_cargo"
    ),
    "rings begin anywhere after growing": wrong("late", "self.first[:] = 0", "pass"),
    "rings are full eight visits later": wrong(
        "late",
        "(self.in_ring[place] + moved).max() > self.ring.shape[1]",
        "(self.in_ring[place] + moved).max() > self.ring.shape[1] + 8",
    ),
    "rings take everybody": wrong(
        "late", "moved = (keys <= joined[:, None]).sum(axis=1)", "moved = (keys < NO_KEY).sum(axis=1)"
    ),
    "rings are filled unsorted": wrong("late", "order = keys.argsort(axis=1)", "order = (keys & 1).argsort(axis=1)"),
    "rings are filled with unsorted cargo": wrong(
        "late", "np.take_along_axis(self.pool_cargo[:, place], order[None], axis=2)", "self.pool_cargo[:, place]"
    ),
    "who waits in a ring is lost": wrong(
        "late", "% length < self.in_ring[place]", "% length < 0 * self.in_ring[place]"
    ),
    "a ring's cargo is that of the next": wrong(
        "late",
        "cargo = self.ring_cargo[:, place, first]",
        "cargo = self.ring_cargo[:, place, (first + 1) % self.ring.shape[1]]",
    ),
}

PEAK: Final = {
    "the last in a ring is overlooked": wrong(
        "late",
        "(left == 0).nonzero()",
        "(left <= 1).nonzero()",
    ),
}

SLOW_AUTHORS: Final = {
    "pools grow without their cargo": wrong(
        "late",
        "self.pool, self.pool_cargo = _doubled(self.pool, NO_KEY), _doubled(self.pool_cargo, 1.0)",
        "self.pool = _doubled(self.pool, NO_KEY); self.pool_cargo = np.ones((self.carried, *self.pool.shape))",
    ),
}
