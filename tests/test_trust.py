"""Code that a file names is run only where it is of a trusted package."""

from __future__ import annotations

import sys

import pytest
import torch
from lightning import Trainer
from omegaconf import OmegaConf

from deltalab.delta.lora import Lora
from deltalab.delta.settings import make
from deltalab.errors import UserError
from deltalab.interop.node import backbone_of
from deltalab.run.build import build
from deltalab.task import builtin
from deltalab.trust import named, trust

EVIL = """
from pathlib import Path
Path(__file__).with_name("ran").touch()
def run(*words, **more): pass
"""


@pytest.fixture
def evil(tmp_path, monkeypatch):
    """A module that leaves a trace when it is imported."""
    (tmp_path / "evil.py").write_text(EVIL)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path / "ran"
    sys.modules.pop("evil", None)
    trust([])


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("deltalab.delta.lora.Lora", Lora),
        ("torch.optim.AdamW", torch.optim.AdamW),
        ("torch.tanh", torch.tanh),
        ("torch.nn.functional.gelu", torch.nn.functional.gelu),
        ("lightning.Trainer", Trainer),
        ("deltalab.task.builtin.make", builtin.make),  # beside a module of that name
    ],
)
def test_trusted_code_is_found(path, found):
    assert named(path) is found


@pytest.mark.parametrize(
    "path",
    [
        "os.system",
        "builtins.eval",
        "subprocess.run",
        "torch.os.system",
        "torch.sys.modules.clear",
        "torch.os.environ.update",
        "torch.utils.cpp_extension.subprocess.run",
        "deltalab.run.door.shutil.rmtree",
        "lightning.pytorch.trainer.trainer.os",
        "torchvision.models.alexnet",
        "deltalabs.thing",
    ],
)
def test_other_code_is_not(path):
    with pytest.raises(UserError, match="is not run; allowed: deltalab, lightning, torch, torchmetrics, transformers"):
        named(path)


@pytest.mark.parametrize("path", ["", "torch..optim", "torch.optim:AdamW", "deltalab.nosuch", "../torch"])
def test_what_is_no_name_is_no_code(path):
    with pytest.raises((ImportError, AttributeError, ValueError)):
        named(path)


@pytest.mark.parametrize(
    "node",
    [
        {"_target_": "evil.run"},
        {"_target_": "deltalab.delta.lora.Lora", "rank": {"_target_": "evil.run"}},
        {"_target_": "deltalab.delta.lora.Lora", "roles": [{"_target_": "evil.run"}]},
        {"_target_": "deltalab.delta.lora.Lora", "roles": {"deep": [[{"_target_": "evil.run"}]]}},
        {"_target_": "deltalab.delta.lora.Lora", "_args_": [{"_target_": "evil.run"}]},
    ],
)
def test_a_config_imports_nothing_else(node, evil):
    with pytest.raises(UserError, match="code of 'evil' is not run"):
        build(OmegaConf.create({"delta": node}), "delta")
    assert not evil.exists()


def test_nor_does_a_file(evil):
    for read in (make, backbone_of):
        with pytest.raises(UserError, match="code of 'evil' is not run"):
            read({"_target_": "evil.run"})
    assert not evil.exists()


def test_a_user_adds_a_package(evil):
    trust(["evil"])
    build(OmegaConf.create({"thing": {"_target_": "evil.run"}}), "thing")
    assert evil.exists()
    with pytest.raises(UserError, match="allow="):
        trust(["not a name"])
