"""Learning curves from the metrics of a run."""

from __future__ import annotations

import numpy as np
import pytest

from deltalab.errors import UserError
from deltalab.report.page.curves import MOST, curves


def write(folder, text: str):
    (folder / "csv").mkdir()
    (folder / "csv" / "metrics.csv").write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def test_columns_become_curves_by_their_chart_and_name(tmp_path):
    lines = ["dev/score,step,test/score,train/loss/lora,train/loss/a/b", ",0,,2.5,1", "0.5,5,,,", "0.75,9,0.6,0.5,2"]
    assert curves(write(tmp_path, "\n".join(lines))) == {
        "dev/score": {"score": [(5.0, 0.5), (9.0, 0.75)]},
        "train/loss": {"lora": [(0.0, 2.5), (9.0, 0.5)], "a/b": [(0.0, 1.0), (9.0, 2.0)]},
    }


def test_single_points_and_what_is_not_finite_are_no_curve(tmp_path):
    lines = ["step,train/a/x,train/b/x", "1,nan,1", "2,inf,", "3,1,", ",4,5", "4,2,nan"]
    assert curves(write(tmp_path, "\n".join(lines))) == {"train/a": {"x": [(3.0, 1.0), (4.0, 2.0)]}}


@pytest.mark.parametrize("count", [2, MOST, MOST + 1, 5 * MOST + 3])
def test_long_curves_keep_their_ends_and_even_steps(tmp_path, count):
    write(tmp_path, "step,train/loss\n" + "".join(f"{i},{i * i}\n" for i in range(count)))
    points = curves(tmp_path)["train/loss"]["loss"]
    assert (points[0], points[-1]) == ((0.0, 0.0), (float(count - 1), float((count - 1) ** 2)))
    assert len(points) <= MOST + 1
    assert len(set(np.diff([step for step, _ in points[:-1]]))) <= 1
    assert len(points) == count or count > MOST


def test_a_run_without_metrics_has_no_curves(tmp_path):
    assert curves(tmp_path) == {}


@pytest.mark.parametrize(
    "text", ["step,train/loss\n1,high\n", b"step,train/loss\n\xff\xfe,1\n", 'step,"train\n1,"2"3\n']
)
def test_a_damaged_file_is_named(tmp_path, text):
    with pytest.raises(UserError, match=r"metrics\.csv: damaged"):
        curves(write(tmp_path, text))
