"""RoBERTa: BERT's build with another head (Liu et al. 2019, arXiv 1907.11692)."""

from __future__ import annotations

from deltalab.backbone.families.bert import masked
from deltalab.backbone.family import Family

__all__ = ["roberta"]


def roberta() -> Family:
    """The role table of RoBERTa."""
    return masked("roberta", "lm_head.decoder")
