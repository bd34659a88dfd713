"""What the paper of the shared subspace reports of single tasks."""

from __future__ import annotations

# Source, then each target with its mean E_rel of optimization and of transfer: tables 1 and 2 of arXiv 2210.13311.
SINGLE = {
    "sst2": ("glue-sst2", {"rotten_tomatoes": (100.4, 100.2), "amazon_polarity": (97.7, 97.5)}),
    "mnli": ("glue-mnli", {"scitail": (82.4, 82.6), "glue-rte": (81.3, 72.0)}),
    "wic": ("superglue-wic", {"superglue-wsc": (68.4, 64.9)}),
    "qqp": ("glue-qqp", {"glue-mrpc": (84.3, 78.7)}),
    "eli5": ("eli5-eli5", {"eli5-askh": (86.4, 85.7), "eli5-asks": (95.5, 94.8)}),
    "dream": (
        "dream",
        {"codah": (73.9, 68.3), "quartz-no_knowledge": (76.3, 75.4), "superglue-copa": (87.5, 89.0)},
    ),
}
