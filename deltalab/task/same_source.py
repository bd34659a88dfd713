"""Tasks of the CrossFit collection that were made from the same texts under several names."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["SAME_SOURCE", "same_source"]

SAME_SOURCE: tuple[frozenset[str], ...] = (
    frozenset({"glue-rte", "superglue-rte"}),
    frozenset({"glue-wnli", "superglue-wsc"}),  # Winograd schemas
    frozenset({"glue-sst2", "rotten_tomatoes"}),  # SST annotates the sentences of Pang and Lee
    frozenset(
        f"ethos-{label}"  # one set of comments, a task for each of their labels
        for label in (
            "directed_vs_generalized",
            "disability",
            "gender",
            "national_origin",
            "race",
            "religion",
            "sexual_orientation",
        )
    ),
    frozenset({"quartz-no_knowledge", "quartz-with_knowledge"}),
    frozenset({"trec", "trec-finegrained"}),
    frozenset({"squad-no_context", "squad-with_context"}),
    frozenset({"commonsense_qa", "cos_e"}),  # CoS-E explains the answers of CommonsenseQA
    frozenset({"hotpot_qa", "kilt_hotpotqa"}),
    frozenset({"break-QDMR", "break-QDMR-high-level"}),
)
"""Groups of names; a name stands in one group at most."""


def same_source(seen: Iterable[str], unseen: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs (seen, unseen) of different names made from the same texts, in the order of `unseen`."""
    sources = {name: group for group in SAME_SOURCE for name in group}
    learnt = list(seen)
    return [(known, new) for new in unseen for known in learnt if known != new and known in sources.get(new, ())]
