"""Keep other libraries' chatter out of the terminal: notices that tell a user of this project nothing."""

from __future__ import annotations

import logging
import warnings

from transformers.utils import logging as transformers_logging

__all__ = ["quiet"]

_NOTICES = (
    r".*treespec, LeafSpec.*",  # Lightning calls a deprecated function of torch
    r".*does not have many workers.*",  # texts are tokenised beforehand: workers would only cost memory
    r".*sync_dist=True.*",  # what is logged is the same in every process already
    r".*smaller than the logging interval.*",
    r"The dirpath has changed from .*",  # a resumed run may have a folder of its own
    r"Checkpoint directory .* exists and is not empty.*",  # or that of the run before
    r"Experiment logs directory .* exists and is not empty.*",
    r".*does not contain the `lr_scheduler.step\(\)`.*",
)


def quiet() -> None:
    """Silence the notices above, Lightning's tips and device report, and loading bars."""
    for message in _NOTICES:
        warnings.filterwarnings("ignore", message=message)
    logging.getLogger("lightning.pytorch.utilities.rank_zero").setLevel(logging.WARNING)
    logging.getLogger("lightning.fabric.utilities.distributed").setLevel(logging.WARNING)
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)  # its retries; what failed is said once, by us
    transformers_logging.disable_progress_bar()
