"""Adapters and merged models of every family, against `peft` and transformers on stock models."""

from __future__ import annotations

import copy

import peft
import pytest
import torch

from deltalab.delta.bitfit import BitFit
from deltalab.delta.ia3 import IA3
from deltalab.delta.lnfit import LNFit
from deltalab.delta.lora import Lora
from deltalab.delta.solution import Solution
from deltalab.interop.adapter import Adapter
from deltalab.interop.export import export
from deltalab.interop.foreign import imported
from deltalab.interop.merge import merged
from deltalab.interop.opened import Opened
from deltalab.interop.probe import asked, gap, inputs, ours, probe

from ..backbone.families.models import backbone, stock

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::UserWarning")

FAMILIES = ("bart", "gpt2", "llama", "bert", "roberta")
METHODS = {
    "lora": Lora(rank=2),
    "all": Lora(rank=3, alpha=7.0, roles=("attn.?", "cross.?", "ffn.in", "ffn.out")),
    "ia3": IA3(),
    "bitfit": BitFit(),
    "lnfit": LNFit(),
}


def solved(model_type, method):
    delta = method.bind(backbone(model_type), "delta")
    noise = torch.randn(delta.size, generator=torch.Generator().manual_seed(0))
    return Opened(Solution.of(delta, delta.layout.initial(0) + 0.1 * noise, 0, {}), delta)


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
@pytest.mark.parametrize("model_type", FAMILIES)
def test_an_exported_adapter_gives_the_same_logits(model_type, method, tmp_path):
    one = solved(model_type, method)
    _, found = export(one, tmp_path / "adapter")
    assert found < 1e-5
    batch, model = probe(one.backbone), stock(model_type)
    model.load_adapter(str(tmp_path / "adapter"))
    expected = ours(one, batch)
    assert gap(asked(model.eval(), inputs(one.backbone, batch)), expected) < 1e-5
    assert gap(asked(stock(model_type), inputs(one.backbone, batch)), expected) > 1e-3


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
@pytest.mark.parametrize("model_type", FAMILIES)
def test_a_merged_model_gives_the_same_logits(model_type, method):
    if model_type == "llama" and isinstance(method, BitFit):
        pytest.skip("Llama has no biases to merge into")
    one = solved(model_type, method)
    batch = probe(one.backbone)
    assert gap(asked(merged(one), inputs(one.backbone, batch)), ours(one, batch)) < 1e-5


TARGETS = {"gpt2": ["c_attn", "c_fc"], "llama": ["q_proj", "up_proj"], "bert": ["query", "output.dense"]}


@pytest.mark.parametrize("model_type", TARGETS)
def test_an_adapter_of_peft_becomes_a_theta(model_type, tmp_path):
    config = peft.LoraConfig(r=2, lora_alpha=6, target_modules=TARGETS[model_type], init_lora_weights=False)
    wrapped = peft.get_peft_model(copy.deepcopy(stock(model_type)), config).eval()
    wrapped.save_pretrained(tmp_path)
    one = backbone(model_type)
    delta, theta = imported(Adapter.load(tmp_path), one)
    batch = probe(one)
    found = ours(Opened(Solution.of(delta, theta, 0, {}), delta), batch)
    assert gap(found, asked(wrapped, inputs(one, batch))) < 1e-5
