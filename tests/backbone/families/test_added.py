"""A family of one's own: one function, named by `backbone.family._target_`."""

from __future__ import annotations

import torch
from transformers import PhiConfig, PhiForCausalLM

from deltalab.backbone.load import pretrained

from ...run.support import BARE, SMALL, program
from .folders import save
from .models import GROUPED, MODELS


def test_without_its_table_a_model_is_refused_and_with_it_every_stage_knows_it(tmp_path, monkeypatch):
    torch.manual_seed(0)
    monkeypatch.setitem(MODELS, "phi", lambda: PhiForCausalLM(PhiConfig(**GROUPED)))
    folder = save("phi", tmp_path / "phi")
    words = ("backbone=pretrained", f"backbone.path={folder}", *BARE, *SMALL, "data.max_input_length=24")
    refused = program(*words, "task=movie_sentiment", folder=tmp_path / "refused")
    assert refused.code == 2
    assert "no role table for model type 'phi'" in refused.err
    own = ("+backbone.family._target_=tests.backbone.families.phi.phi", "allow=[tests]")
    deltas = "pack.delta=[lora,prefix,bitfit]"
    done = program(*words, *own, "task=movie_sentiment", deltas, folder=tmp_path / "done")
    assert done.code == 0, done.err
    assert len(done.record["jobs"]) == 3


def test_a_family_that_is_given_is_the_one_that_is_used(tmp_path):
    folder = save("gpt2", tmp_path / "gpt2")
    assert pretrained(str(folder)).family.name == "gpt2"
