"""Batches of a task for Lightning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import final

from lightning import LightningDataModule
from torch import Tensor
from torch.utils.data import DataLoader, Sampler
from transformers import PreTrainedTokenizerBase

from deltalab.backbone.architecture.architecture import PLAIN, Wording
from deltalab.backbone.batch import Batch
from deltalab.errors import UserError, unknown
from deltalab.task.encode import Encoded, Encoder
from deltalab.task.sampler import BucketSampler, PackedSampler, Pairs, PartSampler, SortedSampler
from deltalab.task.share import shared
from deltalab.task.task import SPLITS, Task
from deltalab.task.template import Template
from deltalab.task.whole import whole

__all__ = ["ResumableLoader", "TextDataModule"]

_LOSSES = ("tokens", "labels")


@final
class ResumableLoader(DataLoader[Batch]):
    """A loader that goes on in the middle of an epoch: Lightning keeps its state in every checkpoint."""

    given = 0  # batches of this epoch
    _start = 0

    def __iter__(self) -> Iterator[Batch]:  # type: ignore[override]
        self.given, self._start = self._start, 0
        for batch in islice(super().__iter__(), self.given, None):
            self.given += 1
            yield batch

    def state_dict(self) -> dict[str, int]:
        """Where the epoch stands."""
        return {"given": self.given}

    def load_state_dict(self, state_dict: dict[str, int]) -> None:
        """Start the next epoch where `state_dict` stands, at its beginning where that is the end."""
        self._start = state_dict["given"] % len(self)

    def rewind(self) -> None:
        """Start the next epoch at its beginning after all: one may end before all batches were given."""
        self._start = 0


@final
class TextDataModule(LightningDataModule):
    """Batches of one task for one job or several trained together.

    `seeds` has one seed a job: a train batch holds `batch_size` rows for each, block g those of job g. Evaluation
    batches hold `eval_batch_size` rows once, longest first. No row is ever dropped. `label_ids` is the label set as
    (labels, length) for ranking, None where the task generates. `loss` "labels" gives train rows the label set as their
    candidates, "tokens" none; None is what the wording usually takes. Raises `UserError` for a size below 1, a length
    below 2, no seed, any other loss, and labels of a task with other answers than labels that it ranks.
    """

    label_ids: Tensor | None

    def __init__(
        self,
        task: Task,
        tokenizer: PreTrainedTokenizerBase,
        seeds: Sequence[int],
        batch_size: int,
        eval_batch_size: int,
        template: Template | None = None,
        max_input_length: int = 128,
        max_output_length: int = 32,
        workers: int = 0,
        wording: Wording = PLAIN,
        loss: str | None = None,
    ) -> None:
        super().__init__()
        if not seeds:
            raise UserError("seeds: '[]' is not allowed; allowed: one seed for each job")
        self.task = task
        self.seeds = tuple(whole(seed, 0, "seed") for seed in seeds)
        self.batch_size = whole(batch_size, 1, "batch_size")
        self.eval_batch_size = whole(eval_batch_size, 1, "eval_batch_size")
        self.workers = whole(workers, 0, "workers")
        lengths = max_input_length, max_output_length
        self.encoder = Encoder(tokenizer, template or Template(), task.name, *lengths, wording)
        ranked = task.labels if task.evaluation == "rank" else None
        self.label_ids = self.encoder.labels(ranked) if ranked else None
        self._candidates = self.label_ids if self._among_labels(loss) else None
        self._encoded: dict[str, Encoded] = {}

    @property
    def among_labels(self) -> bool:
        """Whether train rows have the label set as their candidates."""
        return self._candidates is not None

    def take_tokens(self) -> None:
        """Give train rows no candidates; before `setup`."""
        self._candidates = None

    def setup(self, stage: str | None = None) -> None:
        """Tokenise the three splits, once."""
        if not self._encoded:
            self._encoded = {split: self.encoder.split(self.task.split(split), split) for split in SPLITS}
            self._encoded["train"] = replace(self._encoded["train"], candidates=self._candidates)

    def train_dataloader(self) -> DataLoader[Batch]:
        """Length-bucketed batches, a new order each epoch, one block a job; the same in every process."""
        return self.turns(None)

    def turns(self, rows: int | None) -> DataLoader[Batch]:
        """The same with so many rows an epoch and job, as often anew as these need."""
        split = self._encoded["train"]
        lengths, counts = split.inputs.lengths, split.answer_counts
        jobs = [BucketSampler(lengths, counts, self.batch_size, seed, rows) for seed in self.seeds]
        return self._loader(split, PackedSampler(jobs))

    def part(self, rows: Tensor) -> DataLoader[Batch]:
        """Length-bucketed batches of these train rows (n,) alone, of the first job."""
        split = self._encoded["train"]
        lengths, counts = split.inputs.lengths[rows], split.answer_counts[rows]
        return self._loader(split, PartSampler(BucketSampler(lengths, counts, self.batch_size, self.seeds[0]), rows))

    def val_dataloader(self) -> DataLoader[Batch]:
        """The dev split."""
        return self._evaluation("dev")

    def test_dataloader(self) -> DataLoader[Batch]:
        """The test split."""
        return self._evaluation("test")

    def decode(self, ids: Tensor) -> list[str]:
        """What `Encoder.decode` gives."""
        return self.encoder.decode(ids)

    def _among_labels(self, loss: str | None) -> bool:
        if loss is not None and loss not in _LOSSES:
            raise unknown("loss", loss, _LOSSES, "data.loss")
        known = (self.task.labels or ()) if self.label_ids is not None else ()
        free = sorted({answer for row in self.task.train for answer in row.outputs} - set(known))
        if loss == "labels" and free:
            raise UserError(
                f"data.loss: 'labels' needs ranked labels alone as answers, but task {self.task.name} has '{free[0]}'; "
                "allowed: tokens"
            )
        return not free and (loss or ("labels" if self.encoder.wording.among_labels else "tokens")) == "labels"

    def _evaluation(self, name: str) -> DataLoader[Batch]:
        split = self._encoded[name]
        return self._loader(split, shared(SortedSampler(split.inputs.lengths, self.eval_batch_size)))

    def _loader(self, split: Encoded, sampler: Sampler[Pairs]) -> ResumableLoader:
        # the sampler yields whole batches and the split returns them collated, so the loader itself batches nothing;
        # as `sampler` (not `batch_sampler`) it also gets Lightning's set_epoch
        return ResumableLoader(split, sampler=sampler, batch_size=None, num_workers=self.workers)
