"""No position sees the future, and padding never matters, whatever stands in front."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from deltalab.backbone.batch import IGNORED, Batch
from deltalab.delta.prefix import Prefix
from deltalab.delta.segment import Segment
from deltalab.delta.stack import Stack

from .helpers import MEMBERS, bind, perturbed, same


def mixed(backbone):
    """Segments of several methods, two vectors each; twelve in all."""
    deltas = [bind(name, backbone) for name in ("prefix", "prompt", "lora", "prefix_direct")]
    deltas += [method.bind(backbone, "prefix") for method in (Prefix(cross=True), Prefix(reshape="published"))]
    return [Segment(delta, perturbed(delta, 2, seed=i)) for i, delta in enumerate(deltas)]


def stacks(backbone, name):
    if name == "mixed":
        return mixed(backbone)
    delta = bind(name, backbone)
    return [Segment(delta, perturbed(delta, 2))]


@pytest.mark.parametrize("name", [*MEMBERS, "mixed"])
@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_logits_do_not_depend_on_later_answer_tokens(name, attention, backbone, make_batch):
    batch, stack, segments = make_batch(12), Stack(backbone, attention), stacks(backbone, name)
    changed = batch.labels.clone()
    changed[:, 2:] = (changed[:, 2:] + 5) % 40  # padding becomes tokens too
    later = Batch(batch.input_ids, batch.attention_mask, changed, batch.rows)
    before, after = stack.logits(batch, segments), stack.logits(later, segments)
    same(after[:, :3], before[:, :3], 1e-6)  # position t reads tokens before t
    assert (after[:, 3:] - before[:, 3:]).abs().max() > 1e-3


@pytest.mark.parametrize("name", [*MEMBERS, "mixed"])
@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_logits_do_not_depend_on_padding(name, attention, backbone, make_batch):
    batch, stack, segments = make_batch(12), Stack(backbone, attention), stacks(backbone, name)
    expected = stack.logits(batch, segments)
    filled = batch.input_ids.where(batch.attention_mask == 1, 7)  # what stands under the mask
    ids, mask = F.pad(filled, (0, 4), value=9), F.pad(batch.attention_mask, (0, 4))
    longer = Batch(ids, mask, F.pad(batch.labels, (0, 3), value=IGNORED), batch.rows)
    same(stack.logits(longer, segments)[:, : batch.labels.shape[1]], expected, 1e-5)


@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_a_row_does_not_depend_on_the_rows_beside_it(attention, backbone, make_batch):
    stack, segments = Stack(backbone, attention), mixed(backbone)
    batch, other = make_batch(24), make_batch(24, seed=1)
    kept = torch.arange(24) % 2 == 0
    pairs = zip(*((b.input_ids, b.attention_mask, b.labels) for b in (batch, other)), strict=True)
    swapped = Batch(*(own.where(kept[:, None], new) for own, new in pairs), batch.rows)
    same(stack.logits(swapped, segments)[kept], stack.logits(batch, segments)[kept], 1e-5)
