"""Backbones read from a folder."""

from __future__ import annotations

import pytest
import torch

from deltalab.backbone.families.t5 import t5
from deltalab.backbone.load import embedded, pretrained
from deltalab.errors import UserError


def logits(model, batch):
    start = model.prepare_decoder_input_ids_from_labels(batch.labels)
    return model(input_ids=batch.input_ids, attention_mask=batch.attention_mask, decoder_input_ids=start).logits


@pytest.mark.parametrize("kind", ["v1.0", "v1.1", "mt5"])
def test_a_saved_model_comes_back_bit_for_bit(kind, saved, stock, batch):
    backbone, model = pretrained(str(saved(kind)), t5()), stock(kind)
    for name, weight in model.state_dict().items():
        assert torch.equal(backbone.model.state_dict()[name], weight), name
    assert torch.equal(logits(backbone.model, batch), logits(model, batch))
    assert backbone.source == str(saved(kind))
    assert not backbone.model.training


def test_the_tokenizer_comes_along(saved):
    assert pretrained(str(saved()), t5()).tokenizer("w5 w3 other")["input_ids"] == [5, 3, 2]


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [("float32", torch.float32), ("fp32", torch.float32), ("bfloat16", torch.bfloat16), ("bf16", torch.bfloat16)],
)
def test_the_number_format_is_chosen_and_the_hash_stays(dtype, expected, saved, make_backbone):
    backbone = pretrained(str(saved()), t5(), dtype=dtype)
    assert {weight.dtype for weight in backbone.model.parameters()} == {expected}
    assert backbone.weight_hash == make_backbone().weight_hash


def test_float16_is_forced_by_its_own_option(saved):
    assert pretrained(str(saved()), t5(), dtype="float16", force_fp16=True).dtype == torch.float16


@pytest.mark.parametrize(("dropout", "expected"), [(None, 0.1), (0.0, 0.0), (0.25, 0.25)])
def test_a_dropout_rate_replaces_that_of_the_model_everywhere(dropout, expected, saved):
    model = pretrained(str(saved()), t5(), dropout=dropout).model
    rates = {module.p for module in model.modules() if isinstance(module, torch.nn.Dropout)}
    rates |= {module.dropout for module in model.modules() if isinstance(getattr(module, "dropout", None), float)}
    assert rates == {expected}


def test_a_folder_in_the_home_directory_is_found(saved, monkeypatch):
    monkeypatch.setenv("HOME", str(saved().parent))
    assert pretrained("~/v1.1", t5()).source == "~/v1.1"


def test_an_embedded_backbone_goes_by_its_bare_name(saved, monkeypatch):
    monkeypatch.setattr("deltalab.backbone.load.files", lambda package: saved().parent)
    assert embedded("v1.1", t5()).source == "v1.1"


def test_random_weights_are_new_and_those_of_their_seed(saved):
    trained, one, same, other = (pretrained(str(saved()), t5(), random=seed) for seed in (None, 0, 0, 1))
    assert one.weight_hash == same.weight_hash
    assert len({backbone.weight_hash for backbone in (trained, one, other)}) == 3
    shapes = [{name: weight.shape for name, weight in b.model.state_dict().items()} for b in (trained, one)]
    assert shapes[0] == shapes[1]
    assert not one.model.training
    assert one.source == f"{saved()}, random 0"


def test_drawing_weights_leaves_the_generator_alone(saved):
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    pretrained(str(saved()), t5(), random=7)
    assert torch.equal(torch.rand(1), expected)


@pytest.mark.parametrize("seed", [-1, True, 2**32])
def test_a_seed_of_random_weights_is_checked(saved, seed):
    with pytest.raises(UserError, match=r"^backbone\.random="):
        pretrained(str(saved()), t5(), random=seed)
