"""A backbone that cannot be read ends in one line that says what is wrong."""

from __future__ import annotations

import json

import pytest
import torch
from huggingface_hub import constants
from safetensors.torch import load_file, save_file

from deltalab.backbone.families.t5 import t5
from deltalab.backbone.load import pretrained
from deltalab.errors import UserError

WEIGHT = "encoder.block.0.layer.0.SelfAttention.q.weight"


def line(path, **options):
    with pytest.raises(UserError) as caught:
        pretrained(str(path), t5(), **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_folder_without_weights(folder):
    (folder / "model.safetensors").unlink()
    said = line(folder)
    assert f"backbone.path={folder}" in said
    assert "model.safetensors are needed; the folder holds config.json, generation_config.json" in said


@pytest.mark.parametrize("missing", ["config.json", "tokenizer.json"])
def test_a_folder_without_another_file(missing, folder):
    (folder / missing).unlink()
    assert "config.json, tokenizer files and model.safetensors are needed" in line(folder)


def test_a_folder_without_any_tokenizer(folder):
    for file in folder.glob("tokenizer*"):
        file.unlink()
    assert "no tokenizer files" in line(folder)


def test_an_empty_folder(tmp_path):
    assert "the folder holds nothing" in line(tmp_path)


@pytest.mark.parametrize("content", [b"not weights at all", None])
def test_damaged_weights(content, folder):
    weights = folder / "model.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(content or whole[: len(whole) // 2])
    assert f"backbone.path={folder}" in line(folder)


def test_weights_that_lack_a_tensor(folder):
    weights = load_file(folder / "model.safetensors")
    del weights[WEIGHT]
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    assert f"the weights lack {WEIGHT}" in line(folder)


def test_weights_of_another_shape(folder):
    weights = {**load_file(folder / "model.safetensors"), WEIGHT: torch.zeros(3, 3)}
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    assert f"{WEIGHT} has shape (3, 3), config.json says (18, 16)" in line(folder)


def test_a_config_that_is_no_json(folder):
    (folder / "config.json").write_text("{")
    assert "not a valid JSON file" in line(folder)


def test_a_model_of_another_family(folder):
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "model_type": "bart"}))
    assert "family t5: unknown model type 'bart'" in line(folder)


@pytest.mark.parametrize("path", ["/no/such/folder", "./no_such_folder", "~/no_such_folder", "no/such/folder"])
def test_a_folder_that_is_missing(path):
    assert f"backbone.path={path}: no such folder" in line(path)


@pytest.mark.parametrize("path", ["nobody/no-such-model", "no_such_model", ""])
def test_a_hub_id_that_cannot_be_reached(path, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert f"backbone.path={path}: no such folder, and not on the hub or the hub cannot be reached" in line(path)


@pytest.mark.parametrize("dtype", ["float16", "fp16"])
def test_float16_that_is_not_forced(dtype, saved):
    assert "t5 overflows in float16" in line(saved(), dtype=dtype)


def test_an_unknown_number_format(saved):
    assert "unknown dtype 'float31'; did you mean float32" in line(saved(), dtype="float31")


@pytest.mark.parametrize("rate", [-0.1, 1.0, 7])
def test_a_dropout_rate_out_of_range(rate, saved):
    assert f"backbone.dropout={rate}: a dropout rate is at least 0 and below 1" in line(saved(), dropout=rate)
