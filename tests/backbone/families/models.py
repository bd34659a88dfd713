"""Small random models of every family, as `transformers` builds them."""

from __future__ import annotations

from types import SimpleNamespace

import torch
from transformers import (
    BartConfig,
    BartForConditionalGeneration,
    BertConfig,
    BertForMaskedLM,
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    MistralConfig,
    MistralForCausalLM,
    PreTrainedModel,
    Qwen2Config,
    Qwen2ForCausalLM,
    Qwen3Config,
    Qwen3ForCausalLM,
    RobertaConfig,
    RobertaForMaskedLM,
    T5Config,
    T5ForConditionalGeneration,
)

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.detect import detect

VOCABULARY = 40
PAD, END, MASK = 0, 1, 2
TOKENS = {"vocab_size": VOCABULARY, "pad_token_id": PAD, "eos_token_id": END}
WIDTHS = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 24}
GROUPED = {**TOKENS, **WIDTHS, "bos_token_id": None, "num_key_value_heads": 2, "attention_dropout": 0.0}
STILL = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
BART = {
    **{f"{side}_{what}": value for side in ("encoder", "decoder") for what, value in (("layers", 2), ("ffn_dim", 24))},
    **{f"{side}_attention_heads": 4 for side in ("encoder", "decoder")},
    **{"d_model": 16, "dropout": 0.0, "bos_token_id": 3, "decoder_start_token_id": END, "forced_eos_token_id": None},
}

MODELS = {
    "t5": lambda: T5ForConditionalGeneration(
        T5Config(
            **TOKENS, d_model=16, d_kv=4, num_heads=4, d_ff=24, num_layers=2, dropout_rate=0.0, decoder_start_token_id=0
        )
    ),
    "bart": lambda: BartForConditionalGeneration(BartConfig(**TOKENS, **BART)),
    "gpt2": lambda: GPT2LMHeadModel(
        GPT2Config(
            **TOKENS, bos_token_id=None, n_embd=16, n_layer=2, n_head=4, resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0
        )
    ),
    "llama": lambda: LlamaForCausalLM(LlamaConfig(**GROUPED)),
    "mistral": lambda: MistralForCausalLM(MistralConfig(**GROUPED, sliding_window=None)),
    "qwen2": lambda: Qwen2ForCausalLM(Qwen2Config(**GROUPED)),
    "qwen3": lambda: Qwen3ForCausalLM(Qwen3Config(**GROUPED, head_dim=6)),
    "bert": lambda: BertForMaskedLM(BertConfig(**TOKENS, **WIDTHS, **STILL)),
    "roberta": lambda: RobertaForMaskedLM(RobertaConfig(**TOKENS, **WIDTHS, **STILL)),
}
"""Model type -> how to build one."""


@torch.no_grad()
def stock(model_type: str) -> PreTrainedModel:
    """A model in eval mode whose every part matters: large weights, gains away from 1, biases away from 0."""
    model = MODELS[model_type]()
    generator = torch.Generator().manual_seed(0)
    for name, weight in model.named_parameters():
        if weight.dim() == 1 and "bias" not in name:
            weight.uniform_(0.5, 1.5, generator=generator)
        else:
            weight.normal_(0.0, 0.3, generator=generator)
    return model.eval()


def backbone(model_type: str) -> Backbone:
    """The same model as a backbone; its tokenizer knows its special tokens and no words."""
    tokenizer = SimpleNamespace(pad_token_id=PAD, eos_token_id=END, sep_token_id=END, mask_token_id=MASK)
    return Backbone(stock(model_type), tokenizer, detect(model_type, "test"), f"random {model_type}")
