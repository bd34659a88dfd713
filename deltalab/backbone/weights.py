"""The weights of a model: those in its files, or newly drawn ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from transformers import BitsAndBytesConfig, PretrainedConfig, PreTrainedModel
from transformers.utils import logging

from deltalab.backbone.architecture.encoder_only import EncoderOnly
from deltalab.backbone.family import Family
from deltalab.errors import UserError

__all__ = ["drawn", "trained"]


def drawn(config: PretrainedConfig, family: Family, dtype: torch.dtype, seed: int) -> PreTrainedModel:
    """A model whose weights are drawn by a seed, as its own code draws them; `UserError` for what is no seed."""
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**32:
        raise UserError(f"backbone.random={seed}: a seed is a whole number from 0 to {2**32 - 1}")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model: PreTrainedModel = family.architecture.auto.from_config(config, dtype=dtype).eval()
        return model


def trained(
    place: str,
    config: PretrainedConfig,
    family: Family,
    dtype: torch.dtype,
    revision: str | None,
    packing: BitsAndBytesConfig | None,
) -> PreTrainedModel:
    """The model, with no weight left as it was drawn: raises `ValueError` where the files do not hold all of them."""
    architecture = family.architecture
    with _silent():  # what is missing is refused below, in one line
        model, report = architecture.auto.from_pretrained(
            place,
            config=config,
            dtype=dtype,
            revision=revision,
            quantization_config=packing,
            output_loading_info=True,
            ignore_mismatched_sizes=True,
        )
    if report["mismatched_keys"]:
        name, found, expected = sorted(report["mismatched_keys"])[0]
        raise ValueError(f"{name} has shape {tuple(found)}, config.json says {tuple(expected)}")
    missing = set(report["missing_keys"])
    if isinstance(architecture, EncoderOnly) and missing and all(key.startswith(architecture.head) for key in missing):
        architecture.without_head(model)
    elif missing:
        raise ValueError(f"the weights lack {', '.join(sorted(missing)[:3])}")
    loaded: PreTrainedModel = model
    return loaded


@contextmanager
def _silent() -> Iterator[None]:
    """No reports of `transformers` while it loads."""
    before = logging.get_verbosity()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(before)
