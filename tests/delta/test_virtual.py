"""Virtual tokens: where they stand, and what stands in their places."""

from __future__ import annotations

import torch
from torch import nn

from deltalab.backbone.batch import Batch
from deltalab.delta.segment import Segment, passes
from deltalab.delta.virtual import filled, real, with_virtual_tokens

from .helpers import bind

SIZE = 40  # of the backbone's vocabulary


def test_rows_of_a_prompt_begin_with_its_tokens_and_others_end_with_padding(backbone):
    lora, prompt = bind("lora", backbone), bind("prompt", backbone)
    segments = [Segment(lora, lora.layout.initial(0)), Segment(prompt, torch.stack([prompt.layout.initial(0)] * 2))]
    (one,) = passes(segments, torch.float32)
    length = prompt.size // 16
    ids, mask = torch.tensor([[5, 6, 1], [7, 1, 0], [8, 9, 1]]), torch.tensor([[1, 1, 1], [1, 1, 0], [1, 1, 1]])
    found = with_virtual_tokens(Batch(ids, mask, ids, torch.arange(3)), one, 0)
    ghosts = list(range(SIZE, SIZE + length))
    assert found.input_ids.tolist() == [[5, 6, 1] + [0] * length, [*ghosts, 7, 1, 0], [*ghosts, 8, 9, 1]]
    assert found.attention_mask.tolist() == [[1] * 3 + [0] * length, [1] * (length + 2) + [0], [1] * (length + 3)]
    assert torch.equal(found.labels, ids)


def test_rows_without_a_prompt_stay_as_they_are(backbone, batch):
    lora = bind("lora", backbone)
    (one,) = passes([Segment(lora, lora.layout.initial(0))], torch.float32)
    assert with_virtual_tokens(batch, one, 0) is batch


def test_vectors_stand_where_their_tokens_do_in_any_order():
    embedding = nn.Embedding(4, 2)
    ids = torch.tensor([[5, 1, 4], [0, 3, 2]])
    assert real(embedding, ids).tolist() == [[0, 1, 0], [0, 3, 2]]
    vectors = torch.tensor([[[10.0, 11.0], [20.0, 21.0]]]).expand(2, -1, -1)
    y = embedding(real(embedding, ids))
    found = filled(embedding, y, ids, vectors)
    assert found[0].tolist() == [[20.0, 21.0], y[0, 1].tolist(), [10.0, 11.0]]
    assert torch.equal(found[1], y[1])
