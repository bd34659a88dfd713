"""What is installed: the library and Hydra's plugins."""

from __future__ import annotations

import tomllib

from setuptools import find_namespace_packages

from .support import CONF

ROOT = CONF.parent


def test_every_room_and_the_plugins_are_installed() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]["find"]
    found = set(find_namespace_packages(str(ROOT), include=asked["include"]))
    here = {".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "deltalab").rglob("*.py")}
    assert here | {"hydra_plugins"} <= found
    assert not found & {"tests", "conf", "benchmarks"}
