"""The record and the table of a structure search, from numbers by hand."""

from __future__ import annotations

import pytest

from deltalab.delta.bitfit import BitFit
from deltalab.delta.candidates import Candidates
from deltalab.delta.chosen import Structure
from deltalab.delta.lora import Lora
from deltalab.report.search_record import Sought, search_record
from deltalab.report.search_table import print_structure
from deltalab.task.builtin import make

from .test_table import cells

WIDTH, HEADS = 16, 18  # of the backbone of the tests, which has 3 encoder and 2 decoder layers
BUDGET = {"amount": 60.0, "unit": "parameters", "denominator": 30_000, "given": "60 parameters", "ppm": 2000.0}


@pytest.fixture
def sought(backbone) -> Sought:
    """Five queries by LoRA of rank 1 and five biases behind feed-forward blocks' outputs; one and two are chosen."""
    space = Candidates.of({"lora": Lora(rank=1, roles=["attn.q"]), "bitfit": BitFit(roles=["ffn.out"])}, backbone)
    return Sought("random", BUDGET, space, Structure.of(space, [3, 5, 9]), {"best_step": 7}, 1.25)


def test_methods_are_counted_in_the_choice_and_in_the_space(sought):
    one, bias = WIDTH + HEADS, WIDTH
    assert sought.methods == {
        "lora": {"units": 1, "parameters": one, "of_units": 5, "of_parameters": 5 * one},
        "bitfit": {"units": 2, "parameters": 2 * bias, "of_units": 5, "of_parameters": 5 * bias},
    }


def test_a_record_says_what_was_chosen_under_which_budget(sought, backbone):
    task = make("topic", {"train": 20, "dev": 4, "test": 4})
    jobs = [{"name": "a"}, {"name": "b"}]
    record = search_record({"seed": 1}, task, backbone, sought, {"score": 0.5, "jobs": jobs, "seconds": 2.0}, 3.5)
    total, cost = sum(p.numel() for p in backbone.model.parameters()), WIDTH + HEADS + 2 * WIDTH
    assert record["structure"] == {
        "units": 3,
        "parameters": cost,
        "denominator": total,
        "ppm": pytest.approx(1e6 * cost / total),
        "methods": sought.methods,
    }
    told = {key: record[key] for key in ("stage", "choice", "budget", "score", "metric", "jobs", "search", "config")}
    assert told == {
        "stage": "search",
        "choice": "random",
        "budget": BUDGET,
        "score": 0.5,
        "metric": task.metric.name,
        "jobs": jobs,
        "search": {"best_step": 7},
        "config": {"seed": 1},
    }
    assert (record["seconds"], record["seconds_search"], record["seconds_retrain"]) == (3.5, 1.25, 2.0)
    assert record["task"]["fingerprint"] == task.fingerprint


def test_without_retraining_there_is_no_score(sought, backbone):
    task = make("topic", {"train": 20, "dev": 4, "test": 4})
    record = search_record({}, task, backbone, sought, None, 1.0)
    assert (record["score"], record["jobs"], record["seconds_retrain"]) == (None, [], None)


def test_the_table_shows_shares_of_the_backbone(sought, backbone, capsys):
    print_structure(sought)
    shown = capsys.readouterr().out
    total, one = sum(p.numel() for p in backbone.model.parameters()), WIDTH + HEADS
    assert "choice=random, 1 s; budget 60 = 2000.0 ppm of 30,000 parameters" in " ".join(shown.split())
    assert cells(shown) == [
        ["lora", "1", "5", f"{one}", f"{5 * one}", f"{1e6 * one / total:.1f}"],
        ["bitfit", "2", "5", f"{2 * WIDTH}", f"{5 * WIDTH}", f"{2e6 * WIDTH / total:.1f}"],
        ["together", "3", "10", f"{one + 2 * WIDTH}", f"{5 * (one + WIDTH)}", f"{1e6 * (one + 2 * WIDTH) / total:.1f}"],
    ]


def test_a_single_method_has_no_sum_and_no_budget_no_share(backbone, capsys):
    space = Candidates.of({"lora": Lora(rank=1, roles=["attn.q"])}, backbone)
    print_structure(Sought("all", None, space, Structure.of(space, range(5)), {}, 0.0))
    shown = capsys.readouterr().out
    assert "choice=all, 0 s; no budget" in shown
    assert [row[0] for row in cells(shown)] == ["lora"]
