"""Layouts against slices taken by hand."""

from __future__ import annotations

import pytest
import torch

from deltalab.delta.initial import constant, normal
from deltalab.delta.layout import Layout, Spec
from deltalab.errors import UserError

SHAPES = {"a": (2, 3), "b": (4,), "c": (1, 2, 2)}


@pytest.fixture
def layout():
    return Layout([Spec(name, shape, normal(1.0)) for name, shape in SHAPES.items()])


def test_size_is_the_sum_of_the_tensors(layout):
    assert layout.size == 14
    assert layout.sizes == [6, 4, 4]
    assert layout.index() == {"a": 0, "b": 1, "c": 2}


@pytest.mark.parametrize("lead", [(), (3,), (2, 3)])
def test_unflatten_cuts_theta_in_order(lead, layout):
    theta = torch.randn(*lead, 14)
    tensors = layout.unflatten(theta)
    assert torch.equal(tensors["a"], theta[..., :6].reshape(*lead, 2, 3))
    assert torch.equal(tensors["b"], theta[..., 6:10])
    assert torch.equal(tensors["c"], theta[..., 10:].reshape(*lead, 1, 2, 2))


@pytest.mark.parametrize("lead", [(), (1,), (3,)])
def test_split_copies_nothing(lead, layout):
    theta = torch.randn(*lead, 14)
    for tensor in layout.split(theta):
        assert tensor.untyped_storage().data_ptr() == theta.untyped_storage().data_ptr()


def test_flatten_takes_tensors_by_name_in_any_order(layout):
    theta = torch.randn(3, 14)
    shuffled = dict(reversed(layout.unflatten(theta).items()))
    assert torch.equal(layout.flatten(shuffled), theta)


def test_gradient_of_every_piece_lands_in_its_place(layout):
    theta = torch.randn(2, 14, requires_grad=True)
    tensors = layout.unflatten(theta)
    (tensors["b"].sum() * 2 + tensors["c"][1].sum() * 3).backward()
    expected = torch.zeros(2, 14)
    expected[:, 6:10], expected[1, 10:] = 2, 3
    assert torch.equal(theta.grad, expected)


def test_initial_draws_tensor_by_tensor_from_one_generator(layout):
    generator = torch.Generator().manual_seed(5)
    drawn = [torch.empty(shape).normal_(generator=generator).flatten() for shape in SHAPES.values()]
    assert torch.equal(layout.initial(5), torch.cat(drawn))


def test_the_fingerprint_is_that_of_names_and_shapes(layout):
    def changed(**shapes):
        return Layout([Spec(name, shape, constant(0.0)) for name, shape in {**SHAPES, **shapes}.items()]).fingerprint

    assert changed() == layout.fingerprint
    assert changed(b=(5,)) != layout.fingerprint
    assert changed(d=(1,)) != layout.fingerprint
    assert Layout(layout.specs[::-1]).fingerprint != layout.fingerprint


def test_a_theta_of_another_length_is_refused(layout):
    with pytest.raises(ValueError, match="theta holds 13 numbers, the layout 14"):
        layout.split(torch.zeros(13))


def test_a_name_that_repeats_is_refused():
    with pytest.raises(ValueError, match="repeat"):
        Layout([Spec("a", (1,), constant(0.0)), Spec("a", (1,), constant(0.0))])


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"b": None}, "missing tensors .'b'."),
        ({"d": torch.zeros(1)}, "unexpected tensors .'d'."),
        ({"a": torch.zeros(3, 2)}, r"tensor a has shape \(3, 2\), expected \(2, 3\)"),
        ({"c": torch.zeros(2)}, "tensor c has shape"),
    ],
)
def test_other_tensors_are_refused_in_one_line(change, line, layout):
    tensors = {**layout.unflatten(torch.zeros(14)), **change}
    with pytest.raises(UserError, match=line) as caught:
        layout.flatten({name: value for name, value in tensors.items() if value is not None})
    assert "\n" not in str(caught.value)


def test_an_empty_layout_has_an_empty_theta():
    empty = Layout([])
    assert empty.initial(0).shape == empty.flatten({}).shape == (0,)
    assert empty.split(torch.zeros(3, 0)) == []
