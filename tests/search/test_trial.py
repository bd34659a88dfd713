"""The structure that is tried: units by their log-odds."""

from __future__ import annotations

import torch

from deltalab.search.budget import BudgetSchedule
from deltalab.search.gate import Gate, Temperature
from deltalab.search.inclusion import Inclusion
from deltalab.search.strategy import Shift
from deltalab.search.trial import Trial


def test_probabilities_that_round_to_one_are_told_apart():
    inclusion = Inclusion(Shift(), Gate(), Temperature(), BudgetSchedule(), 1.0, torch.ones(3))
    trial = Trial(inclusion, None, torch.zeros(2), torch.tensor([40.0, 60.0, 200.0], dtype=torch.float64))
    assert trial.p.tolist() == [1.0, 1.0, 1.0]
    assert trial.chosen == [2]
