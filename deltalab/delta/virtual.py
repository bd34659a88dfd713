"""Virtual tokens: ids beyond an embedding's own, in whose places an act puts its vectors."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor, nn

from deltalab.backbone.batch import Batch
from deltalab.delta.act import EmbeddingAct
from deltalab.delta.segment import Pass

__all__ = ["filled", "real", "with_virtual_tokens"]


def with_virtual_tokens(rows: Batch, one: Pass, pad: int) -> Batch:
    """The rows with virtual tokens in front where a block has them; elsewhere padding at the end makes up for them."""
    if not one.embeddings:
        return rows
    module, entries = next(iter(one.embeddings.items()))
    lengths = [sum(a.act.length for a in applied if isinstance(a.act, EmbeddingAct)) for _, applied in entries]
    ids, mask = rows.input_ids, rows.attention_mask
    total = max(lengths) + ids.shape[1]
    new_ids, new_mask = ids.new_full((len(rows), total), pad), mask.new_zeros(len(rows), total)
    start = torch.zeros(len(rows), dtype=torch.long)
    for (block, _), length in zip(entries, lengths, strict=True):
        of_block = block.rows(len(rows))
        start[of_block] = length
        new_mask[of_block, :length] = 1
        new_ids[of_block, :length] = _size(module) + torch.arange(length, device=ids.device)
    columns = start.to(ids.device)[:, None] + torch.arange(ids.shape[1], device=ids.device)
    return replace(rows, input_ids=new_ids.scatter(1, columns, ids), attention_mask=new_mask.scatter(1, columns, mask))


def real(module: nn.Module, ids: Tensor) -> Tensor:
    """The ids with a token that the embedding knows in the place of each virtual one."""
    return ids.where(ids < _size(module), 0)


def filled(module: nn.Module, y: Tensor, ids: Tensor, vectors: Tensor) -> Tensor:
    """y (rows, length, width) with vector j of `vectors` (rows, virtual, width) where `ids` has virtual token j."""
    place = ids - _size(module)
    wanted = vectors.to(y.dtype).gather(1, place.clamp(min=0)[..., None].expand(-1, -1, y.shape[-1]))
    return torch.where((place < 0)[..., None], y, wanted)


def _size(module: nn.Module) -> int:
    assert isinstance(module, nn.Embedding)
    return module.num_embeddings
