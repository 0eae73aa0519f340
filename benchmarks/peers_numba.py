"""M2 as a loop over a binary heap compiled by Numba, draws ready: what one core can do with a compiler at hand."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from benchmarks.m2_futures import PROMISE, RESPONDERS, REVIEWERS, Futures

NOBODY = 2**62


def run(futures: Futures) -> tuple[int, int, int, int, int, int, int]:
    """Run a replication; return what :func:`benchmarks.m2_futures.five` needs."""
    counted: tuple[int, int, int, int, int, int, int] = _loop(
        futures.horizon,
        futures.arrival,
        futures.leaves,
        futures.work,
        futures.urgent,
        futures.first_review.copy(),
        futures.first_review + futures.reviews - 1,
        futures.review_work,
        futures.rework,
    )
    return counted


@numba.njit
def _push(heap: Any, size: int, key: int) -> int:
    place = size
    while place > 0:
        above = (place - 1) >> 1
        if heap[above] <= key:
            break
        heap[place] = heap[above]
        place = above
    heap[place] = key
    return size + 1


@numba.njit
def _pop(heap: Any, size: int) -> int:
    """Take the first key away; the heap is one shorter then."""
    size -= 1
    key = heap[size]
    place, below = 0, 1
    while below < size:
        if below + 1 < size and heap[below + 1] < heap[below]:
            below += 1
        if heap[below] >= key:
            break
        heap[place] = heap[below]
        place, below = below, 2 * below + 1
    heap[place] = key
    return size


@numba.njit
def _loop(  # noqa: C901  (one loop, as in plain Python)
    horizon: int,
    arrival: Any,
    leaves: Any,
    work: Any,
    urgent: Any,
    following: Any,
    last: Any,
    review_work: Any,
    rework_work: Any,
) -> tuple[int, int, int, int, int, int, int]:
    size = len(arrival)
    bits = 1
    while 1 << bits <= 2 * size:
        bits += 1
    mask = (1 << bits) - 1
    heap, events = np.empty(RESPONDERS + REVIEWERS, np.int64), 0
    first, first_at, first_end = np.empty(size, np.int64), 0, 0
    second, second_at, second_end = np.empty(size, np.int64), 0, 0
    rework, rework_at, rework_end = np.empty(len(review_work), np.int64), 0, 0
    review, review_at, review_end = np.empty(len(review_work), np.int64), 0, 0
    joined = np.empty(size, np.int64)
    responders, reviewers = RESPONDERS, REVIEWERS
    prompt = left = begun = waited = reviewed = in_review = worked = 0
    at = 0
    next_arrival = arrival[0] if size else NOBODY
    while True:
        if next_arrival < horizon and (events == 0 or next_arrival < heap[0] >> bits):
            now = next_arrival
            if urgent[at]:
                first[first_end] = at
                first_end += 1
            else:
                second[second_end] = at
                second_end += 1
            at += 1
            next_arrival = arrival[at] if at < size else NOBODY
        elif events:
            now, message = heap[0] >> bits, (heap[0] & mask) >> 1
            handled = heap[0] & 1 == 0
            events = _pop(heap, events)
            if handled:
                responders += 1
                if following[message] <= last[message]:
                    joined[message] = now
                    review[review_end] = message
                    review_end += 1
            else:
                reviewers += 1
                reviewed += 1
                in_review += now - joined[message]
                number = following[message]
                following[message] = number + 1
                if number < last[message]:
                    rework[rework_end] = message
                    rework_end += 1
        else:
            break
        while responders:
            if rework_at < rework_end:
                message = rework[rework_at]
                rework_at += 1
                end = now + rework_work[following[message] - 1]
            else:
                if first_at < first_end:
                    message = first[first_at]
                    first_at += 1
                elif second_at < second_end:
                    message = second[second_at]
                    second_at += 1
                else:
                    break
                if leaves[message] < now:
                    left += 1
                    continue
                wait = now - arrival[message]
                begun += 1
                waited += wait
                prompt += wait <= PROMISE
                end = now + work[message]
            responders -= 1
            worked += min(end, horizon) - now
            if end < horizon:
                events = _push(heap, events, end << bits | message << 1)
        while reviewers and review_at < review_end:
            message = review[review_at]
            review_at += 1
            reviewers -= 1
            end = now + review_work[following[message]]
            if end < horizon:
                events = _push(heap, events, end << bits | message << 1 | 1)
    for number in range(first_at, first_end):
        left += leaves[first[number]] < horizon
    for number in range(second_at, second_end):
        left += leaves[second[number]] < horizon
    return prompt, left, begun, waited, reviewed, in_review, worked
