"""A folder that `from_pretrained` reads: float16 weights, tokenizer, configuration, and their fingerprint."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import GenerationConfig, PreTrainedTokenizerFast, T5ForConditionalGeneration

from deltalab.atomic import atomic

__all__ = ["export", "save_tokenizer", "sha256"]

FACTS = "facts.json"


def export(model: T5ForConditionalGeneration, out: Path, facts: Mapping[str, object]) -> None:
    """Write weights, configuration and `facts.json` (what was measured, and the hash of the weights) into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out) as name:
        staging = Path(name)
        save_file(_half(model), staging / "model.safetensors", metadata={"format": "pt"})
        model.config.save_pretrained(staging)
        GenerationConfig(decoder_start_token_id=0, eos_token_id=1, pad_token_id=0).save_pretrained(staging)
        written = {**facts, "sha256": sha256(staging / "model.safetensors")}
        (staging / FACTS).write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
        _publish(staging, out)


def save_tokenizer(tokenizer: PreTrainedTokenizerFast, out: Path) -> None:
    """Write the tokenizer's files into `out`, each at once."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out) as name:
        tokenizer.save_pretrained(name)
        _publish(Path(name), out)


def sha256(path: Path) -> str:
    """The hash of a file's content."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _half(model: T5ForConditionalGeneration) -> dict[str, torch.Tensor]:
    # The encoder's, the decoder's and the output's embedding are one tensor, written once under its own name.
    tied = set(model.all_tied_weights_keys)
    weights = {name: tensor.half().contiguous() for name, tensor in model.state_dict().items() if name not in tied}
    infinite = [name for name, tensor in weights.items() if not torch.isfinite(tensor).all()]
    if infinite:
        raise ValueError(f"these weights do not fit into float16: {', '.join(infinite)}")
    return weights


def _publish(staging: Path, out: Path) -> None:
    for file in sorted(staging.iterdir()):
        with atomic(out / file.name, 0o644) as temporary:
            shutil.copyfile(file, temporary)
