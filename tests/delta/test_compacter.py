"""Compacter against sums of Kronecker products."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from deltalab.delta.compacter import Compacter
from deltalab.delta.stack import Stack
from deltalab.errors import UserError

from .naive import FFN, SELF, check, wrap


def kronecker(shared):
    def weight(tensors, path, part):
        rule = tensors[f"compacter.{part}_rule" if shared else f"{path}.compacter.{part}_rule"]
        left, right = (tensors[f"{path}.compacter.{part}_{side}"] for side in ("left", "right"))
        return sum(torch.kron(k, a @ b) for k, a, b in zip(rule, left, right, strict=True))

    def install(model, tensors):
        for path in SELF + FFN:
            down, up = weight(tensors, path, "down"), weight(tensors, path, "up")
            biases = tensors[f"{path}.compacter.down_bias"], tensors[f"{path}.compacter.up_bias"]

            def change(y, down=down, up=up, biases=biases):
                return y + F.silu(y @ down + biases[0]) @ up + biases[1]

            wrap(model, path, change)

    return install


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize(("divisions", "rank"), [(4, 1), (2, 3)])
def test_compacter_equals_kronecker_products_written_out(shared, divisions, rank, backbone, stock, batch):
    method = Compacter(reduction=2, divisions=divisions, rank=rank, share_rule=shared, activation="silu")
    check(Stack(backbone), stock, method.bind(backbone, "compacter"), batch, kronecker(shared))


def test_the_shared_rule_is_counted_once_at_the_first_unit(backbone):
    delta = Compacter(reduction=2, divisions=4).bind(backbone, "compacter")
    own = 4 * (4 + 2) + 8 + 4 * (2 + 4) + 16  # factors and biases at width 16, bottleneck 8
    assert delta.unit_sizes().tolist() == [own + 2 * 4**3] + [own] * (len(SELF + FFN) - 1)


def test_the_up_projection_starts_at_zero_unless_published(backbone):
    for start in ("identity", "s3"):
        layout = Compacter(start=start).bind(backbone, "compacter").layout
        drawn = layout.unflatten(layout.initial(0))
        assert all(bool(v.any()) == (start == "s3") for name, v in drawn.items() if name.endswith("up_right"))


def test_a_width_that_does_not_divide_is_refused(backbone):
    with pytest.raises(UserError, match="divisions=3: must divide the width 16"):
        Compacter(divisions=3).bind(backbone, "compacter")
