"""Ways to fill a budget, against brute force on small sets and properties on large ones."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, permutations

import pytest
import torch

from deltalab.delta.candidates import UnitName
from deltalab.errors import UserError
from deltalab.search.discretize import greedy, random, uniform

SEEDS = range(30)


def drawn(seed, count=40):
    """p, costs, and a budget that some of them fit in."""
    generator = torch.Generator().manual_seed(seed)
    p = torch.rand(count, generator=generator)
    costs = torch.randint(1, 5000, (count,), generator=generator)
    share = torch.rand((), generator=generator)
    return p, costs, max(float(costs.min()), float(share * costs.sum()))


def places(count):
    roles = ("attn.q", "attn.v", "ffn.in")
    return [UnitName("lora", role, side, i) for side in ("encoder", "decoder") for i in range(count) for role in roles]


def all_ways(seed):
    p, costs, budget = drawn(seed)
    names = places(7)[:40]
    return {
        "greedy": (greedy(p, costs, budget), costs, budget),
        "random": (random(costs, budget, seed), costs, budget),
        "uniform": (uniform(names, costs[: len(names)], budget), costs[: len(names)], budget),
    }


@pytest.mark.parametrize("way", ["greedy", "random", "uniform"])
def test_never_above_the_budget_and_nothing_left_out_still_fits(way):
    for seed in SEEDS:
        chosen, costs, budget = all_ways(seed)[way]
        assert chosen == sorted(set(chosen))
        spent = int(costs[chosen].sum())
        assert 0 < spent <= budget
        left = [int(n) for i, n in enumerate(costs) if i not in chosen]
        assert all(spent + n > budget for n in left)


def best_by_definition(p, costs, budget):
    """Of all subsets within the budget the one that is first in the order of falling p: the dictionary's order."""
    order = sorted(range(len(p)), key=lambda i: (-p[i], i))
    within = [
        set(subset)
        for size in range(1, len(p) + 1)
        for subset in combinations(range(len(p)), size)
        if sum(costs[i] for i in subset) <= budget
    ]
    return sorted(max(within, key=lambda subset: [i in subset for i in order]))


def test_greedy_is_the_first_subset_in_the_order_of_p():
    for seed in range(60):
        generator = torch.Generator().manual_seed(seed)
        p = torch.randint(0, 4, (8,), generator=generator) / 4  # ties
        costs = torch.randint(1, 10, (8,), generator=generator)
        budget = int(torch.randint(int(costs.min()), 40, (), generator=generator))
        assert greedy(p, costs, budget) == best_by_definition(p.tolist(), costs.tolist(), budget)


def test_greedy_passes_over_what_does_not_fit():
    assert greedy(torch.tensor([0.9, 0.8, 0.7, 0.6]), torch.tensor([3, 5, 2, 1]), 6) == [0, 2, 3]
    assert greedy(torch.tensor([0.5, 0.5, 0.5]), torch.tensor([1, 1, 1]), 2) == [0, 1]


def test_greedy_does_not_depend_on_the_order_of_the_units():
    p, costs, budget = drawn(0, 12)
    expected = {(float(p[i]), int(costs[i])) for i in greedy(p, costs, budget)}
    for seed in SEEDS:
        order = torch.randperm(12, generator=torch.Generator().manual_seed(seed))
        chosen = order[greedy(p[order], costs[order], budget)]
        assert {(float(p[i]), int(costs[i])) for i in chosen} == expected


def test_a_budget_for_all_takes_all():
    p, costs, _ = drawn(0)
    everything = list(range(40))
    assert greedy(p, costs, int(costs.sum())) == random(costs, float(costs.sum()), 0) == everything
    assert uniform(places(7)[:40], costs, 1e9) == everything


def test_random_draws_each_unit_that_fits_with_equal_chance():
    costs, budget = torch.tensor([1, 1, 2, 3]), 3
    expected = Counter()  # over every sequence of draws: a unit that fits no more cannot be drawn
    for order in permutations(range(4)):
        rest, chosen = budget, []
        for i in order:
            if int(costs[i]) <= rest:
                rest -= int(costs[i])
                chosen.append(i)
        expected[tuple(sorted(chosen))] += 1 / 24
    counted = Counter(tuple(random(costs, budget, seed)) for seed in range(3000))
    assert set(counted) == set(expected)
    for chosen, share in expected.items():
        assert counted[chosen] / 3000 == pytest.approx(share, abs=4 * (share * (1 - share) / 3000) ** 0.5)


def test_random_is_the_same_for_the_same_seed_and_leaves_the_global_state_alone():
    _, costs, budget = drawn(1)
    before = torch.get_rng_state()
    assert random(costs, budget, 5) == random(costs, budget, 5) != random(costs, budget, 6)
    assert torch.equal(torch.get_rng_state(), before)


def test_uniform_gives_layers_and_roles_the_same_numbers_of_units():
    names = places(8)
    for count in range(1, len(names) + 1):
        chosen = [names[i] for i in uniform(names, torch.full((len(names),), 10), 10 * count)]
        assert len(chosen) == count
        layers = Counter((name.side, name.layer) for name in chosen)
        roles = Counter(name.role for name in chosen)
        assert max(layers.values()) - min(layers[name.side, name.layer] for name in names) <= 1
        assert max(roles.values()) - min(roles[name.role] for name in names) <= 2


def test_uniform_with_few_units_spreads_them_over_the_depth():
    names = [UnitName("lora", "attn.q", "encoder", i) for i in range(16)]
    costs = torch.ones(16, dtype=torch.long)
    assert [names[i].layer for i in uniform(names, costs, 2)] == [0, 8]
    assert [names[i].layer for i in uniform(names, costs, 4)] == [0, 4, 8, 12]
    assert [names[i].layer for i in uniform(names, costs, 8)] == [0, 2, 4, 6, 8, 10, 12, 14]


def test_uniform_counts_the_roles_of_each_method_apart():
    names = [UnitName(method, "attn.q", "encoder", i) for method in ("lora", "bitfit") for i in range(4)]
    chosen = [names[i] for i in uniform(names, torch.ones(8, dtype=torch.long), 4)]
    assert Counter(name.method for name in chosen) == {"lora": 2, "bitfit": 2}
    assert {name.layer for name in chosen} == {0, 1, 2, 3}


def test_a_budget_that_no_unit_fits_is_refused():
    costs = torch.tensor([7, 5, 9])
    for fill in (
        lambda: greedy(torch.ones(3), costs, 4.5),
        lambda: random(costs, 4.5, 0),
        lambda: uniform(places(1)[:3], costs, 4.5),
    ):
        with pytest.raises(UserError, match=r"^budget=4.5: no unit fits; the smallest has 5 numbers$"):
            fill()


def test_scores_that_cannot_be_ranked_are_refused():
    costs = torch.tensor([1, 1])
    for scores in (torch.tensor([0.5, float("nan")]), torch.ones(3)):
        with pytest.raises(ValueError, match="one number for each unit"):
            greedy(scores, costs, 2)
