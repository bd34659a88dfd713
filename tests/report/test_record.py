"""Records of jobs that ended in all the ways a job can end."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from deltalab.atomic import write_json
from deltalab.delta.frozen import Frozen
from deltalab.delta.lora import Lora
from deltalab.packed.job import Job, Progress
from deltalab.report.record import job_entry, tuning_record
from deltalab.task.builtin import make
from deltalab.task.metric.score import Score


@pytest.fixture
def entry(backbone):
    """`entry(method, **progress)`: the entry of a job that came so far."""

    def made(method, **progress):
        delta = method.bind(backbone, "some name")
        return job_entry(Job("job", delta, 3, 0.5, delta.layout.initial(3)), Progress(**progress), backbone)

    return made


def test_an_entry_tells_settings_counts_and_scores(entry, backbone):
    scores = {"dev": Score(0.25, {"rows": 4.0}), "test": Score(0.75, {"rows": 8.0, "unparsable": 1.0})}
    found = entry(Lora(rank=2), best_step=30, **scores)
    delta = Lora(rank=2).bind(backbone, "")
    total = sum(p.numel() for p in backbone.model.parameters())
    assert found == {
        "name": "job",
        "delta": "some name",
        "seed": 3,
        "theta0_seed": 3,
        "lr": 0.5,
        "parameters": delta.size,
        "share_of_backbone": delta.size / total,
        "units": len(delta.units),
        "best_step": 30,
        "ended": "finished",
        "dev": {"value": 0.25, "rows": 4.0},
        "test": {"value": 0.75, "rows": 8.0, "unparsable": 1.0},
    }


@pytest.mark.parametrize("ended", ["stopped", "diverged"])
def test_an_entry_tells_how_a_job_ended(entry, ended):
    assert entry(Lora(), best_step=10, ended=ended)["ended"] == ended


def test_nothing_to_train_has_no_best_step(entry):
    found = entry(Frozen(), best_step=0, test=Score(0.5))
    assert (found["best_step"], found["parameters"], found["units"]) == (None, 0, 0)


def test_the_score_is_over_what_was_tuned_or_over_all_where_nothing_was(entry, backbone):
    task = make("movie_sentiment", {"train": 9, "dev": 3, "test": 5})
    tuned = [entry(Lora(), best_step=1, test=Score(value)) for value in (0.25, 0.75)]
    frozen = entry(Frozen(), test=Score(0.1))
    record = tuning_record({"a": 1}, task, backbone, [frozen, *tuned], 1.234)
    assert (record["score"], record["seconds"], record["config"]) == (0.5, 1.23, {"a": 1})
    assert tuning_record({}, task, backbone, [frozen], 0)["score"] == 0.1
    json.dumps(record, allow_nan=False)


@dataclass
class Unwritable:
    """Nothing that JSON knows."""


def test_a_file_appears_whole_or_not_at_all(tmp_path):
    path = tmp_path / "record.json"
    write_json(path, {"a": 1})
    with pytest.raises(TypeError):
        write_json(path, {"a": Unwritable()})
    assert json.loads(path.read_text()) == {"a": 1}
    assert [other.name for other in tmp_path.iterdir()] == ["record.json"]
