"""What is given and would change nothing is refused; every setting is read, or refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from omegaconf import DictConfig, OmegaConf

import train
from deltalab.run import overrides, setup, unused

from .stages import LEARN, MOVE, ROWS, SOURCE, TINY
from .support import program

JOINT = (*LEARN, "subspace=joint")
RANDOM = (*MOVE, "subspace=random")
ENCODE = ("stage=encode", *MOVE[1:], "subspace=d2")
UNUSED = [
    *(
        (LEARN, word, "stage=approximate")
        for word in (
            "theta0_seed=3",
            "needs.approximate=['recipe.lr=1']",
            "subspace.source_task=topic",
            "subspace.path=nowhere",
        )
    ),
    *(
        (JOINT, word, "subspace=joint")
        for word in (
            "subspace.weight=3",
            "subspace.mixture=published",
            "subspace.solutions=2",
            "stage.weight=3",
            "stage.reconstruction=relative",
            "stage.mixture=published",
        )
    ),
    *((MOVE, word, "stage=optimize") for word in ("theta0_seed=3", "store.keep=false")),
    ((*MOVE, SOURCE, "subspace=d2"), "delta.rank=3", "a stage that moves in a subspace, with the methods of "),
    *((RANDOM, word, "subspace=random") for word in ("subspace.weight=3", "subspace.mixture=published")),
    (RANDOM, "subspace.leave_out=[topic]", "subspace=random"),
    ((*MOVE, SOURCE, "subspace=svd"), "subspace.weight=3", "subspace=svd"),
    ((*MOVE, SOURCE, "subspace=joint"), "subspace.mixture=published", "subspace=joint"),
    ((*MOVE, SOURCE, "subspace=joint"), "subspace.given={lora: [here], adapter: [there]}", "subspace=joint"),
    *(
        ((*MOVE, "subspace=d2", "subspace.path=nowhere"), word, "subspace.path")
        for word in ("subspace.source_task=topic", "subspace.up=two_layer", "subspace.weight=3")
    ),
    *(
        (ENCODE, word, "stage=encode")
        for word in (
            "optimizer=adafactor",
            "recipe.max_steps=3",
            "trainer.max_steps=3",
            "recipe.lr=0.1",
            "pack.lr=[0.1]",
            "pack.seed=[0,1]",
            "data.batch_size=3",
            "stage.schedule.shape=linear",
            "resume=some.ckpt",
        )
    ),
]


def refused(*overrides: str, folder: Path, model: Path) -> str:
    """The one line that a run ends in, before it has made anything."""
    done = program(*TINY, *overrides, folder=folder / "run", model=model)
    assert (done.code, done.err.count("\n")) == (2, 1), done.err
    assert not (folder / "run").exists()
    assert not (folder / "run-store" / "solution").exists()
    return done.err


@pytest.mark.parametrize(("given", "word", "by"), UNUSED, ids=[f"{by} {word}" for _, word, by in UNUSED])
def test_what_changes_nothing_is_refused(given, word, by, model, tmp_path):
    told = refused(*given, word, folder=tmp_path, model=model)
    assert told.startswith(f"error: {word}: {by}")
    assert told.endswith(" does not use it\n")


def test_a_key_of_the_joint_mode_is_refused_inside_needs_too(model, tmp_path):
    given = (*MOVE[:-1], SOURCE, "subspace=joint", "needs.approximate=['stage.reconstruction=relative']")
    told = refused(*given, folder=tmp_path, model=model)
    assert told == "error: stage.reconstruction=relative: subspace=joint does not use it\n"


def test_there_is_no_landscape_of_unshared_codes(model, tmp_path):
    told = refused(*LEARN, "subspace=unshared", "recipe.landscape=2", folder=tmp_path, model=model)
    assert told == "error: recipe.landscape=2: methods that share no code mix none\n"


@dataclass
class Seen:
    """Which settings of a run are read, which it would refuse, and what it was given."""

    config: DictConfig | None = None
    read: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)


@contextmanager
def watching() -> Iterator[Seen]:
    """Note every single value that is looked up while this lasts, save for what goes whole into a record.

    A subspace is looked up in the configs of the runs that a run rests on, too: it is handed on to them.
    """
    seen, recording = Seen(), [False]
    look, contain, begin, asked = DictConfig._get_node, OmegaConf.to_container, train.run, overrides.overridden

    def noted(node: DictConfig, key: Any, *args: Any, **kwargs: Any) -> Any:
        value = look(node, key, *args, **kwargs)
        if seen.config is not None and not recording[0] and value is not None and not isinstance(value, DictConfig):
            name, root = place(value)
            if root is seen.config or name.startswith("subspace."):
                seen.read.add(name)
        return value

    def contained(node: Any, *args: Any, **kwargs: Any) -> Any:
        recording[0] = node._get_parent() is None
        try:
            return contain(node, *args, **kwargs)
        finally:
            recording[0] = False

    def begun(config: DictConfig) -> float:
        seen.config = config
        return begin(config)

    def refusing(*names: str) -> list[str]:
        seen.refused |= set(names)
        return asked(*names)

    with (
        patch.object(DictConfig, "_get_node", noted),
        patch.object(OmegaConf, "to_container", staticmethod(contained)),
        patch.object(train, "run", begun),
        patch.object(setup, "overridden", refusing),
        patch.object(unused, "overridden", refusing),
    ):
        yield seen


def place(node: Any) -> tuple[str, Any]:
    """The full key of a value and the root of its config, found without looking anything up."""
    parts = []
    while (parent := node._get_parent()) is not None:
        parts.append(str(node._key()))
        node = parent
    return ".".join(reversed(parts)), node


def leaves(node: Any, above: str = "") -> Iterator[str]:
    """The full keys of all single values; a list is one."""
    if OmegaConf.is_dict(node):
        for key in node:
            yield from leaves(node._get_node(key), f"{above}.{key}".strip("."))
    else:
        yield above


# Where the trainer has numbers of its own, nobody looks at those of the recipe.
RECIPE = (
    "recipe.max_steps=2",
    "recipe.val_check_interval=2",
    "recipe.lr=0.03",
    *(f"trainer.{key}=${{recipe.{key}}}" for key in ("max_steps", "val_check_interval")),
    "optimizer.lr=${recipe.lr}",
)
WHOLE_RUNS = {
    "tune": ("stage=tune", f"task.sizes={ROWS}", *RECIPE),
    "approximate": (*LEARN, *RECIPE),
    "joint": (*LEARN, "subspace=joint", *RECIPE),
    "optimize": (*MOVE, SOURCE, "subspace=d2", *RECIPE),
    "random": (*RANDOM, *RECIPE),
    "encode": (*ENCODE, SOURCE),
}
ALLOWED = ("name", "needs", "subspace.source_task")
"""What only folders are called by; and what says what to do where something is missing."""


@pytest.mark.parametrize("stage", WHOLE_RUNS)
def test_every_setting_is_read_or_refused(stage, model, tmp_path):
    small = TINY[:3] if stage == "tune" else TINY
    with watching() as seen:
        done = program(*small, *WHOLE_RUNS[stage], folder=tmp_path / "run", model=model)
    assert (done.code, done.err) == (0, "")
    keys = set(leaves(seen.config))
    assert seen.read & keys  # or nothing was watched
    assert {key for key in keys - seen.read if not overrides.below(key, (*seen.refused, *ALLOWED))} == set()
