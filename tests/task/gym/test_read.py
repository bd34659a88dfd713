"""Tasks of a gym by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from deltalab.errors import UserError
from deltalab.task.gym.read import read


def gym(root: Path) -> Path:
    """Two tasks, one of them in two samples."""
    for name, seeds in (("glue-cola", (13, 42)), ("sick", (13,))):
        (root / name).mkdir()
        for seed in seeds:
            for split in ("train", "dev", "test"):
                lines = [f"{split} {row}\t{('unacceptable', 'acceptable')[row % 2]}\n" for row in range(seed)]
                (root / name / f"{name}_16_{seed}_{split}.tsv").write_text("".join(lines))
    return root


def test_name_metric_and_sample(tmp_path: Path):
    task = read("glue-cola", gym(tmp_path), prefix="*_42")
    assert (task.name, task.metric.name, len(task.train)) == ("glue-cola", "Matthew-Correlation", 42)
    assert len(read("sick", tmp_path, shots=2).train) == 4
    assert read("sick", tmp_path, metric="ACC", limit={"dev": 5}).metric.name == "ACC"


def test_mistakes(tmp_path: Path):
    with pytest.raises(UserError, match=r"^task\.name: unknown CrossFit task 'glue-colla'; did you mean glue-cola"):
        read("glue-colla", gym(tmp_path))
    with pytest.raises(
        UserError, match=r"^task\.path=.*: no folder 'boolq'; what is there: python -m deltalab\.task check"
    ):
        read("boolq", tmp_path)
    with pytest.raises(UserError, match=r"several sets of files, choose one with task\.prefix"):
        read("glue-cola", tmp_path)
