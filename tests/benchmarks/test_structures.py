"""The tables of structures against means by hand; plans hold what fits; a run with a record is not run again."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import stdev

import pytest

from benchmarks import program, structures
from benchmarks.structures_plan import Plan, Size
from benchmarks.structures_table import entry, gathered, markdown, over_random, transfer

SIZES = {"mix": Size(10, 500), "lora": Size(40, 400), "bitfit": Size(10, 60), "lra": Size(70, 200)}


def record(task="a", test=0.5, jobs=None, steps=9):
    jobs = jobs or [{"lr": 0.1, "parameters": 30, "dev": {"value": 0.4}, "test": {"value": test}}]
    return {
        "task": {"name": task, "fingerprint": "rows"},
        "metric": "ACC",
        "majority": 0.25,
        "jobs": jobs,
        "budget": {"amount": 25.0},
        "config": {"trainer": {"max_steps": steps}, "data": {"batch_size": 8}},
        "seconds": 1.0,
        "chip": "chip",
        "versions": {},
        "revision": "0",
    }


def one(task, choice, test, seed=0, budget="b", space="mix", draw=None, source=None):
    facts = {"task": task, "budget": budget, "space": space, "choice": choice, "draw": draw, "source": source}
    return entry(record(task, test), {**facts, "seed": seed})


def full(task, test):
    return one(task, "full", test, budget=None, space=None)


def plan(**given):
    wanted = {
        "tasks": ["a", "b"],
        "budgets": ["low", "high"],
        "spaces": ["mix", "lora"],
        "choices": ["search", "random"],
        "singles": ["bitfit", "lra"],
        "seeds": [3, 4],
        "random": 3,
        "override": ["search.max_steps=2", "pack.lr=[1]"],
        "full": ["pack.lr=[2]"],
        "sizes": SIZES,
        "amounts": {"low": 30.0, "high": 80.0},
    }
    return Plan(**(wanted | given))


def test_a_plan_holds_what_fits():
    runs = list(plan(tasks=["a"]).runs())
    kinds = {(run.facts["budget"], run.facts["space"], run.facts["choice"]) for run in runs}
    assert kinds == {
        (None, None, "full"),
        ("low", "mix", "search"),
        ("low", "mix", "random"),
        ("low", "bitfit", "uniform"),
        ("high", "mix", "search"),
        ("high", "mix", "random"),
        ("high", "lora", "search"),
        ("high", "lora", "random"),
        ("high", "bitfit", "all"),
        ("high", "lra", "uniform"),
    }
    assert len({run.place for run in runs}) == len(runs)


def test_the_first_seed_of_every_task_comes_first():
    seeds = [run.facts["seed"] for run in plan().runs()]
    assert seeds == sorted(seeds)
    assert [run.facts["task"] for run in plan().runs() if run.facts["seed"] == 3][-1] == "b"


def test_random_structures_are_drawn_once_each_and_trained_with_the_seeds_in_turn():
    drawn = [run for run in plan(tasks=["a"], budgets=["low"]).runs() if run.facts["choice"] == "random"]
    assert sorted((run.facts["draw"], run.facts["seed"]) for run in drawn) == [(0, 3), (1, 4), (2, 3)]
    assert all({f"choice.seed={run.facts['draw']}", f"seed={run.facts['seed']}"} < set(run.words) for run in drawn)


def test_overrides_go_where_they_belong():
    runs = list(plan().runs())
    for run in runs:
        assert ("search.max_steps=2" in run.words) == (run.program == "search")
        assert run.words.count("pack.lr=[1]") == 1
    assert all(run.words[-1] == "pack.lr=[2]" for run in runs if run.facts["choice"] == "full")
    moved = plan().moved("a", "low", "mix", "b", 3, Path("s.yaml"))
    assert moved.program == "train"
    assert {"delta=structure", "delta.path='s.yaml'", "task=a", "seed=3", "pack.lr=[1]"} == set(moved.words)


def test_of_several_learning_rates_the_best_on_dev_counts():
    jobs = [
        {"lr": lr, "parameters": 7, "dev": {"value": dev}, "test": {"value": test}}
        for lr, dev, test in ((0.1, 0.2, 0.9), (0.2, 0.6, 0.3), (0.3, 0.5, 0.8))
    ]
    found = entry(record(jobs=jobs), {})
    assert (found["lr"], found["dev"], found["test"], found["parameters"]) == (0.2, 0.6, 0.3, 7)


RUNS = [
    full("a", 0.8),
    full("b", 0.5),
    *(one("a", "search", test, seed) for seed, test in enumerate((0.6, 0.7, 0.8))),
    one("b", "search", 0.4),
    *(one("a", "random", test, i % 2, draw=i) for i, test in enumerate((0.5, 0.6))),
    *(one("b", "random", test, i % 2, draw=i) for i, test in enumerate((0.4, 0.5))),
    one("a", "uniform", 0.3, space="bitfit"),
]


def test_scores_are_means_and_deviations():
    rows = markdown(gathered(RUNS)).splitlines()[2:]
    assert rows == [
        "|  |  | majority |  | 25.0 | 25.0 | 25.0 |",
        "|  |  | full | 30 | 80.0 | 50.0 | 65.0 |",
        f"| b | mix | search | 30 | 70.0 ± {100 * stdev([0.6, 0.7, 0.8]):.1f} | 40.0 | 55.0 |",
        f"| b | mix | random | 30 | 55.0 ± {100 * stdev([0.5, 0.6]):.1f} "
        f"| 45.0 ± {100 * stdev([0.4, 0.5]):.1f} | 50.0 |",
        "| b | bitfit | uniform | 30 | 30.0 |  |  |",
    ]


def test_the_search_is_counted_against_the_mean_of_random_structures():
    (row,) = over_random(gathered(RUNS)).splitlines()[2:]
    assert row == f"| b | mix | 2 | on 1 of 2 tasks | {(70 / 0.8 + 40 / 0.5) / 2:.1f} | 80.0 |"
    (bare,) = over_random(gathered([one("a", "search", 0.6)])).splitlines()[2:]
    assert bare == "| b | mix | none | on 0 of 0 tasks |  |  |"


def test_transfer_is_a_matrix_with_the_average_and_chance_below():
    moved = [one("a", "search", 0.1, source="b"), one("b", "search", 0.2, source="a")]
    moved += [one(task, "search", 0.3, source="average") for task in "ab"]
    found = gathered([*RUNS, *moved])
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in transfer(found, "b", "mix").splitlines()[2:]]
    assert [[cell.split(" ")[0] for cell in row] for row in rows] == [
        ["a", "70.0", "20.0", "45.0"],
        ["b", "10.0", "40.0", "25.0"],
        ["average", "30.0", "30.0", "30.0"],
        ["random", "55.0", "45.0", "50.0"],
    ]
    assert markdown(found) == markdown(gathered(RUNS))  # what was moved has no place there


def test_what_is_found_later_takes_the_place_of_the_same_run():
    before = json.loads(json.dumps(gathered([one("a", "search", 0.1), one("a", "search", 0.2, seed=1)])))
    found = gathered([one("a", "search", 0.9)], before)
    assert sorted(run["test"] for run in found["runs"]) == [0.2, 0.9]


def test_unlike_runs_do_not_join():
    other = entry(record("a", 0.5, steps=20), {**RUNS[0], "choice": "search"})
    with pytest.raises(ValueError, match="a: runs of different"):
        gathered([full("a", 0.5), {**other, "steps": 20}])


UNIT = {"role": "attn.q", "side": "encoder", "layer": 0, "p": 1.0}
STRUCTURE = {
    "format": 1,
    "backbone": {"source": "x", "family": "t5", "layers": {"encoder": 1}, "widths": {}},
    "methods": {"lora": {"kind": "lora"}},
    "units": {"lora": [{**UNIT, "cost": 20}, {**UNIT, "role": "attn.k", "cost": 30}]},
    "provenance": {},
}


@pytest.fixture
def commands(monkeypatch):
    """The commands that were run; each leaves a record and a structure, save where chance chooses."""
    found = []

    def run(command, check):
        found.append(command)
        said = dict(word.split("=", 1) for word in command[2:])
        if said.get("choice") == "random":
            return type("Failed", (), {"returncode": 1})
        folder = Path(said["hydra.run.dir"].strip("'"))
        folder.mkdir(parents=True)
        (folder / "structure.yaml").write_text(json.dumps(STRUCTURE))
        (folder / "record.json").write_text(json.dumps(record(said["task"])))
        return type("Done", (), {"returncode": 0})

    monkeypatch.setattr(program.subprocess, "run", run)
    return found


def test_only_what_is_missing_runs(tmp_path, commands, capsys):
    kept = tmp_path / "kept.json"
    words = ["--out", str(tmp_path), "--keep", str(kept), "--task", "topic", "past_tense", "--budget", "low"]
    words += ["--space", "mix", "--single", "--choice", "search", "random", "--random-structures", "1", "--seed", "0"]
    assert structures.main([*words, "--transfer", "--", "recipe.max_steps=9"]) == 2
    programs = [Path(command[1]).name for command in commands]
    assert programs == ["search.py", "search.py", *["train.py", "search.py", "search.py"] * 2, *["train.py"] * 4]
    assert all("recipe.max_steps=9" in command for command in commands)
    assert sum("retrain=false" in command for command in commands) == 2
    averaged = tmp_path.resolve() / "average" / "low" / "mix" / "0.yaml"
    assert averaged.exists()
    assert sum(f"delta.path='{averaged}'" in command for command in commands) == 2
    first = capsys.readouterr().out
    assert "| low mix | past_tense | topic | mean |" in first
    commands.clear()
    assert structures.main([*words, "--transfer"]) == 2
    assert ["choice=random" in command for command in commands] == [True, True]
    assert capsys.readouterr().out == first
    assert structures.main(["--show", "--keep", str(kept)]) == 0
    assert capsys.readouterr().out == first


def test_a_space_that_cannot_be_asked_for_ends_in_one_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(program.subprocess, "run", lambda command, check: type("Done", (), {"returncode": 2}))
    assert structures.main(["--out", str(tmp_path), "--space", "none", "--task", "topic"]) == 1
    assert capsys.readouterr().err == "search_space=none choice=all: cannot be planned for, as said above\n"


@pytest.mark.parametrize("words", [[], ["--show"], ["--out", "x", "--choice", "none"]])
def test_mistakes(words):
    with pytest.raises(SystemExit, match="2"):
        structures.main(words)
