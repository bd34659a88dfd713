"""Keep the bars and notices of other libraries out of the terminal."""

from __future__ import annotations

import logging
import warnings

from transformers.utils import logging as transformers_logging

__all__ = ["quiet"]


def quiet() -> None:
    """For a command, which says what matters itself."""
    transformers_logging.disable_progress_bar()
    warnings.filterwarnings("ignore")
    for name in ("transformers", "peft", "huggingface_hub"):
        logging.getLogger(name).setLevel(logging.ERROR)
