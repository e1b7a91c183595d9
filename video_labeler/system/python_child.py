"""The command and environment of every child process that runs a module of this package."""

import os
import sys
from pathlib import Path


def python_command(module: str, *arguments: str) -> list[str]:
    """The command that runs a module of this package as a program.

    ``-P`` keeps the current folder out of the module search path: a file ``av.py``
    there must not be imported.
    """
    return [sys.executable, "-P", "-m", module, *arguments]


def python_environment() -> dict[str, str]:
    """The environment in which the child finds this package, installed or not, and writes UTF-8."""
    root = str(Path(__file__).resolve().parents[2])
    # An empty entry of PYTHONPATH stands for the current folder, like a relative one.
    given = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if Path(path).is_absolute()]
    return {**os.environ, "PYTHONPATH": os.pathsep.join([root, *given]), "PYTHONIOENCODING": "utf-8"}
