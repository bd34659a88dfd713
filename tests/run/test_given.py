"""A subspace made from solutions in folders."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch

from deltalab.delta.solution import Solution
from deltalab.errors import UserError
from deltalab.run.given import given_solutions
from deltalab.subspace.file import load
from deltalab.task.builtin import make

from .stages import LEARN, MOVE, TINY, deltas, stored, watched
from .support import program

TWO = "{lora: {rank: 2}},{adapter: {size: 3}}"
TUNE = ("task.sizes={train: 48, dev: 12, test: 12}", f"pack.delta=[{TWO}]", "trainer.max_steps=2")


@pytest.fixture(scope="module")
def tuned(model: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The folder of a solution of each method, as `train.py` leaves it."""
    folder = tmp_path_factory.mktemp("tuned")
    done = program(*TUNE, "store.keep=false", folder=folder, model=model)
    assert done.code == 0, done.err
    return {name: str(done.folder / "jobs" / name / "solution") for name in ("lora", "adapter")}


def test_nothing_is_tuned_and_the_codes_are_theirs(tuned, model, tmp_path):
    given = f"subspace.given={{lora: ['{tuned['lora']}'], adapter: ['{tuned['adapter']}']}}"
    done = watched(*LEARN, given, f"store.root={tmp_path / 'store'}", folder=tmp_path / "run", model=model)
    assert done.tuned == []
    assert stored(tmp_path / "store", "solution") == []
    subspace, _, codes = load(done.folder / "subspace", deltas(model))
    found = [
        subspace.encode(name, Solution.load(Path(tuned[name]), delta).theta) for name, delta in deltas(model).items()
    ]
    (code,) = codes.values()
    torch.testing.assert_close(code, torch.stack(found).mean(0))


def test_one_solution_is_encoded_and_decoded_as_every_method(tuned, model, tmp_path):
    store = f"store.root={tmp_path / 'store'}"
    learnt = watched(*LEARN, store, folder=tmp_path / "learnt", model=model)
    given = ("stage=encode", *MOVE[1:-1], "subspace=d2", f"subspace.path={learnt.folder / 'subspace'}")
    done = watched(*given, f"solution={tuned['adapter']}", store, folder=tmp_path / "run", model=model)
    bound = deltas(model)
    subspace, _, _ = load(learnt.folder / "subspace", bound)
    code = subspace.encode("adapter", Solution.load(Path(tuned["adapter"]), bound["adapter"]).theta)
    (job,) = done.record["jobs"]
    assert (job["name"], job["source"], sorted(job["test"])) == ("adapter-seed42", "adapter", ["adapter", "lora"])
    torch.testing.assert_close(torch.tensor(job["code"]), code)
    nodelta = program(
        *TINY, *given, "delta=lora", f"solution={tuned['adapter']}", store, folder=tmp_path / "no", model=model
    )
    assert (nodelta.code, "is one of adapter" in nodelta.err) == (2, True)


class _Bound:
    """A method that is bound already."""

    def __init__(self, delta):
        self.delta = delta

    def bind(self, backbone, name):
        return self.delta


@pytest.fixture
def read(model):
    """`read(folders, seed, task)` on the methods, and by default the task, of the runs above."""
    methods = {name: _Bound(delta) for name, delta in deltas(model).items()}
    sizes = {"train": 48, "dev": 12, "test": 12}
    return lambda folders, seed=42, task="movie_sentiment": given_solutions(
        folders, methods, None, seed, make(task, sizes)
    )


def test_they_come_in_the_order_of_the_methods(read, tuned):
    found = read({"adapter": [tuned["adapter"]], "lora": [tuned["lora"], tuned["lora"]]})
    assert [(name, len(solutions)) for name, solutions in found.items()] == [("lora", 2), ("adapter", 1)]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda given: given["lora"], "folders by method are needed"),
        (lambda given: {"lora": given["lora"]}, r"subspace\.given\.adapter=None: a list of folders"),
        (lambda given: {**given, "lora": []}, r"subspace\.given\.lora=\[\]: a list"),
        (lambda given: {**given, "prefix": []}, "unknown method 'prefix'"),
        (lambda given: {**given, "lora": given["adapter"]}, "does not fit the delta 'lora'"),
        (lambda given: {**given, "lora": ["."]}, r"no solution\.json there"),
        (
            lambda given: {**given, "lora": ["none"]},
            r"none: no such folder; make it with python train",
        ),
    ],
)
def test_what_does_not_fit_is_refused(read, tuned, change, told):
    with pytest.raises(UserError, match=told):
        read(change({name: [folder] for name, folder in tuned.items()}))


def test_one_of_another_task_is_refused(read, tuned):
    """Else its score would be taken for E_orig."""
    with pytest.raises(UserError, match="of the task 'movie_sentiment' or other rows of it, not of the 'topic' here"):
        read({name: [folder] for name, folder in tuned.items()}, task="topic")


def test_another_theta0_is_refused(read, tuned):
    with pytest.raises(UserError, match="counts from the theta0 of seed 42, the subspace from that of 7"):
        read({name: [folder] for name, folder in tuned.items()}, 7)


def test_one_that_no_run_has_tested_is_refused(read, tuned, tmp_path):
    shutil.copytree(tuned["lora"], tmp_path / "lora")
    card = json.loads((tmp_path / "lora" / "solution.json").read_text())
    del card["job"]
    (tmp_path / "lora" / "solution.json").write_text(json.dumps(card))
    with pytest.raises(UserError, match=r"no run has tested it; evaluate it with solution="):
        read({"lora": [str(tmp_path / "lora")], "adapter": [tuned["adapter"]]})
