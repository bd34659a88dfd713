"""Nothing below the lowest unit of a structure takes part in the backward pass."""

from __future__ import annotations

import pytest
import torch

from deltalab.delta.bitfit import BitFit
from deltalab.delta.candidates import Candidates
from deltalab.delta.lnfit import LNFit
from deltalab.delta.lora import Lora
from deltalab.delta.low_rank_adapter import LowRankAdapter
from deltalab.delta.prefix import Prefix
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack
from deltalab.step import losses


def watched(model):
    """Whether the output of each layer needs a gradient, noted in the next forward."""
    noted = {}

    def note(place):
        def hook(module, args, output):
            noted[place] = (output[0] if isinstance(output, tuple) else output).requires_grad

        return hook

    for side in ("encoder", "decoder"):
        for layer, block in enumerate(getattr(model, side).block):
            block.register_forward_hook(note((side, layer)))
    return noted


@pytest.mark.parametrize("attention", ["sdpa", "eager"])
@pytest.mark.parametrize("side", ["encoder", "decoder"])
@pytest.mark.parametrize("gated", [False, True])
def test_layers_below_the_lowest_unit_need_no_gradient(side, attention, gated, make_backbone, batch):
    backbone = make_backbone()
    depth = {name: len(getattr(backbone.model, name).block) for name in ("encoder", "decoder")}
    last = depth[side] - 1
    place = {"sides": [side], "layers": [last]}
    methods = {
        "lora": Lora(1, roles=("attn.q", "ffn.out"), **place),
        "bitfit": BitFit(("attn.v", "norm.attn"), **place),
        "lnfit": LNFit(("norm.ffn",), **place),
        "low_rank_adapter": LowRankAdapter(**place),
        "prefix": Prefix(2, parametrization="direct", **place),
    }
    space = Candidates.of(methods, backbone)
    theta = space.delta.layout.initial(0).requires_grad_()
    gates = torch.ones(1, len(space.members), requires_grad=True) if gated else None
    noted = watched(backbone.model.train())
    losses(Stack(backbone, attention), batch, [Segment(space.delta, theta, gates)]).sum().backward()
    above = [(side, last)]
    above += [("decoder", layer) for layer in range(depth["decoder"])] if side == "encoder" else []
    assert [at for at, needs in noted.items() if needs] == above
    assert len(noted) == sum(depth.values())
    assert theta.grad.any()
