"""The loaders that Lightning sees."""

from dataclasses import replace

import pytest
import torch
from lightning import LightningModule, Trainer

from deltalab.backbone.architecture.architecture import PLAIN
from deltalab.backbone.batch import IGNORED, Batch
from deltalab.errors import UserError
from deltalab.task.builtin import make
from deltalab.task.datamodule import TextDataModule
from deltalab.task.example import Example
from deltalab.task.task import Task
from deltalab.task.template import Template


@pytest.fixture(scope="module")
def task() -> Task:
    return make("movie_sentiment", {"train": 61, "dev": 23, "test": 17})


def data(task: Task, tokenizer, seeds=(0,), batch_size=8, eval_batch_size=10, workers=0, **fields) -> TextDataModule:
    made = TextDataModule(task, tokenizer, seeds, batch_size, eval_batch_size, workers=workers, **fields)
    made.setup("fit")
    return made


def texts(tokenizer, ids: torch.Tensor) -> list[str]:
    return tokenizer.batch_decode(ids.masked_fill(ids == IGNORED, tokenizer.pad_token_id), skip_special_tokens=True)


@pytest.mark.parametrize("split", ["dev", "test"])
def test_evaluation_batches_equal_naive_padding(task: Task, tokenizer, split: str):
    made = data(task, tokenizer)
    loader = made.val_dataloader() if split == "dev" else made.test_dataloader()
    rows, seen = task.split(split), []
    for batch in loader:
        inputs = [tokenizer.encode(rows[row].input) for row in batch.rows]
        longest = max(map(len, inputs))
        assert batch.input_ids.tolist() == [ids + [tokenizer.pad_token_id] * (longest - len(ids)) for ids in inputs]
        assert batch.attention_mask.sum(1).tolist() == [len(ids) for ids in inputs]
        assert texts(tokenizer, batch.labels) == [rows[row].outputs[0] for row in batch.rows]
        seen += batch.rows.tolist()
    assert sorted(seen) == list(range(len(rows)))
    assert len(loader) == -(-len(rows) // 10)


def test_train_blocks_belong_to_jobs(task: Task, tokenizer):
    made, rows = data(task, tokenizer, seeds=(3, 5, 3)), {0: [], 1: [], 2: []}
    for batch in made.train_dataloader():
        assert len(batch) % 3 == 0
        for job, block in enumerate(batch.rows.chunk(3)):
            rows[job] += block.tolist()
        assert texts(tokenizer, batch.labels) == [task.train[row].outputs[0] for row in batch.rows]
    assert rows[0] == rows[2] != rows[1]
    assert all(sorted(job) == list(range(61)) for job in rows.values())
    alone = [row for batch in data(task, tokenizer, seeds=(5,)).train_dataloader() for row in batch.rows.tolist()]
    assert alone == rows[1]


def test_the_template_is_used_both_ways(task: Task, tokenizer):
    made = data(task, tokenizer, template=Template("[{task}] {input}", "<extra_id_0>{output}"))
    batch = next(iter(made.val_dataloader()))
    assert tokenizer.decode(batch.input_ids[0]).startswith("[movie_sentiment]")
    assert (batch.labels[:, 0] == tokenizer.convert_tokens_to_ids("<extra_id_0>")).all()
    ids = batch.labels.masked_fill(batch.labels == IGNORED, tokenizer.pad_token_id)
    assert made.decode(ids) == [task.dev[row].outputs[0] for row in batch.rows]


def test_label_ids_only_where_labels_are_ranked(task: Task, tokenizer):
    ids = data(task, tokenizer).label_ids
    assert ids is not None
    assert texts(tokenizer, ids) == ["negative", "positive"]
    assert data(replace(task, evaluation="generate"), tokenizer).label_ids is None


@pytest.mark.parametrize(("loss", "usual"), [("labels", False), (None, True)])
def test_train_rows_know_the_label_set_where_the_loss_is_among_labels(task: Task, tokenizer, loss, usual):
    made = data(task, tokenizer, loss=loss, wording=replace(PLAIN, among_labels=usual))
    for batch in [*made.train_dataloader(), *made.part(torch.arange(9))]:
        assert torch.equal(batch.candidates, made.label_ids.expand(len(batch), -1, -1))
    assert all(batch.candidates is None for batch in [*made.val_dataloader(), *made.test_dataloader()])


def test_train_rows_know_no_candidates_where_the_loss_is_of_tokens(task: Task, tokenizer):
    free = replace(task, evaluation="generate")
    usual = replace(PLAIN, among_labels=True)
    for made in (
        data(task, tokenizer),
        data(task, tokenizer, loss="tokens", wording=usual),
        data(free, tokenizer, wording=usual),
    ):
        assert all(batch.candidates is None for batch in made.train_dataloader())


def test_a_loss_among_labels_needs_labels_alone(task: Task, tokenizer):
    with pytest.raises(UserError, match=r"data\.loss: unknown loss 'label'; did you mean labels\?"):
        data(task, tokenizer, loss="label")
    with pytest.raises(UserError, match=r"data\.loss: 'labels' .* movie_sentiment has 'negative'.*tokens"):
        data(replace(task, evaluation="generate"), tokenizer, loss="labels")
    odd = replace(task, train=(*task.train, Example("fine", ("positive", "very good"))))
    with pytest.raises(UserError, match="has 'very good'"):
        data(odd, tokenizer, loss="labels")
    assert all(batch.candidates is None for batch in data(odd, tokenizer).train_dataloader())


def test_tokenises_once(task: Task, tokenizer):
    made = data(task, tokenizer)
    before = made.train_dataloader().dataset
    made.setup("test")
    assert made.train_dataloader().dataset is before


def test_workers_give_the_same_batches(task: Task, tokenizer):
    alone, helped = (list(data(task, tokenizer, workers=workers).val_dataloader()) for workers in (0, 1))
    for one, other in zip(alone, helped, strict=True):
        assert torch.equal(one.input_ids, other.input_ids)


class Recorder(LightningModule):
    """Notes the rows of every step."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(()))
        self.trained: dict[int, list[int]] = {}
        self.evaluated: list[int] = []

    def training_step(self, batch: Batch, index: int) -> torch.Tensor:
        self.trained.setdefault(self.current_epoch, []).extend(batch.rows.tolist())
        return self.weight**2

    def validation_step(self, batch: Batch, index: int) -> None:
        self.evaluated += batch.rows.tolist()

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.SGD(self.parameters(), lr=0.1)


@pytest.mark.filterwarnings("ignore")
def test_lightning_trains_on_every_row_in_a_new_order_each_epoch(task: Task, tokenizer, tmp_path):
    recorder = Recorder()
    trainer = Trainer(
        max_epochs=3,
        accelerator="cpu",
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        num_sanity_val_steps=0,
        default_root_dir=tmp_path,
    )
    trainer.fit(recorder, data(task, tokenizer))
    assert sorted(recorder.evaluated) == sorted(list(range(23)) * 3)
    assert [sorted(rows) for rows in recorder.trained.values()] == [list(range(61))] * 3
    assert len({tuple(rows) for rows in recorder.trained.values()}) == 3


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"batch_size": 0}, "batch_size: '0'"),
        ({"eval_batch_size": -1}, "eval_batch_size: '-1'"),
        ({"workers": -1}, "workers: '-1'"),
        ({"seeds": ()}, r"seeds: '\[\]'"),
        ({"seeds": (0, -2)}, "seed: '-2'"),
        ({"max_input_length": 1}, "max_input_length: '1'"),
        ({"max_output_length": 0}, "max_output_length: '0'"),
    ],
)
def test_bad_sizes(task: Task, tokenizer, fields: dict, message: str):
    with pytest.raises(UserError, match=f"^{message} is not allowed"):
        data(task, tokenizer, **fields)
