"""Why something was late: against tallies and lateness, and by hand (R6–R8, R31, R47–R50)."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from configs_in_short import changed, resolved
from tiny import tiny
from typer.testing import CliRunner, Result

import simsocial as ss
from simsocial.cli import app
from simsocial.draw.messages import draw_messages
from simsocial.draw.roster import RosterPlan
from simsocial.measure.behind.path import paths
from simsocial.measure.behind.stages import stages
from simsocial.measure.behind.wording import closing_day
from simsocial.simulation.replication import Replication, run_replication
from simsocial.study.why import Why
from simsocial.study.why.bursts import Brought
from simsocial.study.why.message import MessageStory, message_story
from simsocial.study.why.presence import absences, presence
from simsocial.study.why.promises import all_cases
from simsocial.study.why.stage_day import PromiseDay, StageDays
from simsocial.study.why.waiting import Amount
from simsocial.units import DAY

CONFIGS = Path(__file__).parents[1] / "configs"


def simsocial(*arguments: str, code: int = 0) -> Result:
    done = CliRunner().invoke(app, list(arguments), catch_exceptions=False, env={"COLUMNS": "80"})
    assert done.exit_code == code, done.output
    return done


# ---- against the tallies and the lateness ----------------------------------------------------------------------------

BUSY = [
    "time.horizon='4 weeks'",
    "time.warmup='1 week'",
    "teams.desk.headcount=3",
    "teams.principals.headcount=1",
    "streams.mentions.promises.respond={ within = '2 h', share = 0.7, clock = 'office' }",
]
FORGIVING = ["streams.mentions.promises.first_response.grace='20 min'"]


@pytest.fixture(scope="module")
def broker() -> Replication:
    """Two streams and more, reviews, patience, a promise of a step, a warm-up and a grace."""
    origin = ss.load(CONFIGS / "broker_review.toml").origin
    assert origin is not None
    clock = next(iter(origin.config["calendars"]))
    overrides = [each.replace("'office'", f"'{clock}'") for each in (*BUSY, *FORGIVING)]
    return run_replication(ss.load(CONFIGS / "broker_review.toml", overrides=overrides), number=2)


def test_promises_told_one_by_one_add_up_to_the_tallies(broker: Replication) -> None:
    """R8, R9."""
    cases = all_cases(broker.scenario, broker.trace)
    due = [int(each.counts.sum()) for each in cases]
    missed = [int(each.broken.sum()) for each in cases]
    tallies = broker.tallies.promises
    assert due == tallies.due.sum(axis=1).tolist()
    assert missed == (tallies.due - tallies.kept).sum(axis=1).tolist()
    assert min(due) > 0
    assert sum(missed) > 100


def test_promises_to_a_backlog_are_told_as_they_are_counted() -> None:
    """R91: what was due before the start is not counted, what comes due later is, and breaks its promise or not."""
    backlog = ["time.horizon='2 weeks'", "streams.mentions.steps.respond.backlog={ count = 60, oldest = '7 days' }"]
    one = run_replication(ss.load(CONFIGS / "quickstart.toml", overrides=backlog))
    cases = all_cases(one.scenario, one.trace)
    arrival, due = one.trace.given.streams[0].arrival[cases[0].message], cases[0].due
    assert int(cases[0].counts.sum()) == int(one.tallies.promises.due[0].sum())
    assert int(cases[0].broken.sum()) == int((one.tallies.promises.due - one.tallies.promises.kept)[0].sum())
    assert (cases[0].counts & (arrival < 0)).sum() > 5, "some of the backlog is due in the run"
    assert ((arrival < 0) & (due < 0)).sum() > 5, "some was due before"
    assert not cases[0].counts[due < 0].any()


def test_a_grace_that_is_forgotten_would_be_noticed(broker: Replication) -> None:
    """Negative control: without forgiveness and warm-up the sums are others (R8, R9)."""
    streams = tuple(
        replace(stream, promises=tuple(replace(promise, grace=0) for promise in stream.promises))
        for stream in broker.scenario.streams
    )
    for wrong in (broker.scenario.but(streams=streams), broker.scenario.but(warmup=0)):
        due = [int(each.counts.sum()) for each in all_cases(wrong, broker.trace)]
        assert due != broker.tallies.promises.due.sum(axis=1).tolist()


def stage_days(replication: Replication) -> list[StageDays]:
    scenario, trace = replication.scenario, replication.trace
    cases = all_cases(scenario, trace)
    fared = paths(scenario, stages(scenario), replication.tallies, trace.roster)
    return [StageDays(scenario, trace, path, cases) for path in fared]


def test_every_late_day_has_a_reason_and_no_other(broker: Replication) -> None:
    """R49: a broken promise, or more work than can be done; each alone makes some days late."""
    found = [days.day(checkpoint) for days in stage_days(broker) for checkpoint in range(len(days.path.late))]
    broken = [any(promise.broken for promise in day.promises) for day in found]
    overloaded = [day.overloaded for day in found]
    assert [day.late for day in found] == [a or b for a, b in zip(broken, overloaded, strict=True)]
    assert {(True, False), (False, True), (False, False)} <= set(zip(broken, overloaded, strict=True))


def test_backlogs_follow_from_what_came_and_what_was_begun() -> None:
    """Where nobody leaves: waiting now = waiting before + came − begun (R41)."""
    world = ss.load(CONFIGS / "quickstart.toml", overrides=["time.horizon='10 weeks'"])
    days, _ = stage_days(run_replication(world))
    told = [days.day(checkpoint) for checkpoint in range(len(days.path.late))]
    for before, now in itertools.pairwise(told):
        assert now.evening.waiting.visits == before.evening.waiting.visits + now.came.visits - now.begun.visits
        assert now.since == before.close
        assert now.close == before.next_close
        assert now.capacity_hours == pytest.approx(before.capacity_ahead_hours)


# ---- worked by hand --------------------------------------------------------------------------------------------------

STAMPS = ["05 09:00", "05 09:30", "05 10:00", "05 16:30"]
HAND: dict[str, Any] = {
    "time": {"start": dt.date(2026, 1, 5), "horizon": "1 week"},
    "calendars": {"office": {"hours": "Mon-Fri 09:00-17:00"}},
    "streams": {
        "m": {
            "route": ["respond"],
            "arrivals": {"replay": {"kind": "stamps", "file": "stamps.csv"}},
            "steps": {"respond": {"work": "2 h"}},
            "promises": {"first_response": {"within": "2 h", "share": 0.8}},
        }
    },
    "teams": {
        "desk": {
            "headcount": 1,
            "serves": ["m.respond"],
            "shifts": {
                "day": {"days": "Mon-Fri", "hours": "09:00-17:00", "break": {"after": "3 h", "length": "30 min"}}
            },
        }
    },
}


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory: pytest.TempPathFactory) -> Replication:
    """One agent, 2 h of work each: at work 9–11 on message 0, 11–13 on 1, 13–15 on 2, the next morning on 3."""
    folder = tmp_path_factory.mktemp("hand")
    lines = ["timestamp", *(f"2026-01-{stamp}" for stamp in STAMPS)]
    (folder / "stamps.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return run_replication(ss.parse({"name": "by hand", **HAND}, base=folder))


def story(replication: Replication, message: int) -> MessageStory:
    scenario, trace = replication.scenario, replication.trace
    return message_story(scenario, trace, all_cases(scenario, trace), stream=0, message=message)


def monday(hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 1, 5, hour, minute)


def test_a_message_by_hand(by_hand: Replication) -> None:
    """Message 2 came at 10:00, when 1 waited and 0 was in work; from 12:00 to 12:30 the agent had his break."""
    told = story(by_hand, 2)
    (visit,), (deadline,) = told.visits, told.deadlines
    assert (told.arrived, told.published, told.outcome) == (monday(10), monday(15), "handled")
    assert visit.before_it == Amount(1, 2.0)
    assert (visit.wait_hours, visit.unattended_hours) == (3.0, 0.5)
    assert [(each.relation, each.begun) for each in visit.overtaking] == [("the same queue", Amount(1, 2.0))]
    assert (deadline.due, deadline.reached, deadline.late_hours) == (monday(12), monday(15), 3.0)
    assert (deadline.kept, deadline.where, deadline.before_it) == (False, "waiting in m.respond", Amount(0, 0.0))
    assert visit.absent == ()


def test_a_message_that_is_late_while_it_is_worked_on(by_hand: Replication) -> None:
    (deadline,) = story(by_hand, 1).deadlines
    assert (deadline.due, deadline.where, deadline.before_it) == (monday(11, 30), "being worked on in m.respond", None)
    assert story(by_hand, 0).deadlines[0].kept is True


def test_a_day_by_hand(by_hand: Replication) -> None:
    """Due by Monday 17:00: messages 0 (kept), 1 and 2 (not); 3, come at 16:30, was begun at once and ran over."""
    (days,) = stage_days(by_hand)
    told = days.day(0)
    assert closing_day(by_hand.scenario, int(days.stage.checkpoints[0])) == dt.date(2026, 1, 5)
    (promise,) = told.promises
    assert (promise.due, promise.kept, promise.broken) == (3, 1, True)
    assert (promise.first_broken, promise.first_broken_due) == ("m.1", monday(11, 30))
    assert (told.came, told.came_unattended, told.begun) == (Amount(4, 8.0), 0, Amount(4, 8.0))
    assert (told.capacity_hours, told.capacity_ahead_hours) == (7.5, 7.5)
    assert told.morning.at == monday(9)
    assert told.evening.waiting == Amount(0, 0.0)
    assert told.uncovered == ((monday(12), monday(12, 30)),)
    assert told.usual is None  # there is no other Monday
    assert told.late


def test_who_is_absent_is_told_from_who_is_off_duty() -> None:
    """Against the plan: absent are those with a shift in the plan and none in the replication (R78)."""
    desk: Any = {**HAND["teams"]["desk"], "headcount": 6, "serves": ["*"], "absence": {"share": 0.4}}
    scenario = ss.parse({**changed(), "teams": {"desk": desk}})
    plan = RosterPlan.of(scenario)
    real = plan.draw(seed=3, replication=1)
    told = absences(scenario, real, [0], 0, 5 * DAY)
    for day in range(5):
        begins = plan.planned.start // DAY == day
        missing = sorted(set(plan.planned.agent[begins]) - set(real.agent[real.start // DAY == day]))
        date = scenario.start.date() + dt.timedelta(days=day)
        found = presence(scenario, real, 0, date)
        shift = ((dt.datetime.combine(date, dt.time(9)), dt.datetime.combine(date, dt.time(17))),)
        assert found.away.get("absent", {}) == dict.fromkeys(missing, shift)
        assert sorted(found.on_duty) == sorted(set(range(6)) - set(missing))
        assert found.off == ()
        assert [each.agent for each in told if each.date == date] == missing
    assert 3 < len(told) < 27
    saturday = scenario.start.date() + dt.timedelta(days=5)
    assert presence(scenario, real, 0, saturday).off == tuple(range(6))
    assert absences(scenario, plan.planned, [0], 0, 5 * DAY) == ()


ROTA = """\
agent,start,end,activity
Ann,2026-01-05 09:00,2026-01-05 10:00,meeting
Ann,2026-01-05 10:00,2026-01-05 12:00,on duty
Ann,2026-01-05 12:00,2026-01-05 12:30,break
Ann,2026-01-05 12:30,2026-01-05 17:00,on duty
Bob,2026-01-05 09:00,2026-01-05 17:00,absent
Eva,2026-01-05 09:00,2026-01-05 17:00,leave
Joe,2026-01-05 09:00,2026-01-05 10:00,meeting
Joe,2026-01-05 10:00,2026-01-05 17:00,other duty
Zoe,2026-01-06 09:00,2026-01-06 17:00,on duty
"""


@pytest.fixture(scope="module")
def by_name(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The desk worked by hand, with a rota of five people; only Ann is on duty on Monday."""
    folder = tmp_path_factory.mktemp("names")
    lines = ["timestamp", *(f"2026-01-{stamp}" for stamp in STAMPS)]
    (folder / "stamps.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "rota.csv").write_text(ROTA, encoding="utf-8")
    teams = {"desk": {"rota": "rota.csv", "serves": ["m.respond"]}}
    ss.write(ss.run(ss.parse({"name": "by name", **HAND, "teams": teams}, base=folder), replications=1), folder / "run")
    return folder / "run"


def test_people_of_a_rota_are_told_by_name_with_what_they_did(by_name: Path) -> None:
    words = " ".join(simsocial("why", str(by_name), "--day", "2026-01-05").stdout.split())
    assert "Ann 10:00–12:00, 12:30–17:00; Bob absent 09:00–17:00; Eva on leave 09:00–17:00; " in words
    assert "Ann, Joe in a meeting 09:00–10:00; Joe at another duty 10:00–17:00; Zoe off duty" in words
    story = " ".join(simsocial("why", str(by_name), "--message", "m.1").stdout.split())
    assert "Ann of desk began" in story
    assert "Bob of desk was absent on Mon 2026-01-05" in story


# ---- the run folder and the command ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The quickstart, four replications."""
    place = tmp_path_factory.mktemp("why") / "run"
    ss.write(ss.run(ss.load(CONFIGS / "quickstart.toml"), replications=4), place)
    return place


LATE = """\
mentions.3000 arrived Thu 2026-05-14 09:50 and was late: first_response was due
Fri 2026-05-15 17:00, 2.87 days before it was answered
  Thu 2026-05-14 09:50  arrived, joined mentions.respond, 78 messages (17.4 h of
                        work) before it
  Fri 2026-05-15 17:00  first_response became late, waiting in mentions.respond,
                        26 messages (4.13 h of work) before it
  Mon 2026-05-18 13:29  agent 0 of desk began, after 4.15 days
  Mon 2026-05-18 13:50  mentions.respond done, published, its last step was done
in mentions.respond it waited 4.15 days: 3.48 days with nobody of desk on duty
and 16.2 h while those on duty were at other work; first came 78 messages
(17.4 h of work) that had joined mentions.respond before it, 1 message (3.58 min
of work) of mentions.respond.rework, which ranks above
"""


def test_a_late_message_of_the_quickstart_is_told_in_plain_words(folder: Path) -> None:
    done = simsocial("why", str(folder), "--message", "mentions.3000")
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    assert lines[3:] == LATE.splitlines()


def test_another_message_is_told_otherwise(folder: Path) -> None:
    """Negative control of the comparison above."""
    done = simsocial("why", str(folder), "--message", "mentions.3001")
    assert [line.rstrip() for line in done.stdout.splitlines()][3:] != LATE.splitlines()


def test_without_anything_asked_the_worst_day_is_told(folder: Path) -> None:
    found = ss.why(folder)
    assert found.day is not None
    assert found.message is not None
    worst = found.day.stages[0]
    assert worst.late
    (promise,) = worst.promises
    most = max(promise.due - promise.kept for promise in all_promises(found))
    assert promise.due - promise.kept == most
    assert any(deadline.kept is False for deadline in found.message.deadlines)
    printed = simsocial("why", str(folder)).stdout
    assert f"{worst.stage} (team desk) was late on" in printed
    assert f"{found.message.message} arrived" in printed
    assert max(map(len, printed.splitlines())) <= 80


def all_promises(found: Why) -> list[PromiseDay]:
    """What was promised on every day of the replication of ``found``."""
    world = ss.load(CONFIGS / "quickstart.toml")
    days, _ = stage_days(run_replication(world, number=found.replication))
    return [promise for checkpoint in range(len(days.path.late)) for promise in days.day(checkpoint).promises]


def test_the_worst_replication_is_the_one_late_most_often(folder: Path) -> None:
    late = pd.read_parquet(folder / "replications.parquet").query("measure == 'late_share'")
    shares = late.groupby("replication").value.max()
    assert ss.why(folder).replication == int(shares.idxmax())
    assert ss.why(folder, message="0").replication == 0
    assert ss.why(folder, replication=3).replication == 3


def test_a_day_that_was_not_late_is_told_too(folder: Path) -> None:
    done = simsocial("why", str(folder), "--day", "2026-01-06", "--replication", "1")
    assert "mentions.review (team principals) was not late on Tue 2026-01-06" in done.stdout
    assert "agent 0 09:00–12:00, 12:30–16:00" in done.stdout
    assert "arrived" not in done.stdout


@pytest.mark.parametrize(
    ("work", "says"), [("1 s", "no promise was broken"), ("60 min", "the message that was latest is told below")]
)
def test_a_run_in_which_no_day_was_late_says_so(tmp_path: Path, work: str, says: str) -> None:
    changes = ["teams.desk.headcount=9", "streams.mentions.promises.first_response.share=0.3"]
    changes += [f"streams.mentions.steps.respond.work.mean='{work}'"]
    ss.write(ss.run(ss.load(tiny(tmp_path), overrides=changes), replications=2), tmp_path / "run")
    found = ss.why(tmp_path / "run")
    assert found.day is None
    assert (found.message is None) == (work == "1 s")
    assert f"no stage was late on any day; {says}" in " ".join(simsocial("why", str(tmp_path / "run")).stdout.split())


def test_the_verdict_alone_and_everything_for_programs(folder: Path) -> None:
    quiet = simsocial("why", str(folder), "--message", "3000", "--quiet").stdout
    assert quiet.count("\n") == 1
    assert quiet.startswith("mentions.3000 arrived Thu 2026-05-14 09:50 and was late: ")
    document = json.loads(simsocial("why", str(folder), "--message", "3000", "--json").stdout)
    assert document["command"] == "why"
    assert document["day"] is None
    assert document["message"]["visits"][0]["queue"] == "mentions.respond"
    assert document["message"]["deadlines"][0]["kept"] is False


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--message", "posts.1"], 'message: write a message as stream and number, such as "mentions.12"'),
        (["--message", "mentions.x"], 'message: write a message as stream and number, such as "mentions.12"'),
        (["--message", "99999"], "message: mentions has the messages 0 to "),
        (["--day", "2026-01-10"], "day: no stage has a checkpoint on 2026-01-10; the next is on 2026-01-12"),
        (["--day", "2025-01-10"], "day: write a day from 2026-01-05 to 2026-07-03 (got 2025-01-10)"),
        (["--day", "2026-01-06", "--message", "1"], "message: ask for a message or for a day, not both"),
        (["--replication", "4"], "holds the replications 0 to 3 (got 4)"),
        (["--day", "monday"], "--day"),
    ],
)
def test_what_cannot_be_told_is_one_message(folder: Path, options: list[str], says: str) -> None:
    done = simsocial("why", str(folder), *options, code=2)
    assert says in done.stderr
    assert done.stdout == ""


def test_what_is_no_run_is_not_explained(tmp_path: Path) -> None:
    assert "provenance.json: cannot be read" in simsocial("why", str(tmp_path), code=2).stderr


# ---- bursts ----------------------------------------------------------------------------------------------------------

EVENT = """
[streams.m.arrivals.bursts.viral]
at = 2026-01-20T18:00:00
size = 300
decay = "6 h"
[streams.m.arrivals.bursts.storms]
every = "4 days"
size = 40
decay = "6 h"
"""


def test_messages_of_an_event_are_those_that_are_not_there_without_it() -> None:
    """R75: another burst changes nothing else, so that the messages of the event are the difference, date by date."""
    world, without = resolved(EVENT), resolved(EVENT, "streams.m.arrivals.bursts.viral.size = 0")
    day_by_day = [dt.date(2026, 1, day) for day in range(18, 25)]
    with_it, plain = (
        np.array(
            [
                world.when(int(tick)).toordinal()
                for tick in draw_messages(each, seed=1, replication=4).streams[0].arrival
            ]
        )
        for each in (world, without)
    )
    brought = Brought(world, seed=1, replication=4)
    found = {date: {each.burst: each for each in brought.on(date)} for date in day_by_day}
    more = {date: int((with_it == date.toordinal()).sum() - (plain == date.toordinal()).sum()) for date in day_by_day}
    assert {date: of["viral"].came if "viral" in of else 0 for date, of in found.items()} == more
    assert more[dt.date(2026, 1, 19)] == 0 < more[dt.date(2026, 1, 20)]
    on_the_day = found[dt.date(2026, 1, 20)]["viral"]
    assert on_the_day.began == dt.datetime(2026, 1, 20, 18)
    assert on_the_day.of == (with_it == dt.date(2026, 1, 20).toordinal()).sum()
    storms = [of["storms"] for of in found.values() if "storms" in of]
    assert all(each.began is None and 0 < each.came <= each.of for each in storms)
    assert storms


def test_a_day_after_an_event_tells_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = tiny(tmp_path).read_text(encoding="utf-8")
    burst = '[streams.mentions.arrivals.bursts.viral]\nat = 2026-01-14T09:00:00\nsize = 50\ndecay = "6 h"\n\n'
    (tmp_path / "tiny.toml").write_text(
        text.replace("[streams.mentions.promises", burst + "[streams.mentions.promises", 1)
    )
    simsocial("run", "tiny.toml", "--out", "out")
    told = simsocial("why", "out", "--day", "2026-01-14").stdout
    assert "Bursts\n  mentions viral  began Wed 2026-01-14 09:00; " in told
    assert "Bursts" not in simsocial("why", "out", "--day", "2026-01-13").stdout
    document = json.loads(simsocial("why", "out", "--day", "2026-01-15", "--json").stdout)
    (burst_day,) = document["day"]["bursts"]
    assert (burst_day["stream"], burst_day["burst"], burst_day["began"]) == ("mentions", "viral", "2026-01-14T09:00:00")
    assert 0 < burst_day["came"] <= burst_day["of"]
