"""Settings are held against the signature of what they build, one kind of hint after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Optional, Union

import pytest
import torch
from lightning import Trainer

from deltalab.delta.lora import Lora
from deltalab.errors import UserError
from deltalab.run.arguments import check

INNER = {"_target_": "somewhere.Thing", "size": "anything"}


def target(hint: Any) -> Any:
    """A function whose argument `x` has this hint."""

    def made(x=None):
        return x

    made.__annotations__ = {"x": hint}
    return made


FITTING = [
    (int, 3),
    (float, 3.5),
    (float, 3),
    (str, "three"),
    (bool, True),
    (int | None, None),
    (Optional[float], 2),  # noqa: UP045
    (Union[str, torch.device], "cpu"),  # noqa: UP007
    (Literal["a", "b", 3], 3),
    (list[int], [1, 2]),
    (list, ["a", 1]),
    (tuple[float, float], [0.9, 1]),
    (Sequence[str], []),
    (Iterable[str] | None, ["a"]),
    (list[list[int]], [[1], []]),
    (Mapping[str, int | None], {"a": 1, "b": None}),
    (dict, {"a": Ellipsis}),
    (Path, "a/b"),
    (str | Path, "a/b"),
    (Any, Ellipsis),
    (torch.Tensor, "whatever a tensor is made from"),
    (Lora, INNER),
    (int, INNER),
]


@pytest.mark.parametrize(("hint", "value"), FITTING, ids=str)
def test_a_fitting_value_passes(hint, value):
    check("place", {"x": value}, target(hint))


UNFIT = [
    (int, "abc", "place.x=abc: must be a whole number"),
    (int, 1.0, "place.x=1.0: must be a whole number"),
    (int, True, "place.x=True: must be a whole number"),
    (int, None, "place.x=null: must be a whole number"),
    (float, "abc", "place.x=abc: must be a number"),
    (float, False, "place.x=False: must be a number"),
    (str, 3, "place.x=3: must be a text"),
    (bool, 1, "place.x=1: must be true or false"),
    (bool, "yes", "place.x=yes: must be true or false"),
    (int | None, "abc", "place.x=abc: must be a whole number or null"),
    (Optional[str], 3, "place.x=3: must be a text or null"),  # noqa: UP045
    (Union[float, torch.Tensor], "abc", "place.x=abc: must be a number"),  # noqa: UP007
    (Literal["a", "b"], "c", "place.x=c: must be a or b"),
    (list[int], 3, "place.x=3: must be a list, each a whole number"),
    (list[int], ["a"], "place.x=['a']: must be a list, each a whole number"),
    (Sequence[str], "abc", "place.x=abc: must be a list, each a text"),
    (tuple[float, float], [0.9, "b"], "place.x=[0.9, 'b']: must be a list, each a number"),
    (list, "abc", "place.x=abc: must be a list"),
    (Mapping[str, int], {"a": "b"}, "place.x={'a': 'b'}: must be a group of keys"),
    (dict, 3, "place.x=3: must be a group of keys"),
    (Mapping[str, int], 3, "place.x=3: must be a group of keys"),
    (Lora | None, {"rank": 3}, "place.x={'rank': 3}: must be null"),
]


@pytest.mark.parametrize(("hint", "value", "message"), UNFIT, ids=str)
def test_another_value_is_refused(hint, value, message):
    with pytest.raises(UserError) as caught:
        check("place", {"x": value}, target(hint))
    assert str(caught.value) == message


def test_an_unknown_key_is_refused_with_the_nearest():
    with pytest.raises(UserError, match=r"^delta: unknown key 'rnak'; did you mean rank or lr\? allowed: alpha, "):
        check("delta", {"rnak": 3}, Lora)


def test_a_missing_argument_is_refused():
    def made(x: int, y: int, *rest: int, z: int = 3, **more: int) -> int:
        return x + y + z

    with pytest.raises(UserError, match=r"^place\.y: needs a value; give place\.y=\.\.\.$"):
        check("place", {"x": 1}, made)
    check("place", {"x": 1}, made, late=("y",))
    check("place", {"x": 1, "y": 2, "anything": 3}, made)


def test_an_argument_given_later_is_no_setting():
    with pytest.raises(UserError, match=r"^trainer: unknown key 'logger'"):
        check("trainer", {"logger": True}, Trainer, late=("logger",))
    check("trainer", {"max_steps": 3, "devices": 1, "precision": "bf16-mixed"}, Trainer, late=("logger",))
    with pytest.raises(UserError, match=r"^trainer\.max_steps=3\.0: must be a whole number$"):
        check("trainer", {"max_steps": 3.0}, Trainer)
