"""Run as a program by the tests of the check: hangs, crashes, or finds something, as it is told."""

import os
import sys
import time

from video_labeler.diagnosis import Finding, Health
from video_labeler.kiosk.check.finding_line import write_finding

for word in sys.argv[1:]:
    if word == "hang":
        time.sleep(600)
    elif word == "crash":
        os.abort()
    elif word == "chat":
        print('a library says something\n{"subject": 3}\n[1]\n"Camera"', flush=True)
    else:
        write_finding(Finding(word, Health.WORKS, "grün.", ""))
