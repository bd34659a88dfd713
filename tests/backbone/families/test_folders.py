"""Folders of every family, whole and in shards, read back."""

from __future__ import annotations

import pytest
import torch
from safetensors.torch import load_file, save_file

from deltalab.backbone.load import pretrained
from deltalab.delta.lora import Lora
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack
from deltalab.errors import UserError

from ...delta.helpers import bind
from .folders import save
from .models import MODELS, backbone

HEADS = {"bert": "cls.", "roberta": "lm_head."}


def logits(one, batch):
    nothing = bind("frozen", one)
    return Stack(one).logits(batch, [Segment(nothing, nothing.layout.initial(0))])


@torch.no_grad()
@pytest.mark.parametrize("model_type", MODELS)
def test_a_saved_model_is_the_same_and_of_the_same_family(model_type, tmp_path, batch):
    read, made = pretrained(str(save(model_type, tmp_path))), backbone(model_type)
    assert read.family.name == made.family.name
    assert read.weight_hash == made.weight_hash
    if model_type not in ("bert", "roberta"):  # their masks are another token in the folder's tokenizer
        assert torch.equal(logits(read, batch), logits(made, batch))


def test_shards_are_put_together(tmp_path):
    folder = save("llama", tmp_path, sharded=True)
    assert len(list(folder.glob("*.safetensors"))) > 1
    assert pretrained(str(folder)).weight_hash == backbone("llama").weight_hash


def headless(model_type, folder):
    """The weights file of a saved encoder, left without its head."""
    file = save(model_type, folder) / "model.safetensors"
    kept = {name: value for name, value in load_file(file).items() if not name.startswith(HEADS[model_type])}
    save_file(kept, file, metadata={"format": "pt"})
    return file


@torch.no_grad()
@pytest.mark.parametrize("model_type", HEADS)
def test_an_encoder_without_a_head_answers_by_its_embeddings(model_type, tmp_path, batch):
    file = headless(model_type, tmp_path)
    one = pretrained(str(tmp_path))
    found = logits(one, batch)
    for row, mask, own in zip(batch.input_ids, batch.attention_mask, found, strict=True):
        kept_ids = row[mask.bool()]
        ids = torch.cat([kept_ids, torch.full((8,), one.mask_id)])[None]
        states = one.model.base_model(input_ids=ids).last_hidden_state[0]
        answers = states[len(kept_ids) :] + states[: len(kept_ids)].mean(0)
        expected = answers @ one.model.get_input_embeddings().weight.T
        torch.testing.assert_close(own, expected[: batch.labels.shape[1]], rtol=1e-4, atol=1e-4)
    kept = load_file(file)
    file.unlink()
    save_file({name: value for name, value in kept.items() if "layer.0" not in name}, file, metadata={"format": "pt"})
    with pytest.raises(UserError, match="the weights lack"):
        pretrained(str(tmp_path))


@torch.no_grad()
@pytest.mark.parametrize("model_type", HEADS)
def test_a_delta_acts_on_the_head_that_stands_in(model_type, tmp_path, batch):
    headless(model_type, tmp_path)
    one = pretrained(str(tmp_path))
    lora = Lora(rank=2, roles=["head"]).bind(one, "lora")
    theta = torch.randn(lora.size, generator=torch.Generator().manual_seed(0))
    tensors = lora.layout.unflatten(theta)
    (path,) = {name.rsplit(".", 1)[0] for name in tensors}
    update = 8 * tensors[f"{path}.lora_B"] @ tensors[f"{path}.lora_A"]
    found = Stack(one).logits(batch, [Segment(lora, theta)])
    products, embeddings = one.model.get_submodule(path), one.model.get_input_embeddings()
    assert products.weight is embeddings.weight
    products.weight = torch.nn.Parameter(
        embeddings.weight + update
    )  # where answers are read off, not where words are read
    torch.testing.assert_close(found, logits(one, batch), rtol=1e-4, atol=1e-4)
