"""An experiment without a config is that of `train.py`, number for number."""

from __future__ import annotations

import pytest
from safetensors.torch import load_file

from deltalab.backbone.families.t5 import t5
from deltalab.backbone.load import pretrained
from deltalab.delta.adapter import Adapter
from deltalab.delta.lora import Lora
from deltalab.delta.method import Delta
from deltalab.errors import UserError
from deltalab.task.builtin import make
from deltalab.tuning.prepare import prepare

from ..run.support import program, save_model
from .support import trainer

SIZES = {"train": 48, "dev": 12, "test": 12}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_model(tmp_path_factory.mktemp("model"))


@pytest.fixture
def backbone(folder):
    return pretrained(str(folder), t5())


@pytest.fixture(scope="module")
def task():
    return make("movie_sentiment", SIZES)


def test_it_leaves_the_thetas_and_scores_of_the_program(folder, backbone, task, tmp_path):
    words = ("task=movie_sentiment", "task.sizes={train: 48, dev: 12, test: 12}", "pack.delta=[lora,adapter]")
    whole = ("trainer.limit_val_batches=1.0", "trainer.limit_test_batches=1.0")
    done = program(*words, *whole, folder=tmp_path / "run", model=folder)
    assert done.code == 0, done.err

    deltas = [Lora().bind(backbone, "lora"), Adapter().bind(backbone, "adapter")]
    module, data = prepare(task, deltas)
    own = trainer(max_steps=2, val_check_interval=1, gradient_clip_val=1.0)
    own.fit(module, data)
    own.test(module, data, verbose=False)
    for delta, best, progress, entry in zip(deltas, module.best, module.progress, done.record["jobs"], strict=True):
        left = load_file(done.folder / "jobs" / delta.name / "solution" / "theta.safetensors")
        tensors = delta.layout.unflatten(best)
        assert left.keys() == tensors.keys()
        assert all(left[name].equal(tensors[name]) for name in left)
        assert progress.test.value == entry["test"]["value"]


def test_dropout_is_as_the_backbone_has_it(folder, task):
    module, _ = prepare(task, [Lora(rank=1).bind(pretrained(str(folder), t5(), dropout=0.1), "lora")])
    assert all(part.training for part in module.backbone.modules())


def test_a_rate_is_given_or_that_of_the_method(backbone, task):
    delta = Lora(rank=1, lr=0.25).bind(backbone, "lora")
    assert prepare(task, [delta])[0].jobs[0].lr == 0.25
    assert prepare(task, [delta], lr=0.5)[0].jobs[0].lr == 0.5


def test_what_cannot_stand_side_by_side_is_refused(folder, backbone, task):
    lora = Lora(rank=1).bind(backbone, "lora")
    other = Lora(rank=1).bind(pretrained(str(folder), t5()), "other")
    with pytest.raises(UserError, match=r"\[\] is not allowed"):
        prepare(task, [])
    with pytest.raises(UserError, match="each with a name of its own"):
        prepare(task, [lora, lora])
    with pytest.raises(UserError, match="bind all of them to one"):
        prepare(task, [lora, other])
    with pytest.raises(UserError, match="give lr="):
        prepare(task, [Delta("units", backbone, lora.units)])


def test_what_was_trained_and_never_seen_on_dev_is_not_tested(backbone, task):
    module, data = prepare(task, [Lora(rank=1).bind(backbone, "lora")])
    own = trainer(max_steps=1, val_check_interval=2)
    own.fit(module, data)
    with pytest.raises(UserError, match="job lora: no dev score yet"):
        own.test(module, data, verbose=False)
    own.validate(module, data, verbose=False)
    own.test(module, data, verbose=False)
    assert module.progress[0].test is not None
