"""Task folders: naming schemes, choices, caps, errors, and the real tasks."""

import json
import warnings
from pathlib import Path

import pytest

from deltalab.errors import UserError
from deltalab.task.assemble import UnseenLabels
from deltalab.task.example import Example
from deltalab.task.folder import read
from deltalab.task.task import SPLITS


def write(folder: Path, prefix: str = "", rows: int = 40, splits: tuple[str, ...] = SPLITS) -> Path:
    folder.mkdir(exist_ok=True)
    for split in splits:
        lines = [f"{prefix}{split} {row}\t{('no', 'yes')[row % 2]}\n" for row in range(rows)]
        (folder / f"{prefix}{split}.tsv").write_text("".join(lines))
    return folder


def test_plain_names(tmp_path: Path):
    task = read(write(tmp_path / "glue-sst2"))
    assert (task.name, task.metric.name, task.evaluation, task.labels) == ("glue-sst2", "ACC", "rank", ("no", "yes"))
    assert task.dev[1] == Example("dev 1", ("yes",))
    assert read(f"{tmp_path}/glue-sst2/").name == "glue-sst2"  # a slash at the end is no name


def test_crossfit_names(tmp_path: Path):
    folder = write(tmp_path / "boolq", "boolq_16_100_")
    (folder / "README.md").write_text("no split")
    (folder / "mytrain.tsv").write_text("no split either")
    assert read(folder).train[0].input == "boolq_16_100_train 0"


def test_several_prefixes_need_a_choice(tmp_path: Path):
    folder = write(write(tmp_path / "boolq", "boolq_16_100_"), "boolq_16_13_")
    with pytest.raises(UserError, match=r"task\.prefix=\.\.\.; allowed: 'boolq_16_100', 'boolq_16_13'"):
        read(folder)
    assert read(folder, prefix="boolq_16_13").test[0].input == "boolq_16_13_test 0"
    with pytest.raises(UserError, match=r"unknown prefix 'boolq_16_21'.*allowed: 'boolq_16_100'"):
        read(folder, prefix="boolq_16_21")
    assert read(write(folder), prefix="").train[0].input == "train 0"


def test_jsonl(tmp_path: Path):
    for split in SPLITS:
        row = json.dumps({"input": split, "outputs": ["2", "two"]})
        (tmp_path / f"{split}.jsonl").write_text(f"{row}\n")
    task = read(tmp_path, name="mine", metric="pearson")
    assert task.train == (Example("train", ("2", "two")),)
    assert (task.name, task.metric.name, task.evaluation) == ("mine", "Pearson-Correlation", "generate")


@pytest.mark.parametrize("missing", SPLITS)
def test_a_missing_split(tmp_path: Path, missing: str):
    folder = write(tmp_path / "boolq", "x_", splits=tuple(split for split in SPLITS if split != missing))
    with pytest.raises(UserError, match=rf"boolq: no {missing} split; expected a file x_{missing}\.tsv"):
        read(folder)


def test_no_folder_an_empty_one_and_a_double_split(tmp_path: Path):
    with pytest.raises(UserError, match=r"task\.path: no folder '.*gone'; expected a folder with train\.tsv"):
        read(tmp_path / "gone")
    with pytest.raises(UserError, match=r"no split files; expected train\.tsv, dev\.tsv, test\.tsv, or NAME_K"):
        read(tmp_path)
    folder = write(tmp_path / "boolq")
    (folder / "dev.jsonl").write_text("")
    with pytest.raises(UserError, match=r"dev\.tsv: dev\.jsonl is there too"):
        read(folder)


def test_an_empty_split(tmp_path: Path):
    folder = write(tmp_path / "boolq")
    (folder / "dev.tsv").write_text("")
    with pytest.raises(UserError, match=r"boolq: the dev split is empty"):
        read(folder)


def test_unknown_names(tmp_path: Path):
    folder = write(tmp_path / "mine")
    with pytest.raises(UserError, match=r"task 'mine' is not in the CrossFit table.*task\.metric="):
        read(folder)
    with pytest.raises(UserError, match=r"task\.evaluation: unknown evaluation 'ranks'; did you mean rank"):
        read(folder, metric="ACC", evaluation="ranks")
    assert read(folder, metric="acc", evaluation="generate").evaluation == "generate"


def test_limits_draw_the_same_rows_in_their_order(tmp_path: Path):
    folder = write(tmp_path / "boolq", rows=200)
    whole, few = read(folder), read(folder, limit={"train": 30, "dev": None, "test": 500})
    assert (len(few.train), len(few.dev), len(few.test)) == (30, 200, 200)
    place = [whole.train.index(example) for example in few.train]
    assert place == sorted(set(place))
    assert place != list(range(30))
    assert read(folder, limit={"train": 30}).train == few.train
    assert read(folder, limit={"train": 30}, seed=1).train != few.train
    assert read(folder, limit={"train": 1}).labels == ("no", "yes")  # the label set is that of the whole file


@pytest.mark.parametrize("cap", [0, -3, 2.5, "ten", True])
def test_limits_must_be_whole_and_positive(tmp_path: Path, cap: object):
    with pytest.raises(UserError, match=rf"task\.limit\.dev: '{cap}' is not allowed; .*at least 1"):
        read(write(tmp_path / "boolq"), limit={"dev": cap})  # type: ignore[dict-item]


def test_limits_name_splits(tmp_path: Path):
    with pytest.raises(UserError, match=r"task\.limit: unknown split 'valid'.*allowed: dev, test, train"):
        read(write(tmp_path / "boolq"), limit={"valid": 3})


def test_every_real_task_loads(real_tasks: Path):
    manifest = json.loads((real_tasks / "manifest.json").read_text())["tasks"]
    for name, facts in manifest.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UnseenLabels)
            task = read(real_tasks / name, metric=facts["metric"])
        assert {split: len(task.split(split)) for split in SPLITS} == facts["rows"]
        free = name in ("ai2_arc", "openbookqa", "wino_grande")
        assert task.evaluation == ("generate" if free else "rank"), name
        assert (task.labels is None) == free


def test_a_pattern_chooses_one_of_several_samples(tmp_path: Path):
    folder = tmp_path / "boolq"
    for seed, rows in ((13, 4), (100, 6), (113, 8)):
        write(folder, f"boolq_32_{seed}_", rows)
    assert len(read(folder, prefix="*_13").train) == 4
    assert len(read(folder, prefix="boolq_32_113").train) == 8
    with pytest.raises(UserError, match=r"several sets of files.*allowed: 'boolq_32_113', 'boolq_32_13'$"):
        read(folder, prefix="*13")
    with pytest.raises(
        UserError, match=r"unknown prefix '\*_42'.*allowed: 'boolq_32_100', 'boolq_32_113', 'boolq_32_13'"
    ):
        read(folder, prefix="*_42")


def test_shots_of_each_label(tmp_path: Path):
    task = read(write(tmp_path / "boolq", rows=40), shots=3)
    assert (len(task.train), len(task.dev), len(task.test)) == (6, 6, 40)
    assert [row.outputs[0] for row in task.train].count("yes") == 3
