"""Exported adapters, reloaded by `peft` and by transformers on stock models, give the logits of the solution."""

from __future__ import annotations

import json

import pytest
import torch

from deltalab.backbone.families.t5 import t5
from deltalab.backbone.load import embedded
from deltalab.delta.adapter import Adapter as Bottleneck
from deltalab.delta.bitfit import BitFit
from deltalab.delta.candidates import Candidates
from deltalab.delta.chosen import Structure
from deltalab.delta.compacter import Compacter
from deltalab.delta.full import Full
from deltalab.delta.ia3 import IA3
from deltalab.delta.lnfit import LNFit
from deltalab.delta.lora import Lora
from deltalab.delta.low_rank_adapter import LowRankAdapter
from deltalab.delta.prefix import Prefix
from deltalab.delta.prompt import Prompt
from deltalab.delta.segment import Segment
from deltalab.delta.solution import Solution
from deltalab.delta.stack import Stack
from deltalab.delta.structure import OfStructure
from deltalab.errors import UserError
from deltalab.interop.export import export
from deltalab.interop.opened import Opened

from .loaded import by_peft, by_transformers

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::UserWarning")

LORAS = {
    "default": Lora(),
    "all roles": Lora(rank=3, alpha=7.0, roles=("attn.?", "cross.?", "ffn.in", "ffn.out")),
    "one layer": Lora(rank=2, roles=("attn.q", "ffn.out"), sides=("encoder",), layers=(1,)),
    "head": Lora(rank=2, roles=("head",)),
}


def mixture(backbone, methods, every=1):
    """A structure of every so many units of the methods."""
    space = Candidates.of(methods, backbone)
    return OfStructure(Structure.of(space, range(0, len(space.members), every)))


def solved(one, batch):
    with torch.no_grad():
        return Stack(one.backbone).logits(batch, [Segment(one.delta, one.solution.theta)])


def check(one, model, batch, folder, loaders=(by_peft, by_transformers)):
    expected = solved(one, batch)
    _, found = export(one, folder)
    assert found is not None
    assert found < 1e-5
    assert {path.name for path in folder.iterdir()} == {
        "adapter_config.json",
        "adapter_model.safetensors",
        "deltalab.json",
    }
    for load in loaders:
        torch.testing.assert_close(load(model, folder, batch), expected, rtol=0, atol=1e-5 * expected.abs().max())
    assert not torch.allclose(expected, solved_without(one, batch), atol=1e-3)  # the solution does something


def solved_without(one, batch):
    start = one.backbone.model.prepare_decoder_input_ids_from_labels(batch.labels)
    with torch.no_grad():
        return one.backbone.model(
            input_ids=batch.input_ids, attention_mask=batch.attention_mask, decoder_input_ids=start, use_cache=False
        ).logits


@pytest.mark.parametrize("kind", ["v1.0", "v1.1", "mt5"])
@pytest.mark.parametrize("method", [*LORAS.values(), IA3(), BitFit(), LNFit()], ids=[*LORAS, "ia3", "bitfit", "lnfit"])
def test_a_method(opened, stock, batch, tmp_path, method, kind):
    check(opened(method, kind), stock(kind), batch, tmp_path / "adapter")


@pytest.mark.parametrize("kind", ["v1.0", "v1.1"])
@pytest.mark.parametrize("every", [1, 3])
def test_a_structure_of_lora_biases_and_gains(opened, make_backbone, stock, batch, tmp_path, kind, every):
    methods = {
        "thin": Lora(rank=1, roles=("attn.?", "ffn.in", "ffn.out")),
        "wide": Lora(rank=3, alpha=2.0, roles=("attn.q", "cross.v")),  # beside a thin one at attn.q
        "bitfit": BitFit(),
        "lnfit": LNFit(),
    }
    method = mixture(make_backbone(kind), methods, every)
    check(opened(method, kind), stock(kind), batch, tmp_path / "adapter")


def test_a_structure_on_the_embedded_backbone(make_batch, tmp_path):
    backbone, methods = embedded("tiny", t5()), {"lora": Lora(rank=2), "bitfit": BitFit(), "lnfit": LNFit()}
    delta = mixture(backbone, methods, 2).bind(backbone, "structure")
    theta = delta.layout.initial(0) + 0.05 * torch.randn(delta.size, generator=torch.Generator().manual_seed(0))
    one = Opened(Solution.of(delta, theta, 0, {}), delta)
    check(one, embedded("tiny", t5()).model, make_batch(), tmp_path / "adapter")


def test_a_structure_of_scales(opened, make_backbone, stock, batch, tmp_path):
    method = mixture(make_backbone(), {"ia3": IA3()}, 2)
    check(opened(method), stock("v1.1"), batch, tmp_path / "adapter")


def test_a_prompt_by_peft_alone(opened, stock, batch, tmp_path):
    check(opened(Prompt(length=3)), stock("v1.1"), batch, tmp_path / "adapter", (by_peft,))


def test_the_config_names_whole_paths_and_other_ranks(opened, make_backbone, tmp_path):
    methods = {"a": Lora(rank=2, roles=("attn.q",), layers=(0,)), "b": Lora(rank=4, roles=("cross.v",), layers=(1,))}
    export(opened(mixture(make_backbone(), methods)), tmp_path / "out")
    config = json.loads((tmp_path / "out" / "adapter_config.json").read_text())
    assert config["target_modules"] == [
        "encoder.block.0.layer.0.SelfAttention.q",
        "decoder.block.0.layer.0.SelfAttention.q",
        "decoder.block.1.layer.1.EncDecAttention.v",
    ]
    assert (config["r"], config["lora_alpha"]) == (2, 16.0)
    assert config["rank_pattern"] == {"decoder.block.1.layer.1.EncDecAttention.v": 4}
    assert config["alpha_pattern"] == {}
    assert config["lora_bias"] is False


@pytest.mark.parametrize("method", [Bottleneck(), LowRankAdapter(), Compacter(), Prefix(), Full()])
def test_what_peft_cannot_hold_is_named(opened, tmp_path, method):
    with pytest.raises(UserError, match=f"^{type(method).__name__} at .*PEFT can hold LoRA"):
        export(opened(method), tmp_path / "out")
    assert not list(tmp_path.iterdir())


def test_scales_beside_low_rank_updates_are_refused(opened, make_backbone, tmp_path):
    with pytest.raises(UserError, match=r"^IA3 and Lora: PEFT cannot hold them in one adapter"):
        export(opened(mixture(make_backbone(), {"ia3": IA3(), "lora": Lora()})), tmp_path / "out")


def test_a_module_scaled_twice_is_refused(opened, make_backbone, tmp_path):
    methods = {"out": IA3(("ffn.out",), ()), "in": IA3((), ("ffn.out",))}
    with pytest.raises(UserError, match="scales a module once"):
        export(opened(mixture(make_backbone(), methods)), tmp_path / "out")


def test_a_bias_of_a_block_is_refused(opened, tmp_path):
    with pytest.raises(UserError, match=r"BitFit at encoder.block.0.layer.0.SelfAttention: PEFT has no place"):
        export(opened(BitFit(roles=("attn",))), tmp_path / "out")


def test_a_folder_that_is_there_is_left_alone(opened, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UserError, match="is there already"):
        export(opened(Lora()), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
