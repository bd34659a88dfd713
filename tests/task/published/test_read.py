"""Every task of the table from files in its distributed form, against texts written by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from deltalab.errors import UserError
from deltalab.task.published.read import read
from deltalab.task.published.table import table

from .distributed import glue, squad, superglue, webnlg

# The text and the first answer of the first train row, mended and as published where that differs.
TEXTS = {
    "glue-cola": ("cola sentence: Sentence 0.", "0"),
    "glue-sst2": ('sst2 sentence: sentence "0 ', "0"),
    "glue-mrpc": ("mrpc sentence1: One 0. sentence2: Two 0.", "0"),
    "glue-qqp": ("qqp question1: One 0? question2: Two 0?", "0"),
    "glue-stsb": ("stsb sentence1: One 0. sentence2: Two 0.", "0.4"),
    "glue-mnli": ("mnli premise: One 0. hypothesis: Two 0.", "0"),
    "glue-qnli": ("qnli question: One 0? sentence: Two 0.", "0"),
    "glue-rte": ("rte sentence1: One 0. sentence2: Two 0.", "0"),
    "glue-wnli": ("wnli sentence1: One 0. sentence2: Two 0.", "0"),
    "superglue-boolq": ("superglue-boolq question: is it 0 passage: It is.", "0"),
    "superglue-cb": ("superglue-cb premise: P 0 hypothesis: H", "0"),
    "superglue-copa": ("superglue-copa question: cause premise: P 0. choice1: A. choice2: B.", "0"),
    "superglue-multirc": (
        "superglue-multirc question: Did it rain? answer: Yes 0 paragraph: Sent 1: It rained 0. It stopped.",
        "0",
    ),
    "superglue-record": (
        "superglue-record record query: @placeholder left entities: Ann, Bob "
        "passage: Ann met Bob 0. Bob left. Ann stayed",
        "Bob",
    ),
    "superglue-rte": ("superglue-rte premise: P 0 hypothesis: H", "0"),
    "superglue-wic": ("superglue-wic sentence1: S 0 sentence2: T word: bank", "0"),
    "superglue-wsc": ("superglue-wsc.fixed text: The * trophy * fits not because # it # is big.", "0"),
    "squad": ("squad question: Who, 0? context: St. Ann did.", "St. Ann"),
    "webnlg": ("web_nlg (Ann | age | 0)(Ann | home | Rome)", "Good one."),
}
PUBLISHED = {
    "glue-stsb": ("stsb sentence1: One 0. sentence2: Two 0.", "0.3"),  # 0.35, as binary lies a little below
    "glue-mnli": ("mnli premise: One 0. hypothesis Two 0.", "0"),
    "superglue-copa": ("superglue-copa premise: P 0. choice1: A. choice2: B.", "0"),
    "squad": ("squad question: Who , 0 ?  context: St . Ann did . ", "St . Ann"),
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("distributed")
    glue(place / "glue")
    superglue(place / "superglue")
    squad(place / "other" / "squad")
    webnlg(place / "other" / "webnlg")
    return place


def folder(root: Path, name: str) -> str:
    group = name.split("-")[0]
    return str(root / (group if group in ("glue", "superglue") else "other"))


def test_every_task_is_tried():
    assert set(TEXTS) == set(table())


@pytest.mark.parametrize("name", TEXTS)
def test_texts(root: Path, name: str):
    task = read(name, folder(root, name))
    texts = {(row.input, row.outputs[0]) for row in (*task.train, *task.dev)}
    assert TEXTS[name] in texts
    old = read(name, folder(root, name), template="published")
    assert PUBLISHED.get(name, TEXTS[name]) in {(row.input, row.outputs[0]) for row in (*old.train, *old.dev)}
    assert task.name == old.name == name


@pytest.mark.parametrize("name", TEXTS)
def test_where_dev_comes_from(root: Path, name: str):
    task = read(name, folder(root, name))
    each = 6 if name == "superglue-multirc" else 1
    sizes = (
        (18, 2, 20)
        if name in ("glue-sst2", "glue-qqp", "glue-mnli", "glue-qnli", "superglue-record", "squad")
        else (20, 10, 10)
    )
    assert tuple(len(task.split(split)) for split in ("train", "dev", "test")) == tuple(size * each for size in sizes)


def test_the_seed_of_the_rows_draws_dev(root: Path):
    one, other, same = (read("glue-rte", folder(root, "glue-rte"), seed=seed) for seed in (1, 2, 1))
    assert one.dev != other.dev
    assert one.dev == same.dev
    assert {*one.dev, *one.test} == {*other.dev, *other.test}
    assert not {*one.dev} & {*one.test}


def test_questions_of_multirc_stay_together_unless_as_published(root: Path):
    def shared(template: str) -> set[str | None]:
        task = read("superglue-multirc", folder(root, "superglue-multirc"), template=template)
        return {row.group for row in task.dev} & {row.group for row in task.test}

    assert not shared("mended")
    assert shared("published")
    task = read("superglue-multirc", folder(root, "superglue-multirc"), limit={"test": 10})
    assert sorted(len([row for row in task.test if row.group == one.group]) for one in task.test) == [3] * 9


def test_multirc_counts_whole_questions(root: Path):
    task = read("superglue-multirc", folder(root, "superglue-multirc"))
    wrong = {row: example.outputs[0] for row, example in enumerate(task.test)}
    wrong[0] = {"0": "1", "1": "0"}[wrong[0]]
    questions = len({row.group for row in task.test})
    assert task.score("test", wrong).details["Group-EM"] == pytest.approx(1 - 1 / questions)
    assert task.metric.name == "F1:1/Group-EM"


def test_record_has_a_row_a_query(root: Path):
    task = read("superglue-record", folder(root, "superglue-record"))
    assert all(set(row.outputs) == {"Ann", "Bob"} for row in task.test)
    old = read("superglue-record", folder(root, "superglue-record"), template="published")
    assert len(old.test) == 2 * len(task.test)


def test_labels(root: Path):
    place = folder(root, "superglue-cb")
    assert read("superglue-cb", place).labels == ("0", "1", "2")
    assert read("superglue-cb", place, labels="words").labels == ("contradiction", "entailment", "neutral")
    own = read("superglue-cb", place, labels=["yes", "no", "maybe"])
    assert {row.input: row.outputs for row in own.train}["superglue-cb premise: P 1 hypothesis: H"] == ("no",)
    assert read("glue-mrpc", folder(root, "glue-mrpc"), labels="words").metric.name == "F1:equivalent/ACC"
    for labels in ("names", ["a", "b"], ["a", "a", "b"]):
        with pytest.raises(
            UserError, match=r"^task\.labels=.*3 different words for entailment, contradiction, neutral"
        ):
            read("superglue-cb", place, labels=labels)


def test_limit_shots_metric_evaluation(root: Path):
    task = read(
        "glue-rte", folder(root, "glue-rte"), metric="ACC+F1:1", evaluation="generate", limit={"test": 4}, shots=2
    )
    assert (len(task.train), len(task.dev), len(task.test)) == (4, 4, 4)
    assert sorted(row.outputs[0] for row in task.train) == ["0", "0", "1", "1"]
    assert (task.metric.name, task.evaluation) == ("ACC+F1:1", "generate")


def test_mistakes(root: Path, tmp_path: Path):
    with pytest.raises(UserError, match=r"^task\.name: unknown published task 'glue-sst3'; did you mean glue-sst2"):
        read("glue-sst3")
    with pytest.raises(UserError, match=r"^task\.template: unknown template 'old'"):
        read("glue-sst2", folder(root, "glue-sst2"), template="old")
    bad = tmp_path / "train.tsv"
    bad.write_text("sentence\tlabel\nfine\t7\n")
    (tmp_path / "dev.tsv").write_text("sentence\tlabel\nfine\t1\n")
    with pytest.raises(
        UserError, match=r"task\.path=.*, train: row 1 does not fit the table \(ValueError\('label 7, of 2'"
    ):
        read("glue-sst2", str(tmp_path))


def test_published_texts_and_metrics_are_those_of_the_facts(real_tasks: Path):
    facts = real_tasks.parent / "facts" / "s3_tasks.json"
    if not facts.is_file():
        pytest.skip("the table of facts is not beside this checkout")
    known = {"superglue-wsc.fixed": "superglue-wsc", "web_nlg": "webnlg", "squad": "squad"}
    for fact in json.loads(facts.read_text())["tasks"]:
        name = fact["name"]
        entry = table()[known.get(name, name if name.startswith("superglue") else f"glue-{name}")]
        text = fact["template"].split("   (")[0].replace('{", ".join(entities)}', "{entities}")
        assert (entry.published or entry.input) == text.replace("({triple1})({triple2})...", "{triples}")
        assert (entry.dev == "train") == ("2000 train" in fact["split"] or name == "squad")
        assert len(entry.words) == (0 if name == "stsb" else len(fact["labels"] or ()))


@pytest.mark.parametrize(
    ("name", "place", "rows"), [("glue-rte", "glue", (2490, 277)), ("superglue-cb", "superglue", None)]
)
def test_the_originals(real_tasks: Path, name: str, place: str, rows: tuple[int, int] | None):
    root = real_tasks / "raw" / place
    if not root.is_dir():
        pytest.skip("the original files are not beside this checkout")
    task = read(name, str(root), labels="words")
    if rows:
        assert (len(task.train), len(task.dev) + len(task.test)) == rows
    for row in task.train:
        assert row.outputs[0] in task.labels
    file = next((root / "RTE").glob("train.tsv"), None) if place == "glue" else root / "CB" / "train.jsonl"
    line = file.read_text().splitlines()[1]
    if place == "glue":
        _, first, second, label = line.split("\t")
        assert (f"rte sentence1: {first} sentence2: {second}", label) == (task.train[0].input, task.train[0].outputs[0])
    else:
        found = json.loads(line)
        text = f"superglue-cb premise: {found['premise']} hypothesis: {found['hypothesis']}"
        assert (text, found["label"]) == (task.train[1].input, task.train[1].outputs[0])


def test_from_the_hub(monkeypatch: pytest.MonkeyPatch):
    datasets = pytest.importorskip("datasets")
    asked = []

    def load(dataset: str, config: str, split: list[str], revision: str | None) -> list[object]:
        asked.append((dataset, config, split, revision))
        names = datasets.ClassLabel(names=["entailment", "neutral", "contradiction"])
        features = datasets.Features(
            {key: datasets.Value("string") for key in ("premise", "hypothesis")} | {"label": names}
        )
        rows = {"premise": ["p"] * 30, "hypothesis": ["h"] * 30, "label": [0, 1, 2] * 10}
        return [datasets.Dataset.from_dict(rows, features=features) for _ in split]

    monkeypatch.setattr(datasets, "load_dataset", load)
    task = read("glue-mnli", labels="words")
    assert asked == [("nyu-mll/glue", "mnli", ["train", "validation_matched"], None)]
    assert [row.outputs[0] for row in task.test[:3]] == ["entailment", "neutral", "contradiction"]
