"""A small text, a small tokenizer, and the embedded folder."""

from __future__ import annotations

import random
from importlib.resources import files
from pathlib import Path

import pytest
from transformers import PreTrainedTokenizerFast

from deltalab.backbone.tiny.vocabulary import learn_vocabulary

WORDS = [
    "the",
    "a",
    "river",
    "boat",
    "old",
    "young",
    "captain",
    "sailed",
    "saw",
    "quietly",
    "toward",
    "harbour",
    "rain",
    "light",
    "and",
    "but",
    "because",
    "it",
    "was",
]


def sentences(count: int, seed: int = 0) -> list[str]:
    """Made-up sentences of ten words."""
    rng = random.Random(seed)
    return [" ".join(rng.choices(WORDS, k=10)).capitalize() + "." for _ in range(count)]


@pytest.fixture(scope="session")
def tokenizer() -> PreTrainedTokenizerFast:
    return learn_vocabulary(sentences(200), size=480)


@pytest.fixture(scope="session")
def text_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    paragraphs = sentences(400)
    documents = ["\n".join(paragraphs[start : start + 40]) for start in range(0, 400, 40)]
    path = tmp_path_factory.mktemp("text") / "small.txt"
    path.write_text("\n\n".join(documents) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def embedded() -> Path:
    folder = Path(str(files("deltalab.backbone").joinpath("tiny")))
    if not (folder / "model.safetensors").exists():
        pytest.skip("the embedded weights are not there")
    return folder
