"""M2 as a plain Python loop over a heap of events, draws ready: what a careful programmer gets without libraries."""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush

from benchmarks.m2_futures import PROMISE, RESPONDERS, REVIEWERS, Futures

HANDLED, REVIEWED = 0, 1
NOBODY = 2**62


def run(futures: Futures) -> tuple[int, int, int, int, int, int, int]:  # noqa: C901  (one loop: calls cost time)
    """Run a replication; return what :func:`benchmarks.m2_futures.five` needs."""
    arrival, leaves, work = futures.arrival.tolist(), futures.leaves.tolist(), futures.work.tolist()
    urgent, following = futures.urgent.tolist(), futures.first_review.tolist()
    last = (futures.first_review + futures.reviews - 1).tolist()
    review_work, rework_work = futures.review_work.tolist(), futures.rework.tolist()
    horizon, size = futures.horizon, len(arrival)
    bits = max(size, 1).bit_length() + 1
    mask = (1 << bits) - 1
    rework, first, second, review = deque[int](), deque[int](), deque[int](), deque[int]()
    joined = [0] * size
    events: list[int] = []
    responders, reviewers = RESPONDERS, REVIEWERS
    prompt = left = begun = waited = reviewed = in_review = worked = 0
    at, next_arrival = 0, arrival[0] if size else NOBODY
    while True:
        if next_arrival < horizon and (not events or next_arrival < events[0] >> bits):
            now = next_arrival
            (first if urgent[at] else second).append(at)
            at += 1
            next_arrival = arrival[at] if at < size else NOBODY
        elif events:
            event = heappop(events)
            now, message = event >> bits, (event & mask) >> 1
            if event & 1 == HANDLED:
                responders += 1
                if following[message] <= last[message]:
                    joined[message] = now
                    review.append(message)
            else:
                reviewers += 1
                reviewed += 1
                in_review += now - joined[message]
                number = following[message]
                following[message] = number + 1
                if number < last[message]:
                    rework.append(message)
        else:
            break
        while responders:
            if rework:
                message = rework.popleft()
                end = now + rework_work[following[message] - 1]
            else:
                if first:
                    message = first.popleft()
                elif second:
                    message = second.popleft()
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
            if end < horizon:
                worked += end - now
                heappush(events, end << bits | message << 1 | HANDLED)
            else:
                worked += horizon - now
        while reviewers and review:
            message = review.popleft()
            reviewers -= 1
            end = now + review_work[following[message]]
            if end < horizon:
                heappush(events, end << bits | message << 1 | REVIEWED)
    left += sum(leaves[message] < horizon for queue in (first, second) for message in queue)
    return prompt, left, begun, waited, reviewed, in_review, worked
