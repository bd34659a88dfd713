"""The table of pairs against means by hand; a run with a record is not run again."""

from __future__ import annotations

import json
from statistics import stdev

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser

from benchmarks import pairs, program
from benchmarks.pairs_table import entry, gathered, markdown, originals

METHODS = ["adapter", "lora"]


def record(target, seed, diagonal, off, kind="learned", dim=4):
    rel = {s: {t: diagonal if s == t else off for t in METHODS} for s in METHODS}
    return {
        "task": {"name": target},
        "kind": kind,
        "dim": dim,
        "metric": "ACC",
        "majority": 0.5,
        "methods": METHODS,
        "e_orig": dict.fromkeys(METHODS, 0.8),
        "e_sub": {},
        "e_rel": rel,
        "config": {"seed": seed},
        "chip": "chip",
        "versions": {},
        "revision": "0",
        "seconds": 1.0,
    }


def test_means_over_targets_then_over_seeds():
    runs = [
        entry(record("a", 0, 90.0, 60.0), "s", "d4"),
        entry(record("b", 0, 70.0, None), "s", "d4"),
        entry(record("a", 1, 100.0, 80.0), "s", "d4"),
        entry(record("b", 1, 80.0, 40.0), "s", "d4"),
        entry(record("a", 0, 55.0, 50.0, "random"), "s", "random"),
    ]
    first, second, all_learned, random = markdown(gathered(runs)).splitlines()[2:]
    nine, eight = f"95.0 ± {stdev([90.0, 100.0]):.1f}", f"75.0 ± {stdev([70.0, 80.0]):.1f}"
    assert first == f"| learned | 4 | s | a | 2 | {nine} | {nine} | {nine} | 70.0 ± {stdev([60.0, 80.0]):.1f} |"
    assert second == f"| learned | 4 | s | b | 2 | {eight} | {eight} | {eight} | 40.0 |"
    both = f"85.0 ± {stdev([80.0, 90.0]):.1f}"
    transfer = f"60.0 ± {stdev([60.0, 60.0]):.1f}"
    assert all_learned == f"| learned | 4 | mean of 2 pairs |  | 2 | {both} | {both} | {both} | {transfer} |"
    assert random == "| random | 4 | s | a | 1 | 55.0 | 55.0 | 55.0 | 50.0 |"


def test_all_pairs_are_of_the_seeds_that_each_has():
    """Else a seed that only an easy pair has would pass for a spread between seeds."""
    easy = [entry(record("a", seed, 100.0, 100.0), "s", "d4") for seed in (0, 1, 2)]
    hard = [entry(record("b", seed, 20.0 + seed, 20.0), "s", "d4") for seed in (1, 2)]
    last = markdown(gathered([*easy, *hard])).splitlines()[-1]
    assert last.startswith(f"| learned | 4 | mean of 2 pairs |  | 2 | 60.8 ± {stdev([60.5, 61.0]):.1f} |")
    apart = [*easy[:1], *hard]
    assert "mean" not in markdown(gathered(apart))


def test_methods_with_codes_of_their_own_are_no_shared_subspace():
    shared, own = (entry(record("a", 0, 90.0, 60.0), "s", name) for name in ("d4", "unshared:4"))
    assert [line.split(" | ")[0] for line in markdown(gathered([shared, own])).splitlines()[2:]] == [
        "| learned",
        "| unshared",
    ]


def test_runs_may_have_a_name_of_their_own():
    cold, warm = (
        entry(record("a", 0, rel, rel), "s", "d4", name) for name, rel in ((None, 50.0), ("warm start", 90.0))
    )
    rows = markdown(gathered([warm], gathered([cold]))).splitlines()[2:]
    assert rows == [
        "| learned | 4 | s | a | 1 | 50.0 | 50.0 | 50.0 | 50.0 |",
        "| warm start | 4 | s | a | 1 | 90.0 | 90.0 | 90.0 | 90.0 |",
    ]


def test_nothing_defined_is_said():
    assert markdown(gathered([entry(record("a", 0, None, None), "s", "d4")])).endswith(
        "| undefined | undefined | undefined | undefined |\n"
    )


def test_what_is_found_later_takes_the_place_of_the_same_run():
    before = json.loads(json.dumps(gathered([entry(record("a", 0, 10.0, 10.0), "s", "d4")])))
    found = gathered([entry(record("a", 0, 90.0, 60.0), "s", "d4"), entry(record("a", 1, 9.0, 9.0), "s", "d4")], before)
    assert [run["e_rel"]["lora"]["lora"] for run in found["runs"]] == [90.0, 9.0]


def test_originals_are_means_over_seeds_beside_the_majority():
    """A seed counts once, however many subspaces it was tried with."""
    low = {**record("b", 1, 90.0, 60.0), "e_orig": {"adapter": 0.4, "lora": 0.005}, "majority": 0.25}
    high = {**record("b", 0, 90.0, 60.0), "e_orig": {"adapter": 0.6, "lora": 0.005}, "majority": 0.35}
    runs = [entry(one, "s", subspace) for one in (low, high) for subspace in ("d4", "d10")]
    runs.append(entry(high, "s", "d2"))
    assert originals(gathered(runs)).splitlines()[2:] == [
        "| b | E_orig | 30.0 | 50.0 | 0.5 |",
        "| | E_rel of the majority | | 60.0 | undefined |",
    ]


def test_only_what_is_missing_runs(tmp_path, monkeypatch, capsys):
    done = tmp_path / "topic" / "news_topic" / "random:2" / "0"
    done.mkdir(parents=True)
    (done / "record.json").write_text(json.dumps(record("news_topic", 0, 90.0, 60.0, "random", 2)))
    commands = []

    def run(command, check):
        commands.append(command)
        return type("Done", (), {"returncode": 1})

    monkeypatch.setattr(program.subprocess, "run", run)
    kept = tmp_path / "kept.json"
    words = ["--source", "topic", "--target", "news_topic", "--subspace", "random:2", "d4", "--seed", "0"]
    assert pairs.main(["--out", str(tmp_path), "--keep", str(kept), *words, "--", "trainer=smoke"]) == 1
    [command] = commands
    asked = {
        "stage=optimize",
        "task=news_topic",
        "subspace=d4",
        "subspace.source_task=['task=topic']",
        "seed=0",
        "trainer=smoke",
    }
    assert asked < set(command)
    table = capsys.readouterr().out
    assert "| random | 2 | topic | news_topic | 1 |" in table
    assert pairs.main(["--show", "--keep", str(kept)]) == 0
    assert capsys.readouterr().out == table


def test_folders_are_tasks_and_what_holds_for_one_holds_for_both(tmp_path, monkeypatch):
    """Read back by Hydra, as `train.py` reads them."""
    folders = [tmp_path / name for name in ("it's", "other")]
    for folder in folders:
        folder.mkdir()
    commands = []

    def run(command, check):
        commands.append(command)
        return type("Done", (), {"returncode": 1})

    monkeypatch.setattr(program.subprocess, "run", run)
    words = ["--source", str(folders[0]), "--target", str(folders[1]), "--subspace", "d4", "--seed", "0"]
    assert pairs.main(["--out", str(tmp_path / "out"), *words, "--", "task.limit.dev=5", "recipe.lr=1"]) == 1
    parsed = OverridesParser.create().parse_overrides(commands[0][2:])
    read = {one.key_or_group: one.value() for one in parsed if one.key_or_group not in ("logger", "callbacks")}
    assert (read["task"], read["task.path"], read["task.limit.dev"]) == ("tsv", str(folders[1]), 5)
    source = OverridesParser.create().parse_overrides(read["subspace.source_task"])
    assert {one.key_or_group: one.value() for one in source} == {
        "task": "tsv",
        "task.path": str(folders[0]),
        "task.limit.dev": 5,
    }
    assert read["hydra.run.dir"] == f"{tmp_path}/out/it's/other/d4/0"


@pytest.mark.parametrize("words", [[], ["--show"]])
def test_mistakes(words):
    with pytest.raises(SystemExit, match="2"):
        pairs.main(words)
