"""The rules of docs/architecture.md: import directions, the size of files, Hydra only at the door."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted(path for path in (ROOT / "deltalab").rglob("*.py"))
PROGRAMS = [ROOT / "train.py", ROOT / "search.py", *sorted((ROOT / "hydra_plugins").glob("*.py"))]

# From the bottom up; rooms on one line never import each other.
FLOORS = [
    {"errors"},
    {"atomic", "processes", "trust"},
    {"backbone", "schedule", "optimizer"},
    {"delta", "task"},
    {"step"},
    {"packed"},
    {"search", "subspace", "tuning"},
    {"interop"},
    {"predict", "report", "store", "sweep"},
    {"run"},
]
FLOOR = {room: height for height, rooms in enumerate(FLOORS) for room in rooms}

ALLOWED = {
    "hydra": ("run/", "train.py", "search.py", "deltalab_children.py", "deltalab_optuna.py"),
    "omegaconf": ("run/", "train.py", "search.py", "deltalab_children.py", "deltalab_optuna.py"),
    "lightning": (
        "packed/",
        "search/bilevel.py",
        "subspace/",
        "tuning/",
        "task/datamodule.py",
        "task/several.py",
        "task/halves.py",
        "report/",
        "run/",
    ),
    "transformers": (
        "backbone/",
        "delta/attention.py",
        "task/encode.py",
        "task/datamodule.py",
        "optimizer/adafactor.py",
        "interop/",
        "run/",
    ),
    "wandb": ("report/", "run/"),
}
LONGEST_FILE, LONGEST_FUNCTION = 200, 30


def imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.add(node.module)
    return names


def inside(path: Path) -> str:
    return path.name if path in PROGRAMS else str(path.relative_to(ROOT / "deltalab"))


def room(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "deltalab" and len(parts) > 1 else None


@pytest.mark.parametrize("path", SOURCES, ids=inside)
def test_imports_point_down(path: Path) -> None:
    own = inside(path).split("/")[0].removesuffix(".py")
    if own == "__init__":
        return
    assert own in FLOOR, f"{own} has no floor: give it one here and in docs/architecture.md"
    for module in imports(path):
        other = room(module)
        if other is not None and other != own:
            assert FLOOR[other] < FLOOR[own], f"{inside(path)} imports {module}"


@pytest.mark.parametrize("path", SOURCES + PROGRAMS, ids=inside)
def test_frameworks_stay_in_their_rooms(path: Path) -> None:
    for module in imports(path):
        rooms = ALLOWED.get(module.split(".")[0])
        assert rooms is None or inside(path).startswith(rooms), f"{inside(path)} imports {module}"


@pytest.mark.parametrize("path", SOURCES + PROGRAMS, ids=inside)
def test_files_and_functions_are_short(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= LONGEST_FILE, f"{inside(path)}: a second idea hides here"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
            length = node.end_lineno - first.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{inside(path)}: {node.name} has {length} lines"


@pytest.mark.parametrize("path", SOURCES, ids=inside)
def test_every_module_says_what_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text())
    assert not tree.body or ast.get_docstring(tree), f"{inside(path)} has no docstring"


def test_the_floors_are_those_of_the_documentation() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    drawn = text.split("never meet:")[1].split("```")[1].split("\n")
    lines = [set(line.split()) for line in drawn if line.strip() and "train.py" not in line]
    assert lines == FLOORS[::-1]
