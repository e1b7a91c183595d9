"""Runs all trials in parallel, and reports their findings."""

import contextlib
import tempfile
from collections.abc import Generator, Iterable, Iterator, Sequence
from pathlib import Path

import click

from video_labeler.diagnosis import Finding, Health
from video_labeler.files.temporary import PREFIX, clear_stale
from video_labeler.kiosk.check.subjects import SETTINGS
from video_labeler.kiosk.check.trial import RunningTrial, Trial
from video_labeler.kiosk.check.trials import trials
from video_labeler.settings import Settings
from video_labeler.settings_file import save_settings
from video_labeler.text.shown import shown

_SIGNS = {Health.WORKS: "ok", Health.LIMITED: "!", Health.BROKEN: "X"}


def run_check(settings: Settings, source: str | None, notices: Iterable[str]) -> int:
    """Try everything that a stand needs, without a network and within ten seconds; prints a line for each.

    ``source`` is the camera, ``None`` the first; ``notices`` are what was wrong in the settings file. Returns the exit
    code: 1 if something stops the stand.
    """
    findings = []
    for finding in _findings(settings, source, notices):
        findings.append(finding)
        click.echo(shown(f"{_SIGNS[finding.health]:>2}  {finding.subject}: {finding.found} {finding.advice}".rstrip()))
    click.echo(f"\n{verdict(findings)}")
    return 1 if any(finding.health is Health.BROKEN for finding in findings) else 0


def verdict(findings: Sequence[Finding]) -> str:
    """A summary of all findings, as a sentence."""
    broken, limited = (sum(f.health is health for f in findings) for health in (Health.BROKEN, Health.LIMITED))
    if broken:
        return f"The stand cannot run: see {_lines(broken)} marked X."
    if limited:
        return f"The stand can run. Check {_lines(limited)} marked with an exclamation mark first."
    return "Everything is ready."


def try_all(all_trials: Iterable[Trial]) -> Generator[Finding]:
    """The trials' findings, in order; they run in parallel, and none of them outlives this call."""
    clear_stale(Path(tempfile.gettempdir()), PREFIX)
    with tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as folder:
        running: list[RunningTrial] = []
        try:
            running += [RunningTrial(trial, Path(folder)) for trial in all_trials]
            for each in running:
                yield from each.findings()
        finally:
            for each in running:
                each.stop()


def _findings(settings: Settings, source: str | None, notices: Iterable[str]) -> Iterator[Finding]:
    notices = tuple(notices)
    yield from (Finding(SETTINGS, Health.LIMITED, notice) for notice in notices)
    if not notices:
        yield Finding(SETTINGS, Health.WORKS, "no problems.")
    with tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "settings.toml"
        save_settings(settings, path)
        with contextlib.closing(try_all(trials(path, source))) as findings:
            yield from findings


def _lines(count: int) -> str:
    return "the line" if count == 1 else f"the {count} lines"
