"""Pictures become files whole, and equal pictures equal files."""

from __future__ import annotations

import io
import subprocess
import sys

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from deltalab.report.picture.canvas import blank, over_lines, pixels, save, settled, shades, subject
from deltalab.report.picture.labels import End, label_ends


def picture(height: float = 2.0) -> Figure:
    figure = blank(height)
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1])
    axes.set_ylabel("a label")
    label_ends(axes, [End(1.0, 1.0, "a name outside of the axes", shades(1)[0])])
    return settled(figure)


def test_equal_pictures_give_equal_files(tmp_path):
    figure = picture()
    for name, drawn in {"one": figure, "again": figure, "new": picture(), "other": picture(2.1)}.items():
        save(drawn, tmp_path / name)
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert files["one"] == files["again"] == files["new"] != files["other"]


def test_a_file_is_a_png_six_inches_wide(tmp_path):
    save(picture(), tmp_path / "a.png")
    image = Image.open(tmp_path / "a.png")
    assert (image.format, image.size) == ("PNG", (900, 300))
    assert image.info["dpi"] == pytest.approx((150, 150), rel=1e-3)


def test_a_file_appears_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "a.png"
    save(picture(), path)
    before = path.read_bytes()

    def broken(self, *_, **__) -> None:
        raise RuntimeError

    monkeypatch.setattr(Figure, "savefig", broken)
    with pytest.raises(RuntimeError):
        save(picture(3.0), path)
    assert [other.name for other in tmp_path.iterdir()] == ["a.png"]
    assert path.read_bytes() == before


def test_pixels_are_those_of_the_file():
    figure, content = picture(), io.BytesIO()
    figure.savefig(content, format="png")
    assert (pixels(figure) == np.asarray(Image.open(content))).all()


def test_no_picture_needs_pyplot_or_its_global_state():
    program = "import sys; from deltalab.report.picture import draw; print('matplotlib.pyplot' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_shades_differ_and_stand_out_from_white():
    found = np.array(shades(5))
    luminance = found[:, :3] @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(luminance) > 0.05).all()  # told apart by who sees no colours at all
    assert luminance.max() < 0.65


def test_names_and_subjects():
    assert over_lines("low_rank_adapter") == "low_\nrank_\nadapter"
    assert subject(["sst", "sst"]) == "sst"
    assert subject(["sst", "rte", "sst"]) == "2 tasks"


def test_a_settled_picture_is_laid_out_once_and_for_all():
    figure = picture()
    (axes,) = figure.axes
    before = axes.get_position().bounds
    axes.set_ylabel("a label\nof several\nlines")
    figure.draw_without_rendering()
    assert axes.get_position().bounds == before
    assert Text.get_window_extent(axes.texts[0]).x1 < figure.bbox.x1  # and room was made for its texts before
