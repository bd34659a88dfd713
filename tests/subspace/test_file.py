"""A subspace comes back bit for bit, or is refused in one line."""

from __future__ import annotations

import json
import re
from itertools import product

import pytest
import torch
from safetensors.torch import load_file

from deltalab.delta.lora import Lora
from deltalab.errors import UserError
from deltalab.subspace.fastfood import RandomFastfood
from deltalab.subspace.file import load, save
from deltalab.subspace.learned import Learned
from deltalab.subspace.random import Random
from deltalab.subspace.subspace import Projector, Subspace
from deltalab.subspace.svd import Svd
from deltalab.subspace.up import Linear

from .support import bound, moves, starts

FACTS = {"score": 0.5, "tasks": ["one", "other"]}
LEARNED = {
    f"{up} {down} {act}": Learned(3, up=up, down=down, activation=act, std=0.3)
    for up, down, act in product(
        ["linear", "two_layer", "fastfood", "fastfood_learned"], ["span", "dense"], ["tanh", "gelu", "leaky_relu"]
    )
}
WIDE = {"wide": Learned(3, up="two_layer", hidden=7, std=0.3)}
MAKERS = LEARNED | WIDE | {"random": Random(3), "fastfood": RandomFastfood(3), "svd": Svd(3)}


@pytest.fixture(scope="module")
def deltas(backbone):
    return bound(backbone)


def made(maker, deltas):
    return maker.make(deltas, starts(deltas), moves(deltas) if maker.needs_solutions else None, 5)


@pytest.fixture
def saved(deltas, tmp_path):
    codes = {"one": torch.tensor([1.0, 2.0, 3.0]), "other": torch.tensor([4.0, 5.0, 6.0])}
    save(made(Learned(3), deltas), tmp_path, FACTS, codes)
    return tmp_path


def refused(folder, deltas):
    with pytest.raises(UserError) as caught:
        load(folder, deltas)
    assert len(str(caught.value).splitlines()) == 1
    assert str(folder) in str(caught.value)
    return str(caught.value)


@torch.no_grad()
@pytest.mark.parametrize("name", MAKERS)
def test_it_comes_back_bit_for_bit(deltas, tmp_path, name):
    subspace = made(MAKERS[name], deltas)
    save(subspace, tmp_path / "deep" / "folder", FACTS)
    again, facts, codes = load(tmp_path / "deep" / "folder", deltas)
    assert (again.dim, again.methods, facts, codes) == (3, subspace.methods, FACTS, {})
    z = torch.randn(4, 3, generator=torch.Generator().manual_seed(1))
    for method, v in moves(deltas, seed=2).items():
        assert again[method].delta is deltas[method]
        assert again[method].up.form == subspace[method].up.form
        assert torch.equal(again[method].up.theta0, starts(deltas)[method])
        assert torch.equal(again.decode(method, z), subspace.decode(method, z))
        if subspace[method].down is None:
            assert again[method].down is None
        else:
            assert again[method].down.form == subspace[method].down.form
            assert torch.equal(again[method].code(v), subspace[method].code(v))


def test_numbers_that_were_trained_are_kept(deltas, tmp_path):
    subspace = made(Learned(3, up="fastfood_learned"), deltas)
    with torch.no_grad():
        for parameter in subspace.parameters():
            parameter += torch.randn(parameter.shape, generator=torch.Generator().manual_seed(1))
    save(subspace, tmp_path, {})
    again = load(tmp_path, deltas).subspace
    found, expected = dict(again.named_parameters()), dict(subspace.named_parameters())
    assert set(found) == set(expected)
    assert all(torch.equal(found[name], expected[name]) for name in expected)
    assert not any(parameter.requires_grad for parameter in found.values())


def test_codes_come_back_by_task(saved, deltas):
    codes = load(saved, deltas).codes
    assert list(codes) == ["one", "other"]
    assert codes["one"].tolist() == [1.0, 2.0, 3.0]
    assert codes["other"].tolist() == [4.0, 5.0, 6.0]


def test_codes_of_another_length_are_not_kept(deltas, tmp_path):
    with pytest.raises(RuntimeError):
        save(made(Random(3), deltas), tmp_path, {}, {"one": torch.zeros(4)})
    assert not (tmp_path / "subspace.json").exists()


def test_some_methods_of_many_deltas(backbone, deltas, saved):
    again = load(saved, {"more": Lora(rank=1).bind(backbone, "more"), **dict(reversed(deltas.items()))}).subspace
    assert again.methods == list(deltas)


def test_methods_may_share_a_theta0(deltas, tmp_path):
    theta0 = starts(deltas)["lora"]
    ups = (Linear(theta0, 3, 0.1, torch.Generator().manual_seed(seed)) for seed in (0, 1))
    one, other = (Projector(deltas["lora"], up) for up in ups)
    save(Subspace(3, {"one": one, "other": other}), tmp_path, {})
    again = load(tmp_path, {"one": deltas["lora"], "other": deltas["lora"]}).subspace
    assert torch.equal(again.decode("other", torch.zeros(3)), theta0)


def test_the_files_hold_every_number_once(saved, deltas, tmp_path):
    assert {path.name for path in saved.iterdir()} == {"subspace.json", "subspace.safetensors"}
    assert len({path.stat().st_mode for path in saved.iterdir()}) == 1
    save(made(Svd(3), deltas), tmp_path / "svd", {})
    tensors = load_file(tmp_path / "svd" / "subspace.safetensors")
    assert sum(tensor.numel() for tensor in tensors.values()) == sum(4 * delta.size for delta in deltas.values())


def test_a_second_save_replaces_the_first(saved, deltas):
    other = made(Svd(2), deltas)
    save(other, saved, {"score": 1.0})
    again, facts, codes = load(saved, deltas)
    assert (facts, codes, again.dim) == ({"score": 1.0}, {}, 2)
    assert torch.equal(again["lora"].up.matrix, other["lora"].up.matrix)


def test_facts_that_cannot_be_written_leave_what_was_there(saved, deltas):
    with pytest.raises(TypeError):
        save(made(Svd(2), deltas), saved, {"score": object()})
    assert load(saved, deltas).facts == FACTS


def flip(path):
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))


DAMAGE = {
    "cut": (lambda path: path.write_bytes(path.read_bytes()[:-7]), "the file has hash"),
    "empty": (lambda path: path.write_bytes(b""), "the file has hash e3b0c44298fc"),
    "missing": (lambda path: path.unlink(), "cannot be read"),
    "flipped": (flip, "the file has hash"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_numbers_are_refused(saved, deltas, damage):
    harm, message = DAMAGE[damage]
    harm(saved / "subspace.safetensors")
    told = refused(saved, deltas)
    assert message in told
    assert "subspace.safetensors" in told


def test_numbers_of_another_save_are_refused(saved, deltas, tmp_path):
    save(made(Learned(3, std=0.1), deltas), tmp_path / "other", FACTS)
    (tmp_path / "other" / "subspace.safetensors").replace(saved / "subspace.safetensors")
    assert "the file has hash" in refused(saved, deltas)


CARDS = {
    "dim": (lambda text: text.replace('"dim": 3', '"dim": 4'), "does not fit the numbers"),
    "no dim": (lambda text: text.replace('"dim": 3', '"dim": 0'), "does not fit the numbers"),
    "half a dim": (lambda text: text.replace('"dim": 3', '"dim": true'), "does not fit the numbers"),
    "rank": (lambda text: text.replace('"rank": 6', '"rank": 5', 1), "lora.down.first has shape (3, 6), not (3, 5)"),
    "negative": (lambda text: text.replace('"rank": 6', '"rank": -5', 1), "does not fit the numbers"),
    "kind": (lambda text: text.replace('"linear"', '"linaer"', 1), "no up-projection has the form"),
    "another kind": (lambda text: text.replace('"linear"', '"fastfood"', 1), "is only in one of them"),
    "activation": (lambda text: text.replace('"tanh"', '"tan"', 1), "unknown activation 'tan'"),
    "theta0": (lambda text: re.sub(r'"theta0": "\w{4}', '"theta0": "0000', text, count=1), "theta0 of 'lora'"),
    "a task less": (lambda text: text.replace('"one",\n    "other"\n  ],\n  "score"', '"one"\n  ],\n  "score"'), "fit"),
}


@pytest.mark.parametrize("edit", CARDS)
def test_a_card_that_does_not_fit_its_numbers_is_refused(saved, deltas, edit):
    change, message = CARDS[edit]
    card = saved / "subspace.json"
    assert change(card.read_text()) != card.read_text()
    card.write_text(change(card.read_text()))
    assert message in refused(saved, deltas)


def test_a_file_that_is_no_safetensors_is_refused_whatever_its_hash(saved, deltas):
    (saved / "subspace.safetensors").write_bytes(b"")
    card = json.loads((saved / "subspace.json").read_text())
    card["tensors"] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    (saved / "subspace.json").write_text(json.dumps(card))
    assert "cannot be read" in refused(saved, deltas)


def test_what_the_card_refuses_is_refused(saved, deltas, make_backbone):
    assert "no subspace.json there" in refused(saved / "nothing", deltas)
    assert "holds the method 'prefix'" in refused(saved, {name: deltas[name] for name in ("lora", "adapter")})
    assert "made for backbone" in refused(saved, bound(make_backbone(seed=1)))
