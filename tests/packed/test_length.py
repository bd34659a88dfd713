"""How many steps a fit takes; that it then goes on where it stood is tested beside each stage."""

from __future__ import annotations

import pytest
from lightning import Trainer

from deltalab.errors import UserError
from deltalab.packed.length import steps_of

QUIET = {"accelerator": "cpu", "logger": False, "enable_checkpointing": False, "enable_progress_bar": False}


def test_a_fit_takes_as_many_steps_as_it_is_given():
    assert steps_of(Trainer(max_steps=7, max_epochs=-1, **QUIET)) == 7


def test_a_fit_without_an_end_is_refused():
    with pytest.raises(UserError, match=r"^trainer.max_steps=-1: needs an end; give trainer.max_steps or trainer.max_"):
        steps_of(Trainer(max_steps=-1, max_epochs=-1, **QUIET))
