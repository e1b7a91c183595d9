"""Run as a program: says whether screen saver and sleep can be held off here, as a finding in JSON."""

from collections.abc import Sequence

from video_labeler.diagnosis import Finding, Health
from video_labeler.kiosk.check.finding_line import write_finding
from video_labeler.kiosk.check.subjects import INHIBITION
from video_labeler.window.kiosk.inhibition.inhibitor import Inhibitor
from video_labeler.window.kiosk.inhibition.keeping import working_inhibitors


def judge(inhibitors: Sequence[Inhibitor]) -> Finding:
    """Whether these inhibitors hold off the screen saver, sleep, or both."""
    names = ", ".join(inhibitor.name for inhibitor in inhibitors)
    screen = any(inhibitor.keeps_screen for inhibitor in inhibitors)
    sleep = any(inhibitor.keeps_from_sleep for inhibitor in inhibitors)
    advice = "Turn off in the desktop's settings what cannot be held off."
    if screen and sleep:
        return Finding(INHIBITION, Health.WORKS, f"both can be held off ({names}).")
    if screen:
        return Finding(INHIBITION, Health.LIMITED, f"the screen saver can be held off ({names}), sleep cannot.", advice)
    if sleep:
        return Finding(INHIBITION, Health.LIMITED, f"sleep can be held off ({names}), the screen saver cannot.", advice)
    return Finding(INHIBITION, Health.LIMITED, "neither can be held off.", advice)


if __name__ == "__main__":
    write_finding(judge(working_inhibitors()))
