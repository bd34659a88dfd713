"""Merged models, read by transformers alone, give the logits of the solution."""

from __future__ import annotations

import pytest
import torch
from transformers import AutoModelForSeq2SeqLM

from deltalab.backbone.families.t5 import t5
from deltalab.backbone.load import embedded
from deltalab.delta.adapter import Adapter
from deltalab.delta.bitfit import BitFit
from deltalab.delta.candidates import Candidates
from deltalab.delta.chosen import Structure
from deltalab.delta.full import Full
from deltalab.delta.ia3 import IA3
from deltalab.delta.lnfit import LNFit
from deltalab.delta.lora import Lora
from deltalab.delta.prefix import Prefix
from deltalab.delta.prompt import Prompt
from deltalab.delta.segment import Segment
from deltalab.delta.solution import Solution
from deltalab.delta.stack import Stack
from deltalab.delta.structure import OfStructure
from deltalab.errors import UserError
from deltalab.interop.merge import merge, merged
from deltalab.interop.opened import Opened

from .loaded import logits


def solved(one, batch):
    with torch.no_grad():
        return Stack(one.backbone).logits(batch, [Segment(one.delta, one.solution.theta)])


METHODS = [Lora(roles=("attn.?", "cross.?", "ffn.in", "ffn.out")), IA3(), LNFit(), Full()]


@pytest.mark.parametrize("kind", ["v1.0", "v1.1", "mt5"])
@pytest.mark.parametrize("method", METHODS, ids=lambda method: type(method).__name__)
def test_the_copy_does_the_same_and_the_backbone_stays(opened, batch, method, kind):
    one = opened(method, kind)
    before = one.backbone.weight_hash
    expected = solved(one, batch)
    torch.testing.assert_close(logits(merged(one), batch), expected, rtol=0, atol=1e-5 * expected.abs().max())
    del one.backbone.__dict__["weight_hash"]
    assert one.backbone.weight_hash == before


def test_updates_read_scaled_inputs(opened, make_backbone, batch):
    """W (l x) + B A (l x): the update comes first in the structure, the scale is merged last."""
    methods = {"lora": Lora(rank=2, roles=("ffn.out", "attn.k")), "ia3": IA3(("attn.k",), ("ffn.out",)), "g": LNFit()}
    space = Candidates.of(methods, make_backbone())
    one = opened(OfStructure(Structure.of(space, range(len(space.members)))))
    expected = solved(one, batch)
    torch.testing.assert_close(logits(merged(one), batch), expected, rtol=0, atol=1e-5 * expected.abs().max())


def test_the_folder_is_a_checkpoint_of_transformers(tmp_path, make_batch):
    backbone = embedded("tiny", t5())
    delta = Lora(rank=2).bind(backbone, "lora")
    theta = delta.layout.initial(0) + 0.05 * torch.randn(delta.size, generator=torch.Generator().manual_seed(1))
    one = Opened(Solution.of(delta, theta, 0, {}), delta)
    assert merge(one, tmp_path / "out") < 1e-5
    model, batch = AutoModelForSeq2SeqLM.from_pretrained(tmp_path / "out"), make_batch()
    assert model.dtype is torch.float32
    expected = solved(one, batch)
    torch.testing.assert_close(logits(model, batch), expected, rtol=0, atol=1e-5 * expected.abs().max())
    assert (tmp_path / "out" / "tokenizer.json").is_file()


@pytest.mark.parametrize("method", [Adapter(), Prefix(), Prompt()])
def test_what_weights_cannot_hold_is_named(opened, method):
    with pytest.raises(UserError, match=f"^{type(method).__name__} at .*cannot be merged"):
        merged(opened(method))


def test_a_bias_that_the_model_has_no_place_for_is_refused(opened):
    with pytest.raises(UserError, match=r"^BitFit at encoder.block.0.layer.0.SelfAttention.q: the model has no bias"):
        merged(opened(BitFit()))


def test_a_bias_that_the_model_has_is_added(opened, batch):
    one = opened(BitFit(roles=("ffn.out",)))
    for module in one.delta.modules:
        module.bias = torch.nn.Parameter(torch.linspace(-1, 1, module.out_features), requires_grad=False)
    expected = solved(one, batch)
    torch.testing.assert_close(logits(merged(one), batch), expected, rtol=0, atol=1e-5 * expected.abs().max())


def test_weights_of_two_modules_are_not_changed(opened):
    merged(opened(Lora(rank=1, roles=("head",)), "v1.1"))
    with pytest.raises(UserError, match="lm_head: its weights belong to 4 modules"):
        merged(opened(Lora(rank=1, roles=("head",)), "v1.0"))


def test_nothing_is_left_of_a_merge_that_fails(opened, tmp_path):
    with pytest.raises(UserError, match="has no tokenizer"):
        merge(opened(Lora()), tmp_path / "out")
    assert not list(tmp_path.iterdir())
