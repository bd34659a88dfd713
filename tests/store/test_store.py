"""Finding, publishing, replacing, rebuilding and removing, also while other processes write or die."""

from __future__ import annotations

import threading
import time

import pytest

from deltalab.errors import UserError
from deltalab.store.entry import Entry
from deltalab.store.key import content_key
from deltalab.store.store import Store
from tests.store.processes import FACTS, KIND, locks_within, publish_slowly, replace_again_and_again

OTHER = {**FACTS, "seed": 2}


def contents(entry):
    return {
        str(path.relative_to(entry.path)): path.read_bytes()
        for path in entry.path.rglob("*")
        if path.is_file() and path.name != "entry.json"
    }


def parts(store):
    return list((store.root / ".parts").iterdir())


def test_nothing_is_found_and_no_folder_is_made_by_looking(store):
    assert store.find(KIND, FACTS) is None
    assert (store.entries(), store.folders(), store.prune()) == ([], [], [])
    assert not store.root.exists()


def test_what_is_published_is_found_by_any_store(store, source, files):
    entry = store.publish(KIND, FACTS, source)
    found = Store(str(store.root)).find(KIND, FACTS)
    assert found == entry
    assert (entry.kind, entry.key, entry.facts) == (KIND, content_key(FACTS), FACTS)
    assert entry.path == store.root / KIND / content_key(FACTS)
    assert contents(found) == files
    assert parts(store) == []


def test_other_facts_and_other_kinds_are_other_work(store, source):
    store.publish(KIND, FACTS, source)
    assert store.find(KIND, OTHER) is None
    assert store.find("subspace", FACTS) is None


def test_entries_come_newest_last(store, source):
    made = [store.publish(kind, facts, source) for kind in ("subspace", KIND) for facts in (OTHER, FACTS)]
    assert store.entries() == made
    again = store.publish("subspace", OTHER, source)
    assert store.entries() == [*made[1:], again]


def test_a_new_entry_replaces_the_old_one_whole(store, source, folder_of):
    store.publish(KIND, FACTS, source)
    newer = {"theta.bin": b"new"}
    entry = store.publish(KIND, FACTS, folder_of(newer, "newer"))
    assert store.find(KIND, FACTS) == entry
    assert contents(entry) == newer
    assert parts(store) == []


@pytest.mark.parametrize("kind", ["", "Solution", "a-b", "../x", "a/b", "solution1", ".locks", "solution\n"])
def test_a_kind_that_is_no_plain_word_is_refused(store, source, kind):
    for act in (store.find, store.lock, lambda kind, facts: store.publish(kind, facts, source)):
        with pytest.raises(UserError, match="allowed: lower-case letters and underscores"):
            act(kind, FACTS)
    assert not store.root.exists()


@pytest.mark.parametrize(("name", "root"), [("store", ""), ("my store", " --root '{root}'")])
def test_damage_names_the_folder_and_the_command(tmp_path, monkeypatch, source, name, root):
    monkeypatch.chdir(tmp_path)
    store = Store(name)
    entry = store.publish(KIND, FACTS, source)
    (entry.path / "theta.bin").write_bytes(b"12")
    with pytest.raises(UserError) as caught:
        store.find(KIND, FACTS)
    assert str(caught.value) == (
        f"store entry {name}/{KIND}/{entry.key}: theta.bin has bytes 2, its card says 5120; "
        f"remove it with `python -m deltalab.store prune {entry.key}{root.format(root=name)}`"
    )


def test_a_damaged_entry_is_listed_apart_and_replaced(store, source):
    bad, good = store.publish(KIND, FACTS, source), store.publish(KIND, OTHER, source)
    (bad.path / "theta.bin").unlink()
    whole, damaged = store.survey()
    assert (whole, [found.path for found in damaged]) == ([good], [bad.path])
    assert store.entries() == [good]
    assert store.find(KIND, OTHER) == good
    assert store.publish(KIND, FACTS, source) == store.find(KIND, FACTS)


def test_a_failed_publication_leaves_the_old_entry_and_nothing_else(store, source, tmp_path):
    entry = store.publish(KIND, FACTS, source)
    (source / "gone").symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileNotFoundError):
        store.publish(KIND, FACTS, source)
    with pytest.raises(ValueError, match="holds no files"):
        store.publish(KIND, OTHER, tmp_path / "nowhere")
    assert store.entries() == [entry]
    assert parts(store) == []


def test_rebuild_makes_everything_anew_once(store, source, folder_of):
    old = [store.publish(KIND, facts, source) for facts in (FACTS, OTHER)]
    (old[1].path / "theta.bin").unlink()  # damage is no hindrance to making anew
    again = Store(store.root, rebuild=True)
    assert again.find(KIND, FACTS) is None
    assert again.find(KIND, OTHER) is None
    newer = folder_of({"theta.bin": b"new"}, "newer")
    entry = again.publish(KIND, FACTS, newer)
    assert again.find(KIND, FACTS) == entry
    assert again.find(KIND, OTHER) is None
    assert Store(store.root, rebuild=True).find(KIND, FACTS) is None
    assert store.find(KIND, FACTS) == entry


def test_a_process_killed_while_publishing_leaves_no_entry_and_no_lock(store, source, started, context):
    half, go = context.Event(), context.Event()
    process = started(publish_slowly, store.root, source, half, go)
    assert half.wait(60)
    process.kill()
    process.join()
    assert [path.name for path in parts(store)[0].iterdir()] != []
    assert store.find(KIND, FACTS) is None
    assert (store.entries(), store.folders()) == ([], [])
    assert locks_within(store, 10)
    removed = store.prune()
    assert [name.split("-")[0] for name, _ in removed] == ["leftover solution"]
    assert parts(store) == []
    assert isinstance(store.publish(KIND, FACTS, source), Entry)


def test_a_process_killed_while_replacing_leaves_the_old_entry(store, source, started, context):
    entry = store.publish(KIND, FACTS, source)
    half = context.Event()
    process = started(publish_slowly, store.root, source, half, context.Event())
    assert half.wait(60)
    process.kill()
    process.join()
    assert store.find(KIND, FACTS) == entry


def test_pruning_waits_for_who_is_publishing(store, source, started, context, files):
    half, go = context.Event(), context.Event()
    process = started(publish_slowly, store.root, source, half, go)
    assert half.wait(60)
    removed = []
    pruning = threading.Thread(target=lambda: removed.append(store.prune()), daemon=True)
    pruning.start()
    time.sleep(0.3)
    assert removed == []
    go.set()
    process.join(60)
    pruning.join(60)
    assert (process.exitcode, removed) == (0, [[]])
    assert contents(store.find(KIND, FACTS)) == files


@pytest.mark.parametrize("change", ["publish", "prune"])
def test_nobody_changes_an_entry_under_the_one_who_holds_its_lock(store, source, folder_of, change):
    entry, newer = store.publish(KIND, FACTS, source), folder_of({"a": b"newer"}, "newer")
    changes = {"publish": lambda: store.publish(KIND, FACTS, newer), "prune": lambda: store.prune([entry.path])}
    changing = threading.Thread(target=changes[change], daemon=True)
    with store.lock(KIND, FACTS):
        changing.start()
        time.sleep(0.3)
        assert store.find(KIND, FACTS) == entry
    changing.join(60)
    assert store.find(KIND, FACTS) != entry


def test_pruning_removes_the_named_alone_and_counts_bytes(store, source, files):
    entry, other = store.publish(KIND, FACTS, source), store.publish(KIND, OTHER, source)
    expected = sum(map(len, files.values())) + (entry.path / "entry.json").stat().st_size
    assert store.prune() == []
    assert store.entries() == [entry, other]
    assert store.prune([entry.path, store.root / KIND / ("0" * 16)]) == [(f"{KIND}/{entry.key}", expected)]
    assert store.entries() == [other]
    assert parts(store) == []


def test_a_reader_never_sees_half_an_entry(store, folder_of, started):
    versions = [{"a": bytes([number]) * 200_000, "b": bytes([number]) * 100_000} for number in (1, 2)]
    sources = [folder_of(files, f"version{number}") for number, files in enumerate(versions)]
    writer, seen = started(replace_again_and_again, store.root, sources, 150), set()
    while writer.is_alive():
        entry = store.find(KIND, FACTS)  # raises where it takes two entries for a damaged one
        if entry is not None:
            seen.add(entry.created)
    assert writer.exitcode == 0
    assert len(seen) > 1
    assert contents(store.find(KIND, FACTS)) in versions
