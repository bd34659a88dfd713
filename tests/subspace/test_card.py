"""A card says what a subspace is, and where it does not belong."""

from __future__ import annotations

import json
import re

import pytest

from deltalab.delta.adapter import Adapter
from deltalab.delta.description import description
from deltalab.delta.lora import Lora
from deltalab.delta.solution import vector_hash
from deltalab.errors import UserError
from deltalab.subspace.card import Card
from deltalab.subspace.learned import Learned

from .support import bound, moves, starts


@pytest.fixture(scope="module")
def deltas(backbone):
    return bound(backbone)


@pytest.fixture
def card(deltas):
    subspace = Learned(3).make(deltas, starts(deltas), moves(deltas), 0)
    return Card.of(subspace, "f" * 64, ["some task"], {"score": 0.5, "tasks": ["some task"]})


@pytest.fixture
def path(card, tmp_path):
    path = tmp_path / "subspace.json"
    path.write_text(card.text())
    return path


def refused(path):
    with pytest.raises(UserError) as caught:
        Card.read(path)
    assert len(str(caught.value).splitlines()) == 1
    assert str(path.parent) in str(caught.value)
    return str(caught.value)


def test_the_card_tells_what_it_is(backbone, deltas, path):
    content = json.loads(path.read_text())
    assert (content["format"], content["dim"], content["tensors"]) == (1, 3, "f" * 64)
    assert content["backbone"] == {"source": backbone.source, "weights": backbone.weight_hash}
    assert (content["codes"], content["score"], content["tasks"]) == (["some task"], 0.5, ["some task"])
    assert content["methods"] == [
        {
            "name": name,
            "size": delta.size,
            "layout": delta.layout.fingerprint,
            "method": description(delta.method),
            "theta0": vector_hash(starts(deltas)[name]),
            "up": {"kind": "linear"},
            "down": {"kind": "span", "rank": 6, "activation": "tanh"},
        }
        for name, delta in deltas.items()
    ]


def test_it_is_read_as_it_was_written(card, path):
    assert Card.read(path) == card


def test_facts_do_not_hide_what_the_card_says_itself(deltas):
    subspace = Learned(3).make(deltas, starts(deltas), moves(deltas), 0)
    with pytest.raises(ValueError, match="cannot be called \\['dim', 'format'\\]"):
        Card.of(subspace, "f" * 64, [], {"format": 2, "dim": 7, "score": 1})


def test_no_card_there(path, tmp_path):
    assert f"subspace {tmp_path / 'nothing'}: no subspace.json there" in refused(tmp_path / "nothing" / "subspace.json")
    path.unlink()
    assert "no subspace.json there" in refused(path)


CARDS = {
    "not JSON": (lambda text: text[:-20], "damaged"),
    "a list": (lambda text: "[]", "damaged"),
    "a number": (lambda text: "3", "damaged"),
    "no format": (lambda text: text.replace('"format"', '"form"'), "damaged"),
    "another format": (lambda text: text.replace('"format": 1', '"format": 2'), "format 2, this version reads 1"),
    "no tensors": (lambda text: text.replace('"tensors"', '"vectors"'), "missing or of the wrong type"),
    "no method": (
        lambda text: re.sub(r'"methods": \[.*\],\n  "tensors', '"methods": [],\n  "tensors', text, flags=16),
        "w",
    ),
    "a nameless method": (lambda text: text.replace('"name": "lora"', '"nom": "lora"'), "wrong type"),
    "a number for a hash": (lambda text: re.sub(r'"weights": "\w+"', '"weights": 3', text), "wrong type"),
    "a text for a number": (lambda text: text.replace('"dim": 3', '"dim": "3"'), "wrong type"),
    "a number for a task": (
        lambda text: text.replace('"codes": [\n    "some task"', '"codes": [\n    7'),
        "wrong type",
    ),
    "a text for a form": (lambda text: re.sub(r'"up": \{[^}]*\}', '"up": "linear"', text, count=1), "wrong type"),
}


@pytest.mark.parametrize("edit", CARDS)
def test_an_edited_card_is_refused(path, edit):
    change, message = CARDS[edit]
    assert change(path.read_text()) != path.read_text()
    path.write_text(change(path.read_text()))
    assert message in refused(path)


def test_it_fits_the_deltas_it_was_made_for(card, deltas, tmp_path):
    card.check(tmp_path, deltas)
    card.check(tmp_path, deltas | {"more": Lora(rank=1).bind(deltas["lora"].backbone, "more")})


def misfit(card, folder, deltas):
    with pytest.raises(UserError) as caught:
        card.check(folder, deltas)
    assert str(caught.value).startswith(f"subspace {folder}: ")
    assert len(str(caught.value).splitlines()) == 1
    return str(caught.value)


def test_a_missing_method_is_named(card, deltas, tmp_path):
    fewer = {name: deltas[name] for name in ("lora", "prefix")}
    assert "holds the method 'adapter', which is not among lora, prefix" in misfit(card, tmp_path, fewer)


def test_another_layout_is_refused(card, backbone, deltas, tmp_path):
    other = deltas | {"lora": Lora(rank=3).bind(backbone, "lora")}
    size, wider = deltas["lora"].size, other["lora"].size
    told = f"holds a 'lora' of {size} numbers, which does not fit the delta 'lora' of {wider}"
    assert told in misfit(card, tmp_path, other)


def test_other_settings_of_one_layout_are_refused(card, backbone, deltas, tmp_path):
    other = deltas | {"adapter": Adapter(size=3, activation="relu").bind(backbone, "adapter")}
    told = "holds a 'adapter' of activation=silu, not relu as in the delta 'adapter'; give the delta options"
    assert told in misfit(card, tmp_path, other)


def test_another_backbone_is_refused_by_both_hashes(card, backbone, make_backbone, tmp_path):
    other = make_backbone(seed=1)
    told = misfit(card, tmp_path, bound(other))
    assert backbone.weight_hash[:12] in told
    assert other.weight_hash[:12] in told
