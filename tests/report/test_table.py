"""What the terminal shows."""

from __future__ import annotations

from deltalab.delta.frozen import Frozen
from deltalab.delta.lora import Lora
from deltalab.report.table import print_parameters, print_results


def cells(text: str) -> list[list[str]]:
    """The rows of a printed table."""
    return [[cell.strip() for cell in line.strip("│").split("│")] for line in text.splitlines() if line.startswith("│")]


def test_parameters_are_counted_against_the_backbone(backbone, capsys):
    delta = Lora(rank=2).bind(backbone, "lora")
    print_parameters(backbone, [Frozen().bind(backbone, "frozen"), delta])
    shown = capsys.readouterr().out
    total = sum(p.numel() for p in backbone.model.parameters())
    assert f"{total:,} parameters, frozen" in " ".join(shown.split())
    assert cells(shown) == [
        ["frozen", "0", "0.000", "0"],
        ["lora", f"{delta.size:,}", f"{100 * delta.size / total:.3f}", str(len(delta.units))],
    ]


def test_results_stand_in_percent_below_the_majority(capsys):
    job = {"parameters": 1234, "share_of_backbone": 0.0123}
    record = {
        "task": {"name": "sst", "rows": {"test": 20}},
        "metric": "ACC",
        "seconds": 12.3,
        "majority": 0.5,
        "jobs": [
            job | {"name": "lora", "dev": {"value": 0.91}, "test": {"value": 0.876}, "best_step": 30},
            job | {"name": "frozen", "dev": None, "test": {"value": 0.25}, "best_step": None},
        ],
    }
    print_results(record)
    assert cells(capsys.readouterr().out) == [
        ["majority", "", "50.0", "", "", ""],
        ["lora", "91.0", "87.6", "1,234", "1.230", "30"],
        ["frozen", "", "25.0", "1,234", "1.230", ""],
    ]
