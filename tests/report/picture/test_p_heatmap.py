"""The map of p as it is drawn: cells, what is absent, and dots."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib import colormaps

from deltalab.delta.candidates import UnitName
from deltalab.report.picture.canvas import save
from deltalab.report.picture.p_heatmap import p_heatmap
from deltalab.report.picture.searched import Searched

from .searches import mix
from .support import unreadable


def small(chosen=(0, 5), selected=0, **changed):
    """Two methods; one without a unit in layer 1, one with two inner maps and one outside of the layers."""
    units = [UnitName("lora", "attn.q", "encoder", i) for i in (0, 2)]
    units += [UnitName("bias", "ffn.in", "decoder", i, part) for i in (0, 1) for part in (0, 1)]
    units += [UnitName("bias", "norm.final", "decoder", None)]
    p = np.array([[0.05, 0.2, 0.1, 0.0, 0.15, 0.01, 0.12], [0.9] * 7])
    return Searched("sst", units, [10, 20], p, selected, list(chosen))._replace(**changed)


def panels(figure):
    return {axes.get_title(loc="left"): axes for axes in figure.axes if axes.get_title(loc="left")}


def cells(axes):
    """p by row and column; None where there is no unit."""
    values = axes.collections[0].get_array()
    rows = [text.get_text() for text in axes.get_yticklabels()]
    columns = [text.get_text() for text in axes.get_xticklabels()]
    return {row: dict(zip(columns, line, strict=True)) for row, line in zip(rows, values.tolist(), strict=True)}


def dots(axes):
    """(row, column) of the marks."""
    return {(row - 0.5, column - 0.5) for column, row in axes.collections[1].get_offsets().tolist()}


def test_each_p_stands_in_the_row_of_its_kind_and_the_column_of_its_layer():
    found = panels(p_heatmap(small()))
    assert list(found) == ["encoder", "decoder"]
    assert cells(found["encoder"]) == {"lora attn.q": {"0": 0.05, "1": None, "2": 0.2, "–": None}}  # noqa: RUF001
    assert cells(found["decoder"]) == {
        "bias ffn.in": {"0": 0.1, "1": 0.15, "2": None, "–": None},  # noqa: RUF001
        "bias ffn.in (2)": {"0": 0.0, "1": 0.01, "2": None, "–": None},  # noqa: RUF001
        "bias norm.final": {"0": None, "1": None, "2": None, "–": 0.12},  # noqa: RUF001
    }
    assert all(axes.yaxis_inverted() for axes in found.values())


def test_absent_cells_are_hatched_and_a_p_of_0_is_not():
    decoder = panels(p_heatmap(small()))["decoder"]
    assert decoder.patch.get_hatch()
    mesh = decoder.collections[0]
    mesh.update_scalarmappable()
    opacity = mesh.get_facecolor()[:, 3].reshape(3, 4).tolist()
    assert opacity == [[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 0, 1]]


def test_dots_are_the_structure_whatever_p():
    found = panels(p_heatmap(small(chosen=(0, 5))))  # p = 0.05 and 0.01, the least but one
    assert dots(found["encoder"]) == {(0, 0)}
    assert dots(found["decoder"]) == {(1, 1)}
    assert p_heatmap(small())._suptitle.get_text() == "sst: p at step 10; dots: the 2 chosen of 7 units"


def test_colours_run_from_0_to_the_largest_p_on_both_sides():
    for axes in panels(p_heatmap(small())).values():
        mesh = axes.collections[0]
        assert (mesh.norm.vmin, mesh.norm.vmax) == (0.0, 0.2)
        assert mesh.to_rgba(0.05) == pytest.approx(colormaps["viridis"](0.25), abs=0.01)


def test_dots_are_light_on_dark_and_dark_on_light():
    encoder = panels(p_heatmap(small(chosen=(0, 1))))["encoder"]
    assert encoder.collections[1].get_facecolor().tolist() == [[1, 1, 1, 1], [0, 0, 0, 1]]


def test_the_selected_evaluation_is_drawn():
    assert cells(panels(p_heatmap(small(selected=1)))["encoder"])["lora attn.q"]["0"] == 0.9


def test_one_side_and_no_p_above_0_are_drawn():
    one = Searched("sst", [UnitName("lora", "attn.q", "encoder", 0)], [5], np.zeros((1, 1)), 0, [0])
    assert list(panels(p_heatmap(one))) == ["encoder"]


@pytest.mark.parametrize("layers", [2, 12, 24])
def test_no_text_is_cut_or_covered(layers):
    units = mix(layers)
    found = Searched("sentence_paraphrase", units, [400], np.full((1, len(units)), 0.1), 0, range(0, len(units), 9))
    assert unreadable(p_heatmap(found)) == []


def test_the_published_space_has_22_rows_at_most():
    units = mix(24)
    assert len(units) == 916
    figure = p_heatmap(Searched("sst", units, [1], np.full((1, 916), 0.1), 0, [3]))
    assert [len(axes.get_yticks()) for axes in panels(figure).values()] == [20, 22]


def test_equal_searches_give_equal_files(tmp_path):
    for name in "ab":
        save(p_heatmap(small()), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
