"""What is installed elsewhere: the wheel and its contents."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_wheel_carries_the_assets_and_the_command(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, capture_output=True, timeout=100, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        for asset in (ROOT / "assets").rglob("*"):
            if asset.is_file():
                assert f"video_labeler/_assets/{asset.relative_to(ROOT / 'assets').as_posix()}" in names
        assert not [name for name in names if name.startswith("tests")]
        (entry_points,) = (name for name in names if name.endswith("entry_points.txt"))
        assert "video-labeler = video_labeler.cli:main" in archive.read(entry_points).decode()
        unpacked = tmp_path / "installed"
        archive.extractall(unpacked)
    script = "from video_labeler.assets import asset; print(asset('label_hierarchy.csv'))"
    done = subprocess.run(
        [sys.executable, "-P", "-c", script],
        env={"PYTHONPATH": str(unpacked), "PATH": ""},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert Path(done.stdout.strip()).is_relative_to(unpacked)


def test_only_one_module_imports_opencv() -> None:
    for module in (ROOT / "video_labeler").rglob("*.py"):
        text = module.read_text(encoding="utf-8")
        assert module.name == "opencv.py" or "import cv2" not in text.replace(
            "from video_labeler.opencv import cv2", ""
        ), module
        for forbidden in ("imshow", "namedWindow", "waitKey"):
            assert forbidden not in text, f"{module}: HighGUI aborts the process beside PyQt6"


def test_opencv_leaves_qt_alone() -> None:
    script = (
        "import os; os.environ['QT_QPA_FONTDIR'] = '/mine'; import video_labeler.opencv;"
        "print(os.environ.get('QT_QPA_PLATFORM_PLUGIN_PATH'), os.environ['QT_QPA_FONTDIR'])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["None", "/mine"]


def test_no_module_is_longer_than_400_lines() -> None:
    lengths = {
        path: len(path.read_text(encoding="utf-8").splitlines()) for path in (ROOT / "video_labeler").rglob("*.py")
    }
    assert max(lengths.values()) <= 400
    assert sorted(lengths.values())[len(lengths) // 2] <= 150
