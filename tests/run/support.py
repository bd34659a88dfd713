"""A small random T5 with a tokenizer of its own, and the program run on it inside the test process."""

from __future__ import annotations

import io
import json
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from string import ascii_lowercase
from typing import Any
from unittest.mock import patch

import torch
from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf, open_dict
from transformers import PreTrainedTokenizerFast, T5Config, T5ForConditionalGeneration
from transformers.utils import logging as transformers_logging

from deltalab.run.again import again
from deltalab.run.door import door
from deltalab.run.splits import spread
from deltalab.task.builtin import make
from search import main as search
from train import main as train

from ..subwords import subwords

CONF = Path(__file__).parents[2] / "conf"
SMALL = ("task.sizes={train: 48, dev: 12, test: 12}", "data.batch_size=8", "data.eval_batch_size=12")
PROGRAMS = {"train": train, "search": search}
BARE = ("logger=none", "callbacks=quiet", "trainer=smoke", "trainer.accelerator=cpu")

torch.set_num_threads(1)
transformers_logging.disable_progress_bar()


def save_model(folder: Path, seed: int = 0) -> Path:
    """Write a random T5 v1.1 of two layers, and a subword tokenizer trained on a built-in task's rows."""
    rows = make("movie_sentiment", {"train": 300, "dev": 1, "test": 1}).train
    texts = [text for row in rows for text in (row.input, *row.outputs)]
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=subwords(texts, 200, ["<extra_id_0>"], ascii_lowercase),
        pad_token="<pad>",
        eos_token="</s>",
        unk_token="<unk>",
        extra_special_tokens=["<extra_id_0>"],
    )
    tokenizer.save_pretrained(folder)
    torch.manual_seed(seed)
    shape = {"d_model": 32, "d_kv": 6, "num_heads": 3, "d_ff": 40, "num_layers": 2, "dropout_rate": 0.0}
    model = T5ForConditionalGeneration(
        T5Config(
            vocab_size=len(tokenizer),
            feed_forward_proj="gated-gelu",
            tie_word_embeddings=False,
            decoder_start_token_id=0,
            **shape,
        )
    )
    model.save_pretrained(folder)
    return folder


@contextmanager
def composed(*overrides: str, name: str = "train") -> Iterator[DictConfig]:
    """The config of `python train.py`, or of the program of this name, inside the Hydra that composed it."""
    GlobalHydra.instance().clear()
    with initialize_config_dir(str(CONF), version_base="1.3"):
        config = compose(name, overrides=list(overrides), return_hydra_config=True)
        with open_dict(config.hydra):
            config.hydra.runtime.output_dir = "output"
        HydraConfig.instance().set_config(config)
        try:
            yield OmegaConf.masked_copy(config, [key for key in config if key != "hydra"])
        finally:
            HydraConfig.instance().cfg = None


@dataclass(frozen=True)
class Outcome:
    """What a run of the program left: its exit code, its output and its folder."""

    code: int
    out: str
    err: str
    folder: Path

    @property
    def record(self) -> dict[str, Any]:
        """The run's record."""
        return json.loads((self.folder / "record.json").read_text())


def program(*overrides: str, folder: Path, model: Path | None = None, name: str = "train") -> Outcome:
    """Run `python train.py`, or search.py, with these overrides in this process, writing to `folder`.

    With `model` the backbone is that of this folder and the run as short as can be; later overrides win.
    """
    small = () if model is None else ("backbone=t5", f"backbone.path={model}", *BARE)
    store = f"store.root={folder.with_name(folder.name + '-store')}"
    given = [*small, f"hydra.run.dir={folder}", f"hydra.sweep.dir={folder}", store, *overrides]
    return started(sorted(given, key=lambda word: not word.startswith("-")), folder, name)


def started(words: Sequence[str], folder: Path, name: str = "train") -> Outcome:
    """Run the program with these words and no others in this process, which is expected to write to `folder`."""
    arguments = [f"{name}.py", *words]
    out, err = io.StringIO(), io.StringIO()
    with ExitStack() as stack:
        for manager in (patch.object(sys, "argv", arguments), redirect_stdout(out), redirect_stderr(err), _restored()):
            stack.enter_context(manager)
        try:
            with door(CONF, name):
                sys.argv[1:] = spread(again(sys.argv[1:]), CONF, name)
                PROGRAMS[name]()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
    return Outcome(code, out.getvalue(), err.getvalue(), folder)


@contextmanager
def _restored() -> Iterator[None]:
    """Undo what a program does to its process: log handlers, environment, Hydra's global state."""
    handlers, level, environment = list(logging.root.handlers), logging.root.level, dict(os.environ)
    GlobalHydra.instance().clear()
    try:
        yield
    finally:
        logging.root.handlers[:], logging.root.level = handlers, level
        os.environ.clear()
        os.environ.update(environment)
        GlobalHydra.instance().clear()
