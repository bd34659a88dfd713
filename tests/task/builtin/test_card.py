"""Cards tell what is in the rows, and the command that shows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from deltalab.task.builtin import card as card_module
from deltalab.task.builtin import make
from deltalab.task.builtin.__main__ import main
from deltalab.task.builtin.bag import bag_of_words
from deltalab.task.builtin.card import cards, markdown
from deltalab.task.builtin.groups import GROUPS
from deltalab.task.builtin.make import RECIPES


def test_a_card_is_counted_from_the_rows():
    [card] = cards(["topic"])
    task = make("topic")
    outputs = [row.outputs[0] for row in task.test]
    assert (card.group, card.name, card.labels, card.sizes) == ("topic", "topic", 6, (4000, 500, 1000))
    assert (card.input, card.output) == (task.train[0].input, task.train[0].outputs[0])
    share = outputs.count(task.majority()) / len(outputs)
    assert card.majority == pytest.approx(100 * (2 * share / (1 + share)) / 6)  # F1 of the one label, 0 of the others
    assert card.bag_of_words == pytest.approx(100 * bag_of_words(task))


def test_free_text_has_no_bag_of_words():
    [card] = cards(["past_tense"])
    assert (card.labels, card.bag_of_words) == (None, None)
    assert "| text |" in markdown([card])


def test_every_recipe_is_in_one_group():
    assert sorted(name for recipes in GROUPS.values() for name in recipes) == sorted(RECIPES)


def test_the_command(capsys):
    assert main(["--describe", "topic"]) == 0
    assert "topic: Classification-F1, 6 labels" in capsys.readouterr().out
    assert main(["--describe", "topics"]) == 2
    assert "unknown built-in task 'topics'; did you mean topic" in capsys.readouterr().err


def without_bag(table: list[str]) -> list[list[str]]:
    return [row.split(" | ")[:5] + row.split(" | ")[6:] for row in table]


def test_the_documentation_shows_these_cards(monkeypatch):
    monkeypatch.setattr(card_module, "bag_of_words", lambda task: None)  # checked with the tasks
    documented = (Path(__file__).parents[3] / "docs" / "tasks.md").read_text().split("## Splits")[0].splitlines()
    made = markdown(list(cards())).splitlines()
    assert without_bag([line for line in documented if line.startswith("|")]) == without_bag(made)
