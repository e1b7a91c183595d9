"""Many inputs at a time, each in a process of its own: the same results, whatever happens to a process."""

import json
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.annotate.test_annotate import run
from tests.clips import moving_square, times_of, write_clip
from tests.processes import running
from video_labeler.annotate.targets import MANIFEST_NAME

LIMIT_S = 60.0

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


def wait_for(condition: Callable[[], Any]) -> Any:
    """What the condition gives, as soon as it is true."""
    deadline = time.monotonic() + LIMIT_S
    while not (found := condition()):
        assert time.monotonic() < deadline, "it does not happen"
        time.sleep(0.02)
    return found


def annotate_command(*words: object) -> list[object]:
    return [sys.executable, "-m", "video_labeler", "annotate", *words, "--jobs", "2"]


def workers_of(pid: int) -> list[psutil.Process]:
    with suppress(psutil.Error):
        children = psutil.Process(pid).children(recursive=True)
        return [child for child in children if "video_labeler.annotate.worker" in child.cmdline()]
    return []


def worker_on(pid: int, path: Path) -> psutil.Process | None:
    """The worker that writes a file."""
    for worker in workers_of(pid):
        with suppress(psutil.Error):
            if any(file.path == str(path) for file in worker.open_files()):
                return worker
    return None


def manifest_rows(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / MANIFEST_NAME).read_text().splitlines()]


def contents_of(folder: Path) -> dict[str, Any]:
    """What lies in a folder of results, but for when it was made."""
    found: dict[str, Any] = {}
    for path in sorted(path for path in folder.rglob("[!.]*") if path.is_file()):
        content: Any = path.read_bytes()
        if path.name.endswith(".coco.json"):
            content = json.loads(content)
            del content["info"]["date_created"]
        elif path.name == MANIFEST_NAME:
            rows = [{**row, "at": "", "seconds": 0} for row in manifest_rows(folder)]
            content = sorted(rows, key=lambda row: (row["kind"] != "options", row.get("input")))
        found[str(path.relative_to(folder))] = content
    query = "SELECT file, r.source, model, duration_s, track, s.name, confidence, start_s, end_s FROM recordings r "
    query += "LEFT JOIN stretches s ON s.recording = r.id ORDER BY 1, 8, 5"
    for path in folder.rglob(".video-labeler.sqlite"):
        with closing(sqlite3.connect(path)) as index:
            found[str(path.relative_to(folder))] = index.execute(query).fetchall()
    return found


def test_two_at_a_time_make_and_say_what_one_at_a_time_does(tmp_path: Path) -> None:
    for name in ("mon", "tue"):
        (tmp_path / name).mkdir()
        write_clip(tmp_path / name / "same.mp4", moving_square(6 if name == "mon" else 9))
    (tmp_path / "mon" / "bad.mp4").write_bytes(b"\0no video")
    words = ["annotate", "mon", "gone.mp4", "tue", "-o", "out", "--export", "jsonl,csv,vtt,srt,coco", "--report"]
    words += ["--threshold", "0.05", "--json", "--model", "builtin", "--localizer", "builtin"]
    said, made = [], []
    for jobs in ("1", "2"):
        done = run(*words, "--jobs", jobs, cwd=tmp_path)
        said.append((done.returncode, done.stdout, done.stderr))
        made.append(contents_of(tmp_path / "out"))
        shutil.rmtree(tmp_path / "out")
    assert said[0][0] == 1
    assert [item["outcome"] for item in json.loads(said[0][1])] == ["failed", "done", "done", "failed"]
    assert said[0] == said[1]
    assert made[0] == made[1]
    assert len(made[0][str(Path("tue", ".video-labeler.sqlite"))]) > 0


@posix_only
def test_a_killed_worker_costs_its_file_one_retry_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("twice.mp4", "once.mp4"):
        write_clip(tmp_path / "in" / name, moving_square(300))
    write_clip(tmp_path / "in" / "well.mp4", moving_square(6))
    out = tmp_path / "out"
    command = annotate_command(tmp_path / "in", "-o", out, "--no-video", "--export", "jsonl", "--no-index", "--json")
    with running(command, stdout=subprocess.PIPE) as child:
        for name in ("once", "twice", "twice"):
            victim = wait_for(partial(worker_on, child.pid, out / f"{name}.partial.jsonl"))
            victim.kill()
            victim.wait(LIMIT_S)
        printed, said = child.communicate(timeout=LIMIT_S)
    assert child.returncode == 1
    assert len((out / "once.jsonl").read_text().splitlines()) == 300
    assert len((out / "well.jsonl").read_text().splitlines()) == 6
    (told,) = said.splitlines()
    told_of = f"Error: {tmp_path / 'in' / 'twice.mp4'}: "
    assert told.startswith(
        f"{told_of}The process that annotated it was ended by SIGKILL, and so did the one that tried"
    )
    assert told.endswith(f"What was done until then is in {out / 'twice.partial.jsonl'}.")
    assert [item["outcome"] for item in json.loads(printed)] == ["done", "failed", "done"]
    assert {path.name for path in out.glob("*.partial*")} == {"twice.partial.jsonl"}
    (failed,) = [row for row in manifest_rows(out) if row["kind"] == "failed"]
    assert (failed["relative"], failed["of_results"]) == ("../in/twice.mp4", False)


@posix_only
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_all_and_keeps_what_is_done(number: signal.Signals, tmp_path: Path) -> None:
    sources = ["synthetic:64x48@30", "synthetic:96x64@30", "synthetic:128x96@30"]
    out = tmp_path / "out"
    with running(annotate_command(*sources, "-o", out, "--export", "jsonl")) as child:
        wait_for(lambda: len(list(out.glob("*.partial.jsonl"))) == 2)
        wait_for(lambda: all(path.stat().st_size for path in out.glob("*.partial.jsonl")))
        child.send_signal(number)
        _, said = child.communicate(timeout=LIMIT_S)
    assert child.returncode == 1
    assert said.splitlines()[-1] == "Stopped early, after 2 of 3 files."
    videos = sorted(out.glob("*.mp4"))
    assert len(videos) == 2
    for video in videos:
        assert len(times_of(video)) == len(video.with_suffix(".jsonl").read_text().splitlines()) > 0
    assert not list(out.glob("*.partial*"))


@posix_only
def test_the_second_ctrl_c_ends_workers_that_hang_and_no_password_is_on_a_command_line(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://admin:geheim@127.0.0.1:{silent.getsockname()[1]}/x"
        with running(annotate_command("synthetic:64x48@30", address, "-o", out)) as child:
            wait_for(lambda: list(out.glob("*.partial.mp4")) and len(workers_of(child.pid)) == 2)
            workers = workers_of(child.pid)
            for process in (psutil.Process(child.pid), *workers):
                told = [*process.environ().values()] + (process.cmdline() if process.pid != child.pid else [])
                assert not [word for word in told if "geheim" in word]
            for worker in workers:
                worker.suspend()
            child.send_signal(signal.SIGINT)
            time.sleep(0.3)
            assert child.poll() is None
            child.send_signal(signal.SIGINT)
            _, said = child.communicate(timeout=LIMIT_S)
    assert child.returncode == 1
    assert not psutil.wait_procs(workers, timeout=LIMIT_S)[1]
    assert "geheim" not in said
    assert "Traceback" not in said


@posix_only
def test_workers_do_not_outlive_the_program(tmp_path: Path) -> None:
    with running(annotate_command("synthetic:64x48@30", "synthetic:96x64@30", "-o", tmp_path / "out")) as child:
        workers = wait_for(lambda: len(found := workers_of(child.pid)) == 2 and found)
        wait_for(lambda: list((tmp_path / "out").glob("*.partial.mp4")))
        child.kill()
        assert not psutil.wait_procs(workers, timeout=LIMIT_S)[1]


@pytest.mark.parametrize("words", [["--jobs", "0"], ["--jobs", "many"]])
def test_a_wrong_number_of_jobs_is_wrong_usage(words: list[str], tmp_path: Path) -> None:
    done = run("annotate", "synthetic", *words, cwd=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "neither `auto` nor a number" in done.stderr
