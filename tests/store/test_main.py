"""The command, as a process of its own."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from deltalab.store.key import content_key
from deltalab.store.store import Store


@pytest.fixture
def entries(store, source):
    return [store.publish("solution", facts, source) for facts in ({"what": "LoRA [b]x[/b]", "n": 1}, {"n": 2})]


def backdate(entry, days):
    path = entry.path / "entry.json"
    card = json.loads(path.read_text())
    card["created"] = (datetime.now(UTC) - timedelta(days=days)).isoformat()
    path.write_text(json.dumps(card))


def test_list_shows_all_newest_last_and_damage_as_such(command, store, source, entries):
    backdate(entries[0], 3)
    bad = store.publish("subspace", {"n": 3}, source)
    (bad.path / "theta.bin").write_bytes(b"")
    code, lines, _ = command("list")
    rows = [line for line in lines if any(entry.key in line for entry in [*entries, bad])]
    assert code == 0
    assert [row.split()[1:4:2] for row in rows] == [
        ["solution", entries[0].key],
        ["solution", entries[1].key],
        ["subspace", bad.key],
    ]
    assert "LoRA [b]x[/b]" in rows[0]
    card = entries[0].path / "entry.json"
    assert json.loads(card.read_text())["created"][:16].replace("T", " ") in rows[0]
    assert f" {(5120 + 11 + card.stat().st_size) / 1000:.1f} kB " in rows[0]
    assert "damaged: theta.bin has bytes 0" in rows[2]


@pytest.mark.parametrize("words", [("--root", "store", "show"), ("show", "--root", "store"), ("show",)])
@pytest.mark.parametrize("beginning", ["{key}", "{short}", "solution/{short}"])
def test_show_prints_the_card_of_a_unique_beginning(command, entries, words, beginning):
    key, other = (entry.key for entry in entries)
    length = next(n for n in range(1, 17) if key[:n] != other[:n])
    code, lines, _ = command(*words, beginning.format(key=key, short=key[:length]))
    assert code == 0
    assert json.loads("\n".join(lines)) == json.loads((entries[0].path / "entry.json").read_text())


def test_an_unknown_key_is_one_line_with_the_nearest(command, entries):
    key = entries[0].key
    wrong = key[:8] + ("0" if key[8] != "0" else "1") + key[9:]
    for words in (("show", wrong), ("prune", wrong, entries[1].key), ("show", f"solution/{wrong}")):
        code, lines, errors = command(*words)
        assert (code, lines, errors.count("\n")) == (2, [], 1)
        assert errors.startswith(f"store store: no entry '{words[1]}'; nearest: solution/{key}")
    assert Store(entries[0].path.parents[1]).entries() == entries  # the right one is kept too


def test_an_ambiguous_key_is_one_line_with_all_it_could_be(command, store, source, entries):
    twin = store.publish("subspace", entries[1].facts, source)
    assert twin.key == entries[1].key
    code, lines, errors = command("show", twin.key)
    assert (code, lines, errors.count("\n")) == (2, [], 1)
    assert f"'{twin.key}' begins 2 entries (solution/{twin.key}, subspace/{twin.key})" in errors
    assert command("show", f"subspace/{twin.key}")[0] == 0


def test_showing_a_damaged_entry_is_one_line(command, entries):
    (entries[0].path / "theta.bin").unlink()
    code, lines, errors = command("show", entries[0].key)
    assert (code, lines, errors.count("\n")) == (2, [], 1)
    assert f"{entries[0].key}: damaged: theta.bin cannot be read" in errors


def test_prune_alone_removes_leftovers_alone(command, store, entries):
    assert command("prune") == (0, ["nothing to remove"], "")
    left = store.root / ".parts" / f"solution-{content_key({})}-0a0a0a0a"
    left.mkdir(parents=True)
    (left / "theta.bin").write_bytes(b"x" * 1500)
    assert command("prune") == (0, [f"removed leftover {left.name}, 1.5 kB", "freed 1.5 kB"], "")
    assert not left.exists()
    assert store.entries() == entries


def test_the_command_that_an_error_names_removes_the_entry(command, store, entries):
    (entries[0].path / "entry.json").write_text("{")
    code, lines, _ = command("prune", entries[0].key)
    assert code == 0
    assert lines[0].startswith(f"removed solution/{entries[0].key}, 5.")
    assert lines[1].startswith("freed 5.")
    assert store.find("solution", entries[0].facts) is None
    assert store.entries() == entries[1:]


def test_prune_older_than_keeps_the_younger_and_the_damaged(command, store, source, entries):
    backdate(entries[0], 2.1)
    damaged = store.publish("subspace", {}, source)
    (damaged.path / "theta.bin").unlink()
    assert command("prune", "--older-than", "2.2")[1] == ["nothing to remove"]
    assert command("prune", "--older-than", "2")[0] == 0
    assert store.entries() == entries[1:]
    assert damaged.path.is_dir()


@pytest.mark.parametrize("days", ["-1", "nan", "soon"])
def test_prune_older_than_refuses_what_is_no_number_of_days(command, store, entries, days):
    code, _, errors = command("prune", f"--older-than={days}")
    assert code == 2
    assert errors.endswith(f"argument --older-than: '{days}'; allowed: 0 days or more\n")
    assert store.entries() == entries


def test_prune_damaged_keeps_the_whole(command, store, source, entries):
    content = bytearray((entries[0].path / "theta.bin").read_bytes())
    content[7] ^= 4
    (entries[0].path / "theta.bin").write_bytes(content)
    code, lines, _ = command("prune", "--damaged")
    assert (code, len(lines)) == (0, 2)
    assert store.survey() == (entries[1:], [])


def test_the_usual_store_is_empty_before_the_first_run(command, tmp_path, monkeypatch):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert command("list")[0] == 0
    assert command("prune")[1] == ["nothing to remove"]


def test_a_store_that_was_named_must_be_there(command):
    for words in (("list",), ("prune",), ("show", "a")):
        code, _, said = command("--root", "nowhere", *words)
        assert (code, said.count("\n")) == (2, 1)
        assert said.startswith("--root nowhere: no such folder")
