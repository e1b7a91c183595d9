"""Run as a program: says whether screen saver and sleep can be held off here, as a finding in JSON."""

from collections.abc import Sequence

from video_labeler.diagnosis import Finding, Health
from video_labeler.kiosk.check.finding_line import write_finding
from video_labeler.kiosk.check.subjects import INHIBITION
from video_labeler.window.kiosk.inhibition.keeping import which_ways
from video_labeler.window.kiosk.inhibition.way import Way


def judge(ways: Sequence[Way]) -> Finding:
    """What these ways keep away."""
    names = ", ".join(way.name for way in ways)
    screen = any(way.keeps_screen for way in ways)
    sleep = any(way.keeps_from_sleep for way in ways)
    advice = "Turn off in the desktop's settings what cannot be held off."
    if screen and sleep:
        return Finding(INHIBITION, Health.WORKS, f"both can be held off ({names}).")
    if screen:
        return Finding(INHIBITION, Health.LIMITED, f"the screen saver can be held off ({names}), sleep cannot.", advice)
    if sleep:
        return Finding(INHIBITION, Health.LIMITED, f"sleep can be held off ({names}), the screen saver cannot.", advice)
    return Finding(INHIBITION, Health.LIMITED, "neither can be held off.", advice)


if __name__ == "__main__":
    write_finding(judge(which_ways()))
