"""Read a backbone from the hub, from a folder, or from the package."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

import torch
from safetensors import SafetensorError
from transformers import (
    AutoConfig,
    AutoTokenizer,
    PretrainedConfig,
    PreTrainedTokenizerBase,
)

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.detect import detect
from deltalab.backbone.family import Family
from deltalab.backbone.quantized import quantized
from deltalab.backbone.weights import drawn, trained
from deltalab.errors import UserError, one_of

__all__ = ["DTYPES", "embedded", "pretrained", "rates"]

T = TypeVar("T")

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
_RATES = (
    *("dropout_rate", "dropout", "attention_dropout", "activation_dropout"),
    *("hidden_dropout_prob", "attention_probs_dropout_prob", "attn_pdrop", "embd_pdrop", "resid_pdrop"),
)
DTYPES |= {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}


def pretrained(
    path: str,
    family: Family | None = None,
    dtype: str = "float32",
    dropout: float | None = None,
    force_fp16: bool = False,
    revision: str | None = None,
    random: int | None = None,
    bits: int | None = None,
) -> Backbone:
    """A backbone by hub id or local folder, of the family given or else of the one its config names.

    `dropout` replaces the model's own dropout rates where given; `random`, a seed, replaces the trained weights by
    newly drawn ones of the same shapes, as a control; `bits` 8 or 4 keeps the linear maps so, by bitsandbytes. Raises
    `UserError` where the folder holds no weights, the hub cannot be reached, the model is of another family or of none
    with a role table, bitsandbytes is missing, or float16 is asked of a family that overflows in it.
    """
    if dropout is not None and not 0 <= dropout < 1:
        raise UserError(f"backbone.dropout={dropout}: a dropout rate is at least 0 and below 1")
    place = _place(path)
    config = _read(lambda: AutoConfig.from_pretrained(place, revision=revision), path)
    if family is None:
        family = detect(config.model_type, f"backbone '{path}'")
    number = _dtype(dtype, family, force_fp16)
    one_of("model type", config.model_type, family.model_types, f"backbone '{path}', family {family.name}")
    if dropout is not None:
        _set_dropout(config, dropout)
    tokenizer = _read(lambda: _tokenizer(place, revision), path)
    if random is not None:
        return Backbone(drawn(config, family, number, random), tokenizer, family, f"{path}, random {random}")
    packing = quantized(bits, number)
    model = _read(lambda: trained(place, config, family, number, revision, packing), path)
    return Backbone(model, tokenizer, family, path)


def embedded(
    name: str,
    family: Family | None = None,
    dtype: str = "float32",
    dropout: float | None = None,
    force_fp16: bool = False,
    random: int | None = None,
) -> Backbone:
    """A backbone that ships inside the package; its source is the bare name."""
    folder = str(files("deltalab.backbone").joinpath(name))
    backbone = pretrained(folder, family, dtype, dropout, force_fp16, random=random)
    backbone.source = name if random is None else f"{name}, random {random}"
    return backbone


def _dtype(name: str, family: Family, force_fp16: bool) -> torch.dtype:
    one_of("dtype", name, DTYPES, "backbone.dtype")
    if DTYPES[name] is torch.float16 and family.overflows and not force_fp16:
        raise UserError(
            f"backbone.dtype={name}: {family.name} overflows in float16; "
            "use bfloat16 or float32, or set backbone.force_fp16=true"
        )
    return DTYPES[name]


def rates(config: PretrainedConfig) -> dict[str, float]:
    """Every dropout rate in a model's config, by name."""
    return {name: getattr(config, name) for name in _RATES if hasattr(config, name)}


def _set_dropout(config: PretrainedConfig, rate: float) -> None:
    for name in rates(config):
        setattr(config, name, rate)


def _tokenizer(place: str, revision: str | None) -> PreTrainedTokenizerBase:
    """The tokenizer; `transformers` would make up an empty one for a folder without its files."""
    folder = Path(place)
    if folder.is_dir() and not any(list(folder.glob(name)) for name in ("tokenizer*.json", "*.model")):
        raise ValueError("no tokenizer files")
    return AutoTokenizer.from_pretrained(place, revision=revision)


def _place(path: str) -> str:
    """The folder or hub id that a path means."""
    folder = Path(path).expanduser()
    if path and folder.is_dir():
        return str(folder)
    if path.startswith(("/", ".", "~")) or path.count("/") > 1:
        raise UserError(f"backbone.path={path}: no such folder; give a hub id or a folder saved by save_pretrained")
    return path


def _read(load: Callable[[], T], path: str) -> T:
    """What `load` gives, or one line that says why a model could not be read."""
    try:
        return load()
    except (OSError, ValueError, SafetensorError) as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        folder, wanted = Path(path).expanduser(), "no such folder, and not on the hub or the hub cannot be reached"
        if path and folder.is_dir():
            held = ", ".join(sorted(file.name for file in folder.iterdir())[:8]) or "nothing"
            wanted = f"config.json, tokenizer files and model.safetensors are needed; the folder holds {held}"
        raise UserError(f"backbone.path={path}: {wanted} ({reason})") from error
