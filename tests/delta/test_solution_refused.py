"""A solution that is damaged, or made for something else, is refused in one line."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from safetensors.torch import load_file, save_file

from deltalab.delta.lora import Lora
from deltalab.delta.solution import Solution
from deltalab.errors import UserError

from .helpers import perturbed

FACTS = {"task": {"name": "some task"}}


@pytest.fixture
def saved(backbone, tmp_path):
    """A LoRA delta and the folder of its solution."""
    delta = Lora(rank=2).bind(backbone, "lora")
    Solution.of(delta, perturbed(delta), 3, FACTS).save(tmp_path, delta)
    return delta, tmp_path


def refused(folder, delta):
    """The one line with which a solution is refused."""
    with pytest.raises(UserError) as caught:
        Solution.load(folder, delta)
    assert len(str(caught.value).splitlines()) == 1
    assert str(folder) in str(caught.value)
    return str(caught.value)


def test_another_backbone_is_refused_by_its_hash(make_backbone, saved):
    delta, folder = saved
    other = make_backbone(seed=1)
    told = refused(folder, Lora(rank=2).bind(other, "lora"))
    assert delta.backbone.weight_hash[:12] in told
    assert other.weight_hash[:12] in told


@pytest.mark.parametrize("method", [Lora(rank=3), Lora(rank=2, roles=("attn.q",))], ids=["rank", "roles"])
def test_another_layout_is_refused(backbone, saved, method):
    delta, folder = saved
    told = refused(folder, method.bind(backbone, "mine"))
    assert re.search(rf"'lora' of {delta.size} numbers, which does not fit the delta 'mine'", told)


def flip(path):
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))


def rename(path):
    first, *rest = sorted(load_file(path).items())
    save_file(dict([("another", first[1]), *rest]), path)


DAMAGE = {
    "cut": ("theta", lambda path: path.write_bytes(path.read_bytes()[:-7]), "cannot be read"),
    "empty": ("theta", lambda path: path.write_bytes(b""), "cannot be read"),
    "missing": ("theta", lambda path: path.unlink(), "cannot be read"),
    "flipped": ("theta", flip, "numbers have hash"),
    "flipped theta0": ("theta0", flip, "numbers have hash"),
    "renamed": ("theta", rename, "unexpected tensors ['another']"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_numbers_are_refused(saved, damage):
    delta, folder = saved
    name, harm, message = DAMAGE[damage]
    harm(folder / f"{name}.safetensors")
    told = refused(folder, delta)
    assert message in told
    assert f"{name}.safetensors" in told


CARDS = {
    "not JSON": (lambda text: text[:-20], "damaged"),
    "a list": (lambda text: "[]", "damaged"),
    "no theta": (lambda text: text.replace('"theta"', '"beta"'), "damaged"),
    "no name": (lambda text: text.replace('"name": "lora"', '"nom": "lora"'), "damaged"),
    "a number for a hash": (lambda text: re.sub(r'"weights": "\w+"', '"weights": 3', text), "wrong type"),
    "another format": (lambda text: text.replace('"format": 1', '"format": 2'), "format 2, this version reads 1"),
}


@pytest.mark.parametrize("edit", CARDS)
def test_an_edited_card_is_refused(saved, edit):
    delta, folder = saved
    change, message = CARDS[edit]
    card = folder / "solution.json"
    assert change(card.read_text()) != card.read_text()
    card.write_text(change(card.read_text()))
    assert message in refused(folder, delta)


def test_a_folder_without_a_card_is_refused(saved):
    delta, folder = saved
    (folder / "solution.json").unlink()
    assert "no solution.json there" in refused(folder, delta)
    assert "no solution.json there" in refused(folder / "nothing", delta)


def test_numbers_of_another_solution_are_refused(saved, tmp_path):
    delta, folder = saved
    other = Solution.of(delta, perturbed(delta, seed=9), 9, FACTS)
    replace(other, card=Solution.load(folder, delta).card).save(folder, delta)
    assert "numbers have hash" in refused(folder, delta)


@pytest.mark.parametrize(
    ("method", "told"), [(Lora(rank=2, alpha=64), "alpha=16, not 64"), (Lora(rank=2, alpha=2.5), "alpha=16, not 2.5")]
)
def test_other_settings_of_one_layout_are_refused(backbone, saved, method, told):
    """The same numbers would be another function."""
    found = refused(saved[1], method.bind(backbone, "mine"))
    assert f"a 'lora' of {told} as in the delta 'mine'; give the delta options it was tuned with" in found


@pytest.mark.parametrize("method", [Lora(rank=2, lr=0.5), Lora(rank=2, dropout=0.3)], ids=["lr", "dropout"])
def test_settings_of_tuning_alone_are_not(backbone, saved, method):
    assert Solution.load(saved[1], method.bind(backbone, "mine")).card["seed"] == 3
