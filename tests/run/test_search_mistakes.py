"""python search.py: a mistake ends in one line, and nothing is left."""

from __future__ import annotations

import pytest

from .searching import SHORT
from .support import program

MISTAKES = [
    ("nosuch=1", ["search: unknown key 'nosuch'", "allowed: allow, backbone, "]),
    ("search.nosuch=1", ["search: unknown key 'nosuch'"]),
    ("choice=randm", ["choice: unknown option 'randm'", "did you mean random"]),
    ("budget=140ppm", ["budget: unknown option '140ppm'", "did you mean "]),
    ("budget=35ppm budget.parameters=9", ["budget: given by ppm and parameters; give it once"]),
    ("budget.ppm=null", ["budget: not given; give it once"]),
    ("budget.ppm=-1", ["budget.ppm=-1: a finite number above 0"]),
    ("budget.ppm=x", ["budget.ppm=x: must be a number"]),
    ("budget.parameters=3", ["budget: 3 parameters is 3 of the backbone's ", "no unit fits, the smallest "]),
    ("budget.parameters=99999", ["budget: 99999 parameters is ", "give less, or choice=all"]),
    ("choice=random budget.parameters=99999", ["give less, or choice=all"]),
    ("cost=flops budget.parameters=99", ["budget.parameters: counts parameters, and the cost counts FLOPs"]),
    ("choice=random strategy=l0", ["strategy=l0: choice=random does not use it"]),
    ("choice=uniform gate.kind=soft", ["gate.kind=soft: choice=uniform does not use it"]),
    ("choice=all budget=35ppm", ["budget=35ppm: choice=all takes every unit"]),
    ("search_space=null", ["search_space: unknown option 'null'; allowed: adapter, bitfit, "]),
    ("budget=139", ["budget: unknown option '139'; did you mean 139ppm?"]),
    ("search_space=lora search_space.methods.lora=null", ["search_space.methods={}: name at least one method"]),
    (
        "search_space=lora +delta@search_space.methods.prompt=prompt",
        ["search_space.methods.prompt: a gate cannot leave it out"],
    ),
    ("trainer.precision=16-mixed backbone.force_fp16=true", ["trainer.precision=16-mixed: a search takes gradients"]),
    ("search_space.methods.lora.lr=0.5", ["search_space.methods.lora.lr=0.5: all units are searched at search.lr"]),
    ("hypergradient.radius=0", ["hypergradient.radius=0: must be a number above 0"]),
    ("hypergradient.floor=-1", ["hypergradient.floor=-1: must be a number of at least 0"]),
    ("gate.kind=hard", ["gate.kind: unknown kind 'hard'"]),
    ("gate.low=0.5", ["gate.low=0.5: low is at most 0"]),
    ("strategy.beta=0", ["strategy.beta=0: a number above 0"]),
    ("strategy.gradient=none", ["strategy.gradient: unknown gradient 'none'"]),
    (
        "budget.parameters=300 strategy=l0 gate=hard_concrete search.budget_schedule.decay.steps=2",
        ["search.budget_schedule.decay.steps=2: strategy=l0 has no budget before the choice"],
    ),
    ("gate=soft search.temperature.end=0.5", ["search.temperature.end=0.5: gate=soft takes p itself"]),
    ("strategy=l0", ["gate.low=0.0: an L0 penalty needs gates that reach 0, low below 0; give gate=hard_concrete"]),
    ("search.temperature.decay.shape=cosine", ["search.temperature.decay.shape: unknown shape 'cosine'"]),
    (
        "budget.parameters=300 search.budget_schedule.decay.steps=1.5",
        ["search.budget_schedule.decay.steps=1.5: a share of the search is above 0 and at most 1.0"],
    ),
    ("search.alpha_schedule.warmup=2", ["search.alpha_schedule.warmup=2: a fraction of the run"]),
    ("trainer.max_steps=0", ["search.max_steps=0: alpha never moves, for search.warmup is 0"]),
    ("search.warmup=4 trainer.max_steps=4", ["search.max_steps=4: alpha never moves, for search.warmup is 4"]),
    (
        "trainer.max_steps=1",
        ["search.max_steps=1: alpha never moves", "at step 0 a falling budget is still everything"],
    ),
    ("search.every=9", ["alpha never moves, for search.warmup is 0, search.every 9"]),
    ("trainer.max_steps=-1 trainer.max_epochs=1 search.warmup=99", ["alpha never moves, for search.warmup is 99"]),
    ("trainer.max_steps=-1", ["trainer.max_steps=-1: needs an end; give trainer.max_steps or trainer.max_epochs"]),
    ("budget.parameters=300 search.budget_schedule=null", ["search.budget_schedule=null: must be a group of keys"]),
    ("search.temperature.decay=null", ["search.temperature.decay=null: must be a group of keys"]),
    ("search.schedule=null", ["search.schedule=null: must be a group of keys"]),
    ("search.batch_size=4", ["search.batch_size=4: data.batch_size=8 takes its place; give one of the two"]),
    ("search.alpha_lr=0", ["search.alpha_lr=0: must be above 0"]),
    ("search_space.methods.lora.layers=[]", ["search_space.methods.lora: backbone ", "match nothing"]),
    ("search_space=lora ~search_space.methods.lora", ["search_space.methods={}: name at least one method"]),
    ("delta=lora", ["delta=lora: the chosen units are what is trained"]),
    ("pack.delta=[lora]", ["pack.delta=[lora]: the chosen units are what is trained"]),
    ("stage=optimize", ["stage=optimize: the chosen units are what is trained"]),
    ("stage.schedule.shape=cosine", ["stage.schedule.shape: unknown shape 'cosine'"]),
    ("pack.seed=[1,1]", ["pack.seed=[1, 1]: name at least one value, and none of them twice"]),
    ("solution=here", ["search: unknown key 'solution'"]),
    ("retrain=maybe", ["retrain=maybe: must be true or false"]),
    ("search.select=best", ["search.select: unknown score 'best'"]),
    ("search.lr=-1", ["search.optimizer: "]),
    ("choice=sensitivity choice.to=units", ["choice.to: unknown kind 'units'", "gates, numbers"]),
    ("choice=sensitivity choice.steps=0", ["choice.steps=0: must be a whole number, at least 1"]),
    ("choice=magnitude choice.lr=0", ["choice.lr=0: a learning rate is a number above 0"]),
    ("choice=random choice.seed=-1", ["choice.seed=-1: must be a whole number"]),
    ("resume=nowhere", ["resume=nowhere: no such file"]),
]


@pytest.mark.parametrize(("overrides", "pieces"), MISTAKES, ids=[overrides for overrides, _ in MISTAKES])
def test_a_mistake_is_one_line_and_leaves_nothing(overrides, pieces, model, tmp_path):
    folder = tmp_path / "run"
    default = () if "budget" in overrides or "choice=all" in overrides else ("budget.parameters=300",)
    done = program(*SHORT, *default, *overrides.split(), folder=folder, model=model, name="search")
    assert (done.code, len(done.err.splitlines())) == (2, 1), done.err
    for piece in pieces:
        assert piece in done.err
    assert not folder.exists()
