"""Passes findings from a trial's process to the one that reports them."""

import dataclasses
import json
import sys
from collections.abc import Iterator

from video_labeler.diagnosis import Finding, Health
from video_labeler.files.reading import parsed_json


def write_finding(finding: Finding) -> None:
    """Print a finding as a line of JSON at once, since the process may crash later."""
    sys.stdout.write(json.dumps(dataclasses.asdict(finding)) + "\n")
    sys.stdout.flush()


def read_findings(text: str) -> Iterator[Finding]:
    """The printed findings; other output is skipped."""
    for line in text.splitlines():
        try:
            values = parsed_json(line)
            yield Finding(values["subject"], Health(values["health"]), values["found"], values["advice"])
        except (ValueError, KeyError, TypeError):
            continue
