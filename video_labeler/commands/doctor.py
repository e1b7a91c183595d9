"""`video-labeler doctor`: what works here, and what a model is."""

import dataclasses
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from video_labeler.commands.options import settle_model_trust
from video_labeler.commands.telling import say
from video_labeler.errors import ModelError
from video_labeler.models.catalog import ModelRole
from video_labeler.models.store import ModelStore
from video_labeler.text.shown import json_text

if TYPE_CHECKING:
    from video_labeler.models.report import ModelReport, TensorReport

_SIGNS = {"works": "ok", "limited": "!", "broken": "X"}


@click.command("doctor", short_help="Say what works here, and explain a model.")
@click.option("--model", default=None, metavar="MODEL", help="Explain this labeler instead: a name, file or address.")
@click.option("--localizer", default=None, metavar="MODEL", help="Explain this localizer instead.")
@click.option("--trust-model", is_flag=True, help="Run a SavedModel without asking, because you trust whoever made it.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings for programs.")
def command(model: str | None, localizer: str | None, *, trust_model: bool, as_json: bool) -> int:
    """Say what is installed, what works, and what to do about the rest. Fails where something is broken."""
    asked = [(text, role) for text, role in ((model, ModelRole.LABELER), (localizer, ModelRole.LOCALIZER)) if text]
    if asked:
        if model:
            with suppress(ModelError):
                # The report says what is wrong with it.
                settle_model_trust(model, trusted=trust_model)
        return max(_explain(text, role, as_json=as_json) for text, role in asked)

    from video_labeler.diagnosis import Health, diagnose

    broken = False
    records = []
    for finding in diagnose():
        broken |= finding.health is Health.BROKEN
        records.append(dataclasses.asdict(finding))
        if not as_json:
            say(f"{_SIGNS[finding.health]:>2}  {finding.subject}: {finding.found}")
            if finding.advice:
                say(f"      {finding.advice}")
    if as_json:
        click.echo(json_text(records))
    return 1 if broken else 0


def _explain(text: str, role: ModelRole, *, as_json: bool) -> int:
    from video_labeler.models.explaining import explain_model

    report = explain_model(text, role, ModelStore())
    if as_json:
        click.echo(json_text(dataclasses.asdict(report)))
    else:
        say(*_lines(report))
    return 0 if report.is_usable else 1


def _lines(report: "ModelReport") -> list[str]:
    lines = [f"{report.name}: {f'a {report.role}' if report.role else 'not a model that can be used here'}"]
    lines += [f"  takes   {_tensor(tensor)}" for tensor in report.inputs]
    lines += [f"  gives   {_tensor(tensor)}" for tensor in report.outputs]
    facts = {"pixels": report.pixels, "scores": report.scores, "labels": report.labels}
    lines += [f"  {name:7} {text}" for name, text in facts.items() if text]
    lines += [f"  X {problem}" for problem in report.problems]
    if report.is_usable:
        lines.append("  It can be used.")
    return lines


def _tensor(tensor: "TensorReport") -> str:
    shape = " x ".join(map(str, tensor.shape)) or "one number"
    return f"{tensor.name}: {tensor.dtype}, {shape}" + (f", {tensor.quantisation}" if tensor.quantisation else "")
