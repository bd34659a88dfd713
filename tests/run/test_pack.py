"""Which jobs a config asks for."""

from __future__ import annotations

import pytest
import torch

from deltalab.delta.solution import Solution
from deltalab.errors import UserError
from deltalab.run.pack import jobs, methods, refuse_delta_beside_pack

from .support import composed


def asked(backbone, *overrides: str):
    """The jobs of these overrides."""
    with composed(*overrides) as config:
        refuse_delta_beside_pack(config)
        return jobs(config, backbone, methods(config))


def names(backbone, *overrides: str) -> list[str]:
    return [job.name for job in asked(backbone, *overrides)]


def test_one_job_by_default_with_the_usual_rate_of_its_method(backbone):
    (job,) = asked(backbone, "delta=prefix", "seed=7")
    assert (job.name, job.seed, job.lr) == ("prefix", 7, 1e-2)
    assert torch.equal(job.start, job.delta.layout.initial(7))


def test_a_given_rate_holds_for_every_method(backbone):
    found = asked(backbone, "pack.delta=[lora,prefix]", "optimizer.lr=0.5")
    assert [job.lr for job in found] == [0.5, 0.5]


def test_a_run_can_be_named(backbone):
    found = asked(backbone, "name=mine", "delta=ia3", "pack.seed=[0,1]")
    assert [(job.name, job.delta.name) for job in found] == [("mine-seed0", "ia3"), ("mine-seed1", "ia3")]


def test_every_combination_is_a_job_named_by_what_differs(backbone):
    assert names(backbone, "pack.seed=[0,1]", "pack.lr=[1e-3,3e-4]") == [
        "lora-seed0-lr0.001",
        "lora-seed0-lr0.0003",
        "lora-seed1-lr0.001",
        "lora-seed1-lr0.0003",
    ]
    assert names(backbone, "pack.lr=[1e-3,3e-4]") == ["lora-lr0.001", "lora-lr0.0003"]
    assert names(backbone, "pack.seed=[3]", "pack.lr=3e-4") == ["lora"]
    assert names(backbone, "pack.delta=[bitfit,ia3]", "pack.seed=[0,1]") == [
        "bitfit-seed0",
        "bitfit-seed1",
        "ia3-seed0",
        "ia3-seed1",
    ]


def test_equal_names_are_numbered_and_options_apply_to_their_own_entry(backbone):
    found = asked(backbone, "pack.delta=[lora,{lora: {rank: 2}},ia3,{lora: {rank: 4, lr: 0.5}}]")
    assert [job.name for job in found] == ["lora", "lora-2", "ia3", "lora-3"]
    ranks = [job.delta.layout.specs[0].shape[0] for job in found if job.name.startswith("lora")]
    assert ranks == [8, 2, 4]
    assert [job.lr for job in found] == [1e-3, 1e-3, 1e-2, 0.5]


def test_a_single_name_makes_a_pack_too(backbone):
    assert names(backbone, "pack.delta=ia3") == ["ia3"]


def test_nothing_to_tune_runs_once_and_whole_models_run_last(backbone):
    found = names(backbone, "pack.delta=[full,frozen,bitfit]", "pack.seed=[0,1]")
    assert found == ["frozen", "bitfit-seed0", "bitfit-seed1", "full-seed0", "full-seed1"]


def test_jobs_of_one_method_share_its_delta(backbone):
    found = asked(backbone, "pack.delta=[lora,bitfit]", "pack.seed=[0,1]")
    assert [job.delta is found[0].delta for job in found] == [True, True, False, False]
    assert not torch.equal(found[0].start, found[1].start)


def test_every_job_starts_from_the_solution(backbone, tmp_path):
    (job,) = asked(backbone)
    theta = torch.randn(job.delta.size)
    Solution.of(job.delta, theta, 3, {}).save(tmp_path, job.delta)
    for started in asked(backbone, f"solution={tmp_path}", "pack.seed=[0,1]"):
        assert torch.equal(started.start, theta)


WRONG = [
    (["pack.seed=[]"], r"^pack\.seed=\[\]: name at least one value"),
    (["pack.seed=[0,1,0]"], r"^pack\.seed=\[0, 1, 0\]: .*none of them twice"),
    (["pack.lr=[1e-3,0.001]"], r"^pack\.lr=.*none of them twice"),
    (["pack.seed=[-1]"], r"^pack\.seed=-1: must be a whole number, at least 0"),
    (["pack.seed=[4294967296]"], r"^pack\.seed=4294967296: .*at most 4294967295"),
    (["pack.lr=[0]"], r"^pack\.lr=0: a learning rate is a number above 0"),
    (["optimizer.lr=nan"], r"^optimizer\.lr=nan: a learning rate"),
    (["optimizer.lr=inf"], r"^optimizer\.lr=inf: a learning rate"),
    (["delta.lr=-1"], r"^delta\.lr=-1: a learning rate"),
    (["pack.lr=[1e-3]", "optimizer.lr=1e-3"], r"^optimizer\.lr=0\.001: pack\.lr lists"),
    (["pack.delta=[lora]", "delta.rank=3"], r"^delta\.rank=3: with pack\.delta, options go inside"),
    (["pack.delta=[]"], r"^pack\.delta=\[\]: name at least one delta"),
    (["pack.delta=[{lora: 3}]"], r"^pack\.delta=\{'lora': 3\}: an entry is a name"),
    (["pack.delta=[{lora: {lr: 0}}]"], r"^pack\.delta\.lora\.lr=0: a learning rate"),
    (["pack.delta=[ia3,ia3,{ia3: {lr: 0}}]"], r"^pack\.delta\.ia3-3\.lr=0: a learning rate"),
    (["pack.delta=[lora,lorra]"], r"^pack\.delta\.lorra: unknown option 'lorra'; did you mean lora"),
    (["pack.delta=[{lora: {rnak: 3}}]"], r"^pack\.delta\.lora: unknown key 'rnak'; did you mean rank"),
    (["pack.delta=[{lora: {rank: a}}]"], r"^pack\.delta\.lora\.rank=a: must be a whole number$"),
    (["pack.delta=[{lora: {rank: 0}}]"], r"^pack\.delta\.lora\.rank=0: must be at least 1$"),
    (["pack.delta=[{lora: {roles: [attn.x]}}]"], r"^pack\.delta\.lora: .*unknown role 'attn\.x'; did you mean attn\."),
    (["delta.roles=[]"], r"^delta: .*roles \[\] match nothing"),
    (["delta=ia3", "delta.input_roles=[]", "delta.output_roles=[]"], r"^delta: tunes nothing with these options"),
    (["name=''"], r"^name=: must be a text"),
]


@pytest.mark.parametrize(
    ("overrides", "message"), WRONG, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_a_wrong_pack_is_refused_by_the_key_that_was_typed(backbone, overrides, message):
    with pytest.raises(UserError, match=message):
        asked(backbone, *overrides)
