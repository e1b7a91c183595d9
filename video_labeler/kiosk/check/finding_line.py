"""Findings on their way from the process that tries something to the one that tells."""

import dataclasses
import json
import sys
from collections.abc import Iterator

from video_labeler.diagnosis import Finding, Health
from video_labeler.files.reading import parsed_json


def write_finding(finding: Finding) -> None:
    """Print a finding as a line of JSON at once, since the process may not live to its end."""
    sys.stdout.write(json.dumps(dataclasses.asdict(finding)) + "\n")
    sys.stdout.flush()


def read_findings(text: str) -> Iterator[Finding]:
    """The findings that were printed; what else a library has printed is passed over."""
    for line in text.splitlines():
        try:
            values = parsed_json(line)
            yield Finding(values["subject"], Health(values["health"]), values["found"], values["advice"])
        except (ValueError, KeyError, TypeError):
            continue
