"""The engine is imported when a check runs, not with the package."""

from __future__ import annotations

import subprocess
import sys


def test_importing_the_package_loads_nothing_of_the_engine():
    code = (
        "import sys, netlab.exercises; print([name for name in sys.modules if 'netlab.exercises.' in name])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


def test_the_engine_needs_none_of_the_heavy_packages():
    code = (
        "import sys, netlab.exercises.checking, netlab.exercises.panels, netlab.exercises.peers;"
        "print({'IPython', 'pandas', 'matplotlib', 'asyncio', 'nbformat'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"
