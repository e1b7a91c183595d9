"""When a kiosk is started again, and when that is given up for a while."""

import pytest

from video_labeler.kiosk.restart_plan import Restart, RestartPlan


def test_pauses_grow_and_all_leave_time_for_a_start_within_three_seconds() -> None:
    plan = RestartPlan()
    # Far enough apart not to be five within a minute.
    pauses = [plan.failed(20.0 * number, up_s=15.0).pause_s for number in range(8)]
    assert pauses == [0.0, 0.2, 0.5, 0.8, 1.2, 1.2, 1.2, 1.2]


def test_a_healthy_minute_makes_it_forget() -> None:
    plan = RestartPlan()
    for now_s in (0, 5, 10, 15):
        plan.failed(now_s, up_s=3)
    assert plan.failed(100, up_s=60) == Restart(0.0)
    assert plan.failed(105, up_s=59.9) == Restart(0.2)


@pytest.mark.parametrize(("apart_s", "with_card"), [(1, True), (15, True), (15.1, False), (50, False)])
def test_five_within_a_minute_bring_the_card(apart_s: float, with_card: bool) -> None:
    plan = RestartPlan()
    done = [plan.failed(apart_s * number, up_s=min(apart_s, 14)) for number in range(5)]
    assert [restart.with_card for restart in done] == [False] * 4 + [with_card]
    assert not with_card or done[-1].pause_s == 60


def test_five_that_never_came_up_bring_the_card_however_long_they_took() -> None:
    plan = RestartPlan()
    done = [plan.failed(21.0 * number, up_s=None) for number in range(5)]
    assert [restart.with_card for restart in done] == [False] * 4 + [True]


def test_one_that_came_up_between_others_that_did_not_keeps_it_trying() -> None:
    plan = RestartPlan()
    for number in range(40):
        assert not plan.failed(21.0 * number, up_s=10.0 if number % 4 == 3 else None).with_card


def test_the_card_stays_until_a_try_has_lived_for_a_minute() -> None:
    plan = RestartPlan()
    for now_s in range(5):
        restart = plan.failed(now_s, up_s=0.5)
    assert restart == Restart(60.0, with_card=True)
    assert plan.failed(70, up_s=None) == Restart(60.0, with_card=True)
    plan.note_uptime(30)
    assert plan.failed(170, up_s=30) == Restart(60.0, with_card=True)
    plan.note_uptime(60)
    assert plan.failed(400, up_s=100) == Restart(0.0)
