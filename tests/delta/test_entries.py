"""Files that hold no structure, or a damaged one."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from deltalab.delta.chosen import Structure
from deltalab.errors import UserError

WRITTEN = Path(__file__).with_name("structure.yaml")


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("format: 1", "format: 2", "format 2, this version reads 1"),
        ("format: 1", "", "damaged or not a structure \\('format' is missing\\)"),
        ("methods:", "method:", "'methods' is missing"),
        ("provenance: {}", "provenance: [", "damaged or not a structure \\(while parsing"),
        ("provenance: {}", "provenance: 3", "damaged"),
        ("  family: t5", "", "backbone: needs source, family, layers and widths"),
        ("encoder: 3,", "encoder: three,", "backbone: needs source"),
        ("  thin:\n    _target_", "  thick:\n    _target_", "units.thin: no method of that name"),
        ("  bitfit: {_target_: deltalab.delta.bitfit.BitFit}", "  bitfit: 1", "damaged"),
        ("p: 0.9", "p: 1.5", "units.lora: .*is no unit with role, side, layer, p from 0 to 1 and cost"),
        ("p: 0.9", "p: 9e-1", "is no unit"),
        ("p: 0.9", "p: .nan", "is no unit"),
        ("layer: 2", "layer: two", "is no unit"),
        ("layer: 2", "layer: 2, bart: 1", "is no unit"),
        ("cost: 16", "cost: 0", "is no unit"),
        ("side: encoder, layer: 0, p: 0.25", "layer: 0, p: 0.25", "is no unit"),
        ("- {role: norm.ffn, side: encoder, layer: 1, p: 0.75, cost: 16}", "- norm.ffn", "is no unit"),
        (
            "- {role: ffn.in, side: encoder, layer: 0",
            "- {role: attn.v, side: encoder, layer: 2",
            "layer 2 twice|2 twice",
        ),
    ],
)
def test_a_damaged_file_is_refused_in_one_line_that_names_it(before, after, line, tmp_path):
    text = WRITTEN.read_text()
    assert before in text
    path = tmp_path / "s.yaml"
    path.write_text(text.replace(before, after, 1))
    with pytest.raises(UserError, match=line) as caught:
        Structure.load(path)
    assert str(caught.value).startswith(f"structure {path}: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"3", b"- 1", b"\xff\xfe\x00", b"units: {}\nformat: 1"])
def test_a_file_of_something_else_is_refused(content, tmp_path):
    path = tmp_path / "s.yaml"
    path.write_bytes(content)
    with pytest.raises(UserError, match="damaged or not a structure"):
        Structure.load(path)


def test_units_are_needed(tmp_path):
    content = yaml.safe_load(WRITTEN.read_text())
    (tmp_path / "s.yaml").write_text(yaml.safe_dump({**content, "units": {"lora": []}}))
    with pytest.raises(UserError, match="no units"):
        Structure.load(tmp_path / "s.yaml")


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UserError, match=f"structure {tmp_path}/s.yaml: no such file"):
        Structure.load(tmp_path / "s.yaml")
