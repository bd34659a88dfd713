"""Codes of solved tasks, encoded and mixed one at a time."""

from __future__ import annotations

from functools import partial
from statistics import fmean

import pytest
import torch

from deltalab.subspace.encoded import Encoded, vertices
from deltalab.subspace.mixing import mixing
from deltalab.subspace.solved import Solved

from .approximation import DIM, METHODS, approximation


@pytest.fixture
def made(fresh, task):
    """The codes and the subspace of an approximation."""

    def build(**options):
        module, _ = approximation(fresh(), task, **options)
        return module.codes, module.subspace

    return partial(build, solutions=3)


def by_hand(subspace, codes, t, name):
    """The code of every solution of a task by one method."""
    down = subspace[name].down
    return [
        down.second @ torch.tanh(down.first @ v + down.first_bias) + down.second_bias
        for v in codes.solved[t].steps[name]
    ]


def up_by_hand(subspace, name, z):
    """What a code decodes to."""
    return subspace[name].up.theta0 + subspace[name].up.matrix @ z


def test_solutions_are_drawn_from_all(made):
    codes, subspace = made()
    seen = set()
    for _ in range(60):
        steps, found = codes._solutions(subspace)
        picks = []
        for t in range(2):
            (pick,) = (i for i, v in enumerate(codes.solved[t].steps["lora"]) if torch.equal(v, steps["lora"][t]))
            torch.testing.assert_close(found["lora"][t], by_hand(subspace, codes, t, "lora")[pick])
            picks.append(pick)
        seen.add(tuple(picks))
    assert len(seen) == 9  # 3 solutions of 2 tasks, independently


@pytest.mark.parametrize("mixture", ["dirichlet", "published"])
def test_every_method_decodes_the_mixture(made, mixture):
    codes, subspace = made(mixture=mixture, solutions=1)
    chance = torch.Generator()
    chance.set_state(codes.chance.get_state())
    for _ in range(6):  # a solution of each task and method
        torch.randint(1, (), generator=chance)
    weights = mixing(mixture, 2, 3, chance)
    drawn = codes.draw(subspace)
    for name in METHODS:
        for t in range(2):
            own = [by_hand(subspace, codes, t, other)[0] for other in METHODS]
            mixed = sum(w * z for w, z in zip(weights[t], own, strict=True))
            torch.testing.assert_close(drawn.thetas[name][t], up_by_hand(subspace, name, mixed))


def test_unshared_every_method_decodes_its_own(made):
    codes, subspace = made(mixture="unshared", solutions=1)
    drawn = codes.draw(subspace)
    for name in METHODS:
        for t in range(2):
            own = by_hand(subspace, codes, t, name)[0]
            torch.testing.assert_close(drawn.thetas[name][t], up_by_hand(subspace, name, own))


@pytest.mark.parametrize("mixture", ["dirichlet", "unshared"])
def test_the_loss_and_the_log_are_those_of_pure_codes(made, mixture):
    codes, subspace = made(mixture=mixture, solutions=1)
    drawn, lost = codes.draw(subspace), {}
    for name in METHODS:
        v = torch.stack([one.steps[name][0] for one in codes.solved])
        z = torch.stack([by_hand(subspace, codes, t, name)[0] for t in range(2)])
        apart = v - z @ subspace[name].up.matrix.T
        lost[name] = apart.norm(dim=1).mean()
        torch.testing.assert_close(drawn.log[f"relative_error/{name}"], (apart.norm(dim=1) / v.norm(dim=1)).mean())
    torch.testing.assert_close(drawn.loss, sum(lost.values()))
    torch.testing.assert_close(drawn.log["reconstruction"], sum(lost.values()) / 3)
    assert len(drawn.log) == 4


def test_points_are_vertices_and_their_mean(made):
    codes, subspace = made()
    for t in range(2):
        corners = {name: torch.stack(by_hand(subspace, codes, t, name)).mean(0) for name in METHODS}
        corners["centroid"] = sum(corners.values()) / 3
        points = codes.points(subspace, t)
        assert list(points) == list(METHODS)
        for places in points.values():
            assert list(places) == list(corners)
            for point, z in places.items():
                torch.testing.assert_close(z, corners[point])
        torch.testing.assert_close(codes.start(subspace, t), corners["centroid"])


def test_unshared_a_method_is_judged_at_its_own_vertex(made):
    codes, subspace = made(mixture="unshared")
    points = codes.points(subspace, 1)
    assert {name: list(places) for name, places in points.items()} == {name: [name] for name in METHODS}
    for name, places in points.items():
        torch.testing.assert_close(places[name], torch.stack(by_hand(subspace, codes, 1, name)).mean(0))
    assert codes.start(subspace, 1) is None


def test_measures_by_loops(made):
    codes, subspace = made()
    found = codes.measures(subspace)
    means = [{name: torch.stack(by_hand(subspace, codes, t, name)).mean(0) for name in METHODS} for t in range(2)]
    pairs = [("lora", "adapter"), ("lora", "prefix"), ("adapter", "prefix")]
    assert list(found["distance"]) == [f"{a}-{b}" for a, b in pairs]
    for a, b in pairs:
        apart = fmean((one[a] - one[b]).norm().item() for one in means)
        assert found["distance"][f"{a}-{b}"] == pytest.approx(apart, rel=1e-4)
    for name in METHODS:
        errors = [
            ((v - subspace[name].up.matrix @ z).norm() / v.norm()).item()
            for t in range(2)
            for v, z in zip(codes.solved[t].steps[name], by_hand(subspace, codes, t, name), strict=True)
        ]
        assert found["relative_error"][name] == pytest.approx(fmean(errors), rel=1e-4)


def test_vertices_follow_the_methods_whatever_the_order_of_the_steps(made):
    codes, subspace = made()
    one = codes.solved[0]
    turned = Solved(one.task, one.answerer, dict(reversed(one.steps.items())))
    assert vertices(subspace, one).shape == (3, DIM)
    assert torch.equal(vertices(subspace, turned), vertices(subspace, one))


def test_codes_of_solutions_train_nothing_of_their_own(made):
    codes, _ = made()
    assert isinstance(codes, Encoded)
    assert not list(codes.parameters())
