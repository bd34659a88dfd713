"""Keep the bars and notices of other libraries out of the terminal."""

from __future__ import annotations

import logging
import os
import warnings

__all__ = ["quiet"]


def quiet() -> None:
    """For a command, which says what matters itself."""
    os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
    warnings.filterwarnings("ignore")
    for name in ("transformers", "peft", "huggingface_hub"):
        logging.getLogger(name).setLevel(logging.ERROR)
