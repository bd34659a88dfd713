"""Adapters that `peft` made and saved do here what they do there."""

from __future__ import annotations

import peft
import pytest
import torch
from safetensors.torch import load_file, save_file

from deltalab.delta.ia3 import IA3
from deltalab.delta.lora import Lora
from deltalab.delta.prompt import Prompt
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack
from deltalab.delta.structure import OfStructure
from deltalab.errors import UserError
from deltalab.interop.adapter import Adapter
from deltalab.interop.foreign import imported

from .loaded import logits

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::UserWarning")

LORAS = {
    "q and v": ({"r": 4, "lora_alpha": 6, "target_modules": ["q", "v"]}, Lora),
    "rslora": ({"r": 4, "lora_alpha": 6, "use_rslora": True, "target_modules": ["q", "v"]}, Lora),
    "one layer": ({"r": 2, "target_modules": r"encoder\.block\.1\..*\.(q|wo)"}, Lora),
    "no grid": ({"r": 2, "target_modules": r"encoder\.block\.1\..*\.(q|wo)|decoder\.block\.0\..*\.wi_1"}, OfStructure),
    "several ranks": (
        {
            "r": 2,
            "lora_alpha": 4,
            "target_modules": ["q", "wo"],
            "rank_pattern": {"wo": 5},
            "alpha_pattern": {r"decoder\..*\.wo": 1.0},
        },
        OfStructure,
    ),
}


def prompt(**settings):
    return peft.PromptTuningConfig(task_type="SEQ_2_SEQ_LM", num_virtual_tokens=4, **settings)


def saved(model, config, folder):
    """An adapter with drawn numbers, and the wrapped model."""
    wrapped = peft.get_peft_model(model, config)
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for weight in wrapped.parameters():
            if weight.requires_grad:
                weight.add_(0.3 * torch.randn(weight.shape, generator=generator))
    wrapped.save_pretrained(folder)
    return wrapped.eval()


def check(backbone, wrapped, folder, batch):
    delta, theta = imported(Adapter.load(folder), backbone)
    expected = logits(wrapped, batch)
    with torch.no_grad():
        found = Stack(backbone).logits(batch, [Segment(delta, theta)])
        assert not torch.allclose(found, logits(backbone.model, batch), atol=1e-3)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-5 * expected.abs().max())
    return delta


@pytest.mark.parametrize(("settings", "kind"), LORAS.values(), ids=list(LORAS))
def test_lora(make_backbone, stock, batch, tmp_path, settings, kind):
    wrapped = saved(stock("v1.1"), peft.LoraConfig(**settings), tmp_path)
    assert isinstance(check(make_backbone(), wrapped, tmp_path, batch).method, kind)


def test_a_grid_keeps_its_settings(make_backbone, stock, batch, tmp_path):
    config = peft.LoraConfig(r=2, lora_alpha=3, target_modules=r"encoder\.block\.[02]\..*\.(q|wo)")
    delta = check(make_backbone(), saved(stock("v1.1"), config, tmp_path), tmp_path, batch)
    assert delta.method == Lora(rank=2, alpha=3.0, roles=("attn.q", "ffn.out"), sides=["encoder"], layers=[0, 2])


@pytest.mark.parametrize("kind", ["v1.0", "v1.1"])
def test_ia3(make_backbone, stock, batch, tmp_path, kind):
    config = peft.IA3Config(target_modules=["k", "v", "wo"], feedforward_modules=["wo"])
    delta = check(make_backbone(kind), saved(stock(kind), config, tmp_path), tmp_path, batch)
    assert delta.method == IA3()


def test_ia3_at_some_places(make_backbone, stock, batch, tmp_path):
    places = r"encoder\.block\.1\..*\.k|decoder\.block\.0\..*\.wo"
    config = peft.IA3Config(target_modules=places, feedforward_modules=r".*\.wo")
    delta = check(make_backbone(), saved(stock("v1.1"), config, tmp_path), tmp_path, batch)
    assert len(delta.units) == 2 + 0  # one k in the encoder, one wo in the decoder


@pytest.mark.parametrize("kind", ["v1.0", "v1.1"])
def test_a_prompt(make_backbone, stock, batch, tmp_path, kind):
    wrapped = saved(stock(kind), prompt(num_transformer_submodules=1), tmp_path)
    assert check(make_backbone(kind), wrapped, tmp_path, batch).method == Prompt(length=4)


def test_a_prompt_of_another_width_is_refused(make_backbone, stock, tmp_path):
    saved(stock("v1.1"), prompt(num_transformer_submodules=1), tmp_path)
    path = tmp_path / "adapter_model.safetensors"
    save_file({name: t[:, :-1].contiguous() for name, t in load_file(path).items()}, path)
    with pytest.raises(UserError, match=r"prompt_embeddings has the shape \(4, \d+\), for this backbone \(4, \d+\)"):
        imported(Adapter.load(tmp_path), make_backbone())


@pytest.mark.parametrize(
    ("config", "told"),
    [
        (peft.LoraConfig(r=2, target_modules=["q"], use_dora=True), "use_dora=True is no plain LoRA"),
        (peft.LoraConfig(r=2, target_modules=["q"], lora_bias=True), r"holds .*lora_B\.bias"),
        (peft.LoraConfig(r=2, target_modules=["q"], modules_to_save=["lm_head"]), r"holds .*lm_head\.weight"),
        (
            peft.LoHaConfig(r=2, target_modules=["q"]),
            "unknown kind of adapter 'LOHA'; .*allowed: IA3, LORA, PROMPT_TUNING",
        ),
        (peft.LoraConfig(r=2, target_modules=["shared"]), "holds .*lora_embedding_A"),
        (prompt(num_transformer_submodules=2), r"num_transformer_submodules=2: .*encoder's input alone; allowed: 1"),
    ],
)
def test_what_is_no_plain_adapter_is_refused(make_backbone, stock, tmp_path, config, told):
    saved(stock("v1.1"), config, tmp_path)
    with pytest.raises(UserError, match=told):
        imported(Adapter.load(tmp_path), make_backbone())


def test_another_model_is_refused(make_backbone, stock, tmp_path):
    saved(stock("v1.1"), peft.LoraConfig(r=2, target_modules=["wi_0"]), tmp_path)
    with pytest.raises(UserError, match=r"DenseReluDense\.wi_0, where backbone 'random v1\.0' has no linear map"):
        imported(Adapter.load(tmp_path), make_backbone("v1.0"))


def test_other_shapes_are_refused(make_backbone, stock, tmp_path):
    saved(stock("v1.1"), peft.LoraConfig(r=2, target_modules=["wo"]), tmp_path)
    path = tmp_path / "adapter_model.safetensors"
    tensors = {name: t[:, :-1].contiguous() if "lora_A" in name else t for name, t in load_file(path).items()}
    save_file(tensors, path)
    with pytest.raises(UserError, match=r"wo has a tensor of shape \(2, 23\), this backbone \(2, 24\)"):
        imported(Adapter.load(tmp_path), make_backbone())


def test_half_an_update_is_refused(make_backbone, stock, tmp_path):
    saved(stock("v1.1"), peft.LoraConfig(r=2, target_modules=["wo"]), tmp_path)
    path = tmp_path / "adapter_model.safetensors"
    save_file({name: t for name, t in load_file(path).items() if "lora_A" in name}, path)
    with pytest.raises(UserError, match=r"has lora_A\.weight alone"):
        imported(Adapter.load(tmp_path), make_backbone())
