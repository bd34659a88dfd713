"""Only the notices that tell a user nothing are kept back."""

from __future__ import annotations

import logging
import warnings

from deltalab.run.quiet import quiet


def test_notices_are_silent_and_other_warnings_are_not(monkeypatch):
    for name in ("lightning.pytorch.utilities.rank_zero", "huggingface_hub"):
        monkeypatch.setattr(logging.getLogger(name), "level", logging.NOTSET)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        quiet()
        warnings.warn("The 'train_dataloader' does not have many workers which may be a bottleneck", stacklevel=1)
        warnings.warn("The dirpath has changed from 'a' to 'b', therefore nothing will be reloaded", stacklevel=1)
        warnings.warn("dev has labels never seen in train", stacklevel=1)
    assert [str(warning.message) for warning in caught] == ["dev has labels never seen in train"]
