"""How every child process that runs Python code of this package is started: one place for its words and environment."""

import os
import sys
from pathlib import Path


def python_command(module: str, *arguments: str) -> list[str]:
    """The words that run a module of this package as a program.

    ``-P`` keeps the folder in which the program was started out of the search for modules: a file ``av.py`` that lies
    there must not run.
    """
    return [sys.executable, "-P", "-m", module, *arguments]


def python_environment() -> dict[str, str]:
    """The environment in which the child finds this very package, installed or not, and writes UTF-8."""
    root = str(Path(__file__).resolve().parents[2])
    # An empty entry of PYTHONPATH stands for the folder in which the program was started, like a relative one.
    given = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if Path(path).is_absolute()]
    return {**os.environ, "PYTHONPATH": os.pathsep.join([root, *given]), "PYTHONIOENCODING": "utf-8"}
