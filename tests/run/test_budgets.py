"""The options of `budget` against counts by hand."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from deltalab.errors import UserError
from deltalab.run.budgets import Allowed, allowed
from deltalab.run.build import build
from deltalab.search.cost import Parameters

from .support import CONF, composed

WIDTH, INNER, LAYERS = 32, 3 * 6, 2  # of the small model: residual stream, heads times their size, layers of each side
OPTIONS = sorted(path.stem for path in (CONF / "budget").glob("*.yaml"))


@pytest.fixture(scope="module")
def total(model: Path) -> int:
    return sum(tensor.numel() for tensor in load_file(model / "model.safetensors").values())


def found(*words: str, model: Path, costs: tuple[int, ...] = (1, 10**9)) -> Allowed:
    """The budget for units of these costs."""
    with composed("backbone=t5", f"backbone.path={model}", *words, name="search") as config:
        return allowed(config, Parameters(), torch.tensor(costs), build(config, "backbone"))


@pytest.mark.parametrize(("option", "share"), [("2222ppm", 2222.4e-6), ("556ppm", 555.6e-6)])
def test_ppm_are_of_all_parameters_of_the_backbone(option, share, model, total):
    one = found(f"budget={option}", model=model)
    assert one.amount == pytest.approx(share * total)
    assert (one.denominator, one.unit) == (total, "parameters")
    assert one.entry()["ppm"] == pytest.approx(1e6 * share)


def test_the_published_budgets_of_t5_large():
    """1.389 and 0.348 in ten thousand of 737,639,424 parameters; the others are a factor of four apart."""
    budgets = {}
    for option in (name for name in OPTIONS if name.endswith("ppm")):
        with composed(f"budget={option}", name="search") as config:
            budgets[option] = config.budget.ppm * 737.639424
    assert budgets["139ppm"] == pytest.approx(102_458.1, abs=0.1)
    assert budgets["35ppm"] == pytest.approx(25_669.9, abs=0.1)
    ordered = sorted(budgets.values())
    assert [later / former for former, later in pairwise(ordered)] == pytest.approx([4] * 4, rel=3e-3)


# LoRA on q and v, of self- and cross-attention; adapters behind every block of a layer.
QUERIES = (2 * LAYERS + LAYERS) * 2
SIZES = {
    "budget=as_lora_r1": QUERIES * (WIDTH + INNER),
    "budget=as_lora": QUERIES * (WIDTH + INNER) * 8,
    "budget=as_lnfit": (2 * LAYERS + 3 * LAYERS + 2) * WIDTH,
    "budget=as_bitfit": (3 * LAYERS) * (3 * INNER + WIDTH) + 2 * LAYERS * (2 * 40 + WIDTH) + (5 * LAYERS + 2) * WIDTH,
    "budget=like delta@budget.like=adapter budget.like.size=1": 5 * LAYERS * (2 * WIDTH + 1 + WIDTH),
}


@pytest.mark.parametrize("words", SIZES)
def test_a_budget_can_be_the_size_of_another_delta(words, model):
    one = found(*words.split(), model=model)
    assert one.amount == SIZES[words]
    assert one.given.startswith("like ")


def test_every_option_is_counted_here():
    counted = {"9ppm", "35ppm", "139ppm", "556ppm", "2222ppm", "like", "as_lora_r1", "as_lora", "as_lnfit", "as_bitfit"}
    assert set(OPTIONS) == counted


def test_a_typed_number_takes_the_place_of_the_default(model):
    assert found("budget.parameters=400", model=model).amount == 400
    with composed("backbone=t5", f"backbone.path={model}", "budget.parameters=400", name="search") as config:
        allowed(config, Parameters(), torch.tensor([1, 10**9]), build(config, "backbone"))
        assert (config.budget.ppm, config.budget.parameters) == (None, 400)  # as the record shows it


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("budget=35ppm", "budget.parameters=400"), "given by ppm and parameters"),
        (("budget.ppm=70", "budget.parameters=400"), "given by ppm and parameters"),
        (("budget=as_lnfit", "budget.ppm=70"), "given by ppm and like"),
        (("budget.ppm=null",), "not given"),
        (("budget.parameters=17",), "no unit fits, the smallest of the search space has 18"),
        (("budget.parameters=4000",), "the whole search space has 68: give less"),
        (("budget.parameters=68",), "the whole search space has 68: give less"),
    ],
)
def test_a_budget_is_given_once_and_binds(words, message, model):
    with pytest.raises(UserError, match=message):
        found(*words, model=model, costs=(50, 18))
