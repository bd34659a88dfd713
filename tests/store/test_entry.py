"""Cards against hashes taken here, and every kind of damage."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import UTC, datetime

import pytest

from deltalab.store.entry import Damage, Entry, inspect, size, write

FACTS = {"task": "movies", "lr": 1e-3, "methods": ("lora", "prefix")}
KEY = hashlib.sha256(b'{"lr":0.001,"methods":["lora","prefix"],"task":"movies"}').hexdigest()[:16]


@pytest.fixture
def written(tmp_path, source):
    folder = tmp_path / "solution" / KEY
    return folder, write(folder, "solution", FACTS, source)


def test_the_card_tells_what_is_there(written, files):
    folder, _ = written
    card = json.loads((folder / "entry.json").read_text())
    created = datetime.fromisoformat(card.pop("created"))
    assert created.utcoffset().total_seconds() == 0
    assert abs((datetime.now(UTC) - created).total_seconds()) < 60
    assert card == {
        "format": 1,
        "kind": "solution",
        "key": KEY,
        "facts": {"task": "movies", "lr": 0.001, "methods": ["lora", "prefix"]},
        "files": {
            name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in files.items()
        },
    }
    assert {name: (folder / name).read_bytes() for name in files} == files


def test_what_was_written_is_found_again(written, files):
    folder, entry = written
    assert isinstance(entry, Entry)
    assert inspect(folder) == entry
    assert (entry.kind, entry.key, entry.path) == ("solution", KEY, folder)
    assert size(folder) == sum(map(len, files.values())) + (folder / "entry.json").stat().st_size


def test_rights_of_the_source_are_not_copied(tmp_path, source):
    for path in [source, *source.rglob("*")]:
        path.chmod(0o700)
    write(tmp_path / "solution" / KEY, "solution", FACTS, source)
    (tmp_path / "plain").touch()
    copied = (tmp_path / "solution" / KEY / "theta.bin").stat().st_mode
    assert copied == (tmp_path / "plain").stat().st_mode


def test_files_and_folders_by_name_make_one_entry(tmp_path, folder_of):
    run = folder_of({"subspace/a": b"1", "subspace/b/c": b"2", "record.json": b"3", "checkpoints/x": b"4"})
    here = tmp_path / "solution" / KEY
    write(here, "solution", FACTS, {".": run / "subspace", "record.json": run / "record.json", "d": run / "subspace"})
    found = json.loads((here / "entry.json").read_text())["files"]
    assert set(found) == {"a", "b/c", "record.json", "d/a", "d/b/c"}
    assert (here / "d" / "b" / "c").read_bytes() == b"2"
    assert (here / "record.json").read_bytes() == b"3"
    with pytest.raises(FileNotFoundError):
        write(tmp_path / "other", "solution", FACTS, {"record.json": run / "nothing.json"})


def test_linked_folders_are_copied(tmp_path, folder_of):
    folder = folder_of({"a": b"1"})
    (folder / "link").symlink_to(folder_of({"b": b"2"}, "elsewhere"))
    write(tmp_path / "solution" / KEY, "solution", FACTS, folder)
    assert (tmp_path / "solution" / KEY / "link" / "b").read_bytes() == b"2"
    assert not (tmp_path / "solution" / KEY / "link").is_symlink()


@pytest.mark.parametrize(("files", "message"), [({}, "no files"), ({"a": b"", "entry.json": b""}, "a file entry.json")])
def test_a_folder_that_cannot_be_an_entry_is_refused(tmp_path, folder_of, files, message):
    with pytest.raises(ValueError, match=f"source: holds {message}"):
        write(tmp_path / "solution" / KEY, "solution", FACTS, folder_of(files))


def test_nothing_is_no_entry(tmp_path):
    assert inspect(tmp_path / "solution" / KEY) is None


@pytest.mark.parametrize("name", ["theta.bin", "deep/er/notes.txt"])
@pytest.mark.parametrize("place", [0, -1])
def test_a_flipped_byte_is_refused_by_name(written, name, place):
    folder, _ = written
    content = bytearray((folder / name).read_bytes())
    content[place] ^= 1
    (folder / name).write_bytes(content)
    found = inspect(folder)
    assert isinstance(found, Damage)
    was, now = written_hash(folder, name), hashlib.sha256(content).hexdigest()
    assert found.reason == f"{name} has sha256 {now[:12]}, its card says {was[:12]}"


def written_hash(folder, name):
    return json.loads((folder / "entry.json").read_text())["files"][name]["sha256"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda folder: (folder / "theta.bin").write_bytes(b"12"), "theta.bin has bytes 2, its card says 5120"),
        (lambda folder: (folder / "empty").unlink(), "empty cannot be read (No such file or directory)"),
        (lambda folder: shutil.rmtree(folder / "deep"), "deep/er/notes.txt cannot be read (No such file or directory)"),
        (lambda folder: (folder / "entry.json").unlink(), "entry.json is missing or cannot be read"),
    ],
)
def test_a_changed_or_missing_file_is_refused_by_name(written, change, message):
    folder, _ = written
    change(folder)
    assert inspect(folder) == Damage(folder, message)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{", b"[]", b"null", b"{}", b'{"format": 1}'])
def test_an_unreadable_card_is_refused(written, content):
    folder, _ = written
    (folder / "entry.json").write_bytes(content)
    found = inspect(folder)
    assert isinstance(found, Damage)
    assert found.reason.startswith("entry.json is no card of an entry (")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 2}, "entry.json has format 2, this version reads 1"),
        ({"facts": {"task": "books"}}, "entry.json tells of other work than asked for"),
        ({"facts": [1]}, "entry.json tells of other work than asked for"),
        ({"key": "0" * 16}, "entry.json tells of other work than asked for"),
        ({"kind": "subspace"}, "entry.json tells of other work than asked for"),
        ({"created": "yesterday"}, "entry.json is no card"),
        ({"created": None}, "entry.json is no card"),
        ({"files": ["theta.bin"]}, "entry.json is no card"),
        ({"files": {"theta.bin": {"bytes": 5120}}}, "entry.json is no card"),
    ],
)
def test_a_card_that_was_changed_is_refused(written, change, message):
    folder, _ = written
    card = json.loads((folder / "entry.json").read_text())
    (folder / "entry.json").write_text(json.dumps({**card, **change}))
    found = inspect(folder)
    assert isinstance(found, Damage)
    assert found.reason.startswith(message)


@pytest.mark.parametrize("absolute", [True, False])
def test_a_card_that_names_a_file_elsewhere_is_refused(written, tmp_path, absolute):
    folder, _ = written
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    name = str(secret) if absolute else "../../secret"
    card = json.loads((folder / "entry.json").read_text())
    card["files"][name] = {"bytes": 6, "sha256": hashlib.sha256(b"secret").hexdigest()}
    (folder / "entry.json").write_text(json.dumps(card))
    found = inspect(folder)
    assert isinstance(found, Damage)
    assert found.reason == f"{name} is outside"
