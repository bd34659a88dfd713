"""Units chosen without a search, against loops over what the runs leave."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from torch import Tensor

from deltalab.backbone.families.t5 import t5
from deltalab.backbone.load import pretrained
from deltalab.delta.chosen import Structure
from deltalab.delta.method import Delta
from deltalab.delta.segment import Segment
from deltalab.delta.solution import Solution
from deltalab.delta.structure import FromStructure
from deltalab.run import scored
from deltalab.run.build import build
from deltalab.run.choices import Asked
from deltalab.run.ground import ground
from deltalab.run.scored import _gradient, _rows, _tuned, magnitude
from deltalab.step import losses

from .support import BARE, SMALL, Outcome, composed, program

SHORT = (
    *SMALL,
    "trainer.max_steps=4",
    "trainer.val_check_interval=4",
    "delta.lr=0.03",
    "trainer.limit_val_batches=1.0",
)
BUDGET = 300


def run(*overrides: str, folder: Path, model: Path) -> Outcome:
    done = program(*SHORT, *overrides, folder=folder, model=model, name="search")
    assert (done.code, done.err) == (0, "")
    return done


@pytest.fixture(scope="module")
def everything(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The whole space, tuned for four steps."""
    return run("choice=all", folder=tmp_path_factory.mktemp("all"), model=model)


@pytest.fixture(scope="module")
def whole(everything: Outcome, model: Path) -> Delta:
    path = str(everything.folder / "structure.yaml")
    return FromStructure(path).bind(pretrained(str(model), t5()), "structure")


def names(folder: Path) -> list[str]:
    return [str(name) for name in Structure.load(folder / "structure.yaml").names]


def filled(scores: list[float], costs: list[int]) -> set[int]:
    """Units by falling score as long as they fit."""
    chosen, left = set(), BUDGET
    for i in sorted(range(len(costs)), key=lambda i: -scores[i]):
        if costs[i] <= left:
            chosen.add(i)
            left -= costs[i]
    return chosen


def test_all_is_the_whole_space_without_a_budget(everything, whole):
    methods = everything.record["structure"]["methods"]
    assert everything.record["budget"] is None
    assert all(row["units"] == row["of_units"] > 0 for row in methods.values())
    assert sum(row["units"] for row in methods.values()) == len(whole.units)
    assert [job["parameters"] for job in everything.record["jobs"]] == [whole.size]
    assert all(unit.p == 1 for unit in Structure.load(everything.folder / "structure.yaml").units)


def test_magnitude_is_how_far_each_unit_went(everything, whole, model, tmp_path):
    """The tuned whole space of another run, its tensors collected by the names that units give them."""
    solved = Solution.load(everything.folder / "solution", whole)
    assert everything.record["jobs"][0]["best_step"] == 4
    way = dict(
        zip((spec.name for spec in whole.layout.specs), whole.layout.split(solved.theta - solved.theta0), strict=True)
    )
    lengths = [sum(float(way[s.name].double().square().sum()) for s in unit.specs) ** 0.5 for unit in whole.units]
    chosen = filled(lengths, whole.unit_sizes().tolist())
    words = ("choice=magnitude", "choice.steps=4", f"budget.parameters={BUDGET}", "retrain=false")
    done = run(*words, folder=tmp_path, model=model)
    assert set(names(tmp_path)) == {names(everything.folder)[i] for i in chosen}
    assert done.record["structure"]["parameters"] <= BUDGET
    assert not (tmp_path / "checkpoints").exists()  # the short tuning leaves nothing


def test_magnitude_takes_its_own_steps_where_nothing_is_retrained(everything, model, tmp_path):
    words = ("choice=magnitude", "choice.steps=4", f"budget.parameters={BUDGET}")
    for i, more in enumerate((["retrain=false"], ["trainer.max_steps=0"])):
        run(*words, *more, folder=tmp_path / str(i), model=model)
    assert names(tmp_path / "0") == names(tmp_path / "1")


def test_magnitude_counts_from_the_theta0_that_is_asked_for(model, monkeypatch):
    """Small steps end near the theta0 that they began from, and far from that of any other seed."""
    ways: list[Tensor] = []
    monkeypatch.setattr(scored.scores, "magnitude", lambda delta, way: ways.append(way) or torch.ones(len(delta.units)))
    for seed in (1, 1, 7):
        with asking(model, "choice=magnitude", f"theta0_seed={seed}") as found:
            initial = found.space.delta.layout.initial
            assert torch.equal(_tuned(found, 0, 0.03)[0], initial(seed))
            magnitude(found, 4, 1e-4)
    assert (initial(7) - initial(1)).abs().max() > 0.1
    assert all(0 < float(way.abs().max()) < 2e-3 for way in ways)
    assert torch.equal(ways[0], ways[1])
    assert not torch.equal(ways[1], ways[2])


def test_chance_follows_its_seed(model, tmp_path):
    found = []
    for i, seed in enumerate((0, 0, 1)):
        words = ("choice=random", f"seed={seed}", f"budget.parameters={BUDGET}", "retrain=false")
        run(*words, folder=tmp_path / str(i), model=model)
        found.append(names(tmp_path / str(i)))
    assert found[0] == found[1] != found[2]


def test_uniform_visits_every_layer(model, tmp_path):
    words = ("search_space=lnfit", "choice=uniform", "budget.parameters=192", "retrain=false")
    run(*words, folder=tmp_path, model=model)
    found = Structure.load(tmp_path / "structure.yaml").names  # six gains of 32
    assert [unit.method for unit in found] == ["lnfit"] * 6
    layers = [(unit.side, unit.layer) for unit in found]
    assert set(layers) == {(side, layer) for side in ("encoder", "decoder") for layer in (0, 1, None)}


@contextmanager
def asking(model: Path, *overrides: str) -> Iterator[Asked]:
    given = ("backbone=t5", f"backbone.path={model}", *BARE, *SHORT, "search_space=lora", f"budget.parameters={BUDGET}")
    with composed(*given, *overrides, name="search") as config:
        base, task = ground(config), build(config, "task")
        yield Asked(config, base, task, build(config, "search_space").bind(base.backbone), [])


@pytest.fixture(scope="module")
def asked(model: Path):
    with asking(model) as found:
        yield found


def test_gradients_to_gates_and_numbers_are_differences_of_the_loss(asked):
    theta, data, trainer = _tuned(asked, 3, 0.03)
    (batch,) = _rows(data, trainer, 1)
    delta, count = asked.space.delta, len(asked.space.members)

    def loss(at: Tensor, gates: Tensor) -> float:
        with torch.no_grad():
            return float(losses(asked.base.stack, batch, [Segment(delta, at, gates[None])])[0])

    def slope(of: str, i: int, step: float) -> float:
        sides = []
        for sign in (step, -step):
            at, gates = theta.clone(), torch.ones(count)
            (gates if of == "gates" else at)[i] += sign
            sides.append(loss(at, gates))
        return (sides[0] - sides[1]) / (2 * step)

    for of, step in (("gates", 0.1), ("numbers", 0.02)):
        found = _gradient(asked, theta, batch, of)
        assert len(found) == (count if of == "gates" else delta.size)
        for i in found.abs().topk(5).indices.tolist():
            assert slope(of, i, step) == pytest.approx(float(found[i]), rel=0.05, abs=2e-4)


@pytest.mark.parametrize("to", ["gates", "numbers"])
def test_sensitivity_fills_the_budget_with_what_the_loss_feels_most(to, asked, tmp_path, model):
    """The fill by a loop, the scores by a loop over single batches."""
    theta, data, trainer = _tuned(asked, 2, 0.03)
    found = [_gradient(asked, theta, batch, to) for batch in _rows(data, trainer, 3)]
    scores = []
    for unit, reads in enumerate(asked.space.delta.reads):
        if to == "gates":
            scores.append(abs(sum(float(one[unit]) for one in found)) / 3)
        else:
            parts = [asked.space.delta.layout.split(one) for one in found]
            scores.append(sum(float(part[r].square().sum()) for part in parts for r in reads) / 3)
    chosen = filled(scores, asked.costs.tolist())
    words = ("search_space=lora", "choice=sensitivity", f"choice.to={to}", "choice.steps=2", "choice.batches=3")
    done = run(*words, f"budget.parameters={BUDGET}", "retrain=false", folder=tmp_path, model=model)
    assert done.record["choice"] == "sensitivity"
    assert set(names(tmp_path)) == {str(asked.space.members[i].name) for i in chosen}


def test_measured_costs_are_measured_once():
    calls = []
    cost = SimpleNamespace(costs=lambda space: calls.append(space) or torch.ones(2))
    asked = Asked(None, None, None, "space", [])
    asked.__dict__["cost"] = cost
    assert (asked.costs.tolist(), asked.costs.tolist(), calls) == ([1, 1], [1, 1], ["space"])
