"""Which records are read, what is refused, and the command beside them."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from deltalab.errors import UserError
from deltalab.report.page.run import read, record_files

from .records import job, leave, searched, tuned

RECORD = tuned([job("lora", 0, 0.5)])


def test_records_are_found_below_folders_each_once_and_jobs_of_a_run_not_again(tmp_path):
    one, two = leave(tmp_path / "a", RECORD), leave(tmp_path / "b" / "c", RECORD)
    leave(tmp_path / "a" / "jobs" / "lora", RECORD)
    lone = leave(tmp_path / "jobs" / "mine", RECORD)
    assert record_files([tmp_path]) == [one, two, lone]
    assert record_files([two, tmp_path]) == [two, one, lone]
    assert record_files([tmp_path / "a" / "jobs" / "lora" / "record.json"]) != []


def test_a_folder_without_records_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"no record\.json below this folder"):
        record_files([tmp_path])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"format": 1, "stage": "tu', r"damaged, no JSON \(.*\)"),
        (b"\xff\xfe", r"damaged, no JSON \(.*\)"),
        ("[" * 100_000, r"damaged, no JSON \(.*\)"),
        ([1], "is not the record of a run; it tells no format and stage"),
        ({"runs": [], "format": 1}, "is not the record of a run; it tells no format and stage"),
        ({**RECORD, "format": 2}, "format 2, this version reads 1"),
        ({**RECORD, "stage": "guess"}, "stage 'guess'; allowed: tune, search, optimize, approximate"),
        ({**RECORD, "stage": ["tune"]}, r"stage \['tune'\]; allowed: .*"),
        ({**RECORD, "seconds": None}, "damaged, seconds is missing, must be a number"),
        ({**RECORD, "jobs": [1]}, r"damaged, jobs\[0\] is 1, must be a mapping"),
    ],
    ids=["torn", "bytes", "deep", "list", "other", "format", "stage", "list stage", "no time", "jobs"],
)
def test_what_is_no_record_is_told_in_one_line(tmp_path, content, told):
    path = tmp_path / "record.json"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content))
    with pytest.raises(UserError) as caught:
        read(path)
    assert re.fullmatch(f"{re.escape(str(path))}: {told}", str(caught.value))


def test_a_missing_record_is_told(tmp_path):
    with pytest.raises(UserError, match="cannot be read"):
        read(tmp_path / "record.json")


@pytest.mark.parametrize(
    ("record", "program"), [(RECORD, "train.py"), (searched([job("structure", 0, 0.5)]), "search.py")]
)
def test_the_command_is_read_by_a_shell_as_it_was_given(tmp_path, record, program):
    words = ["task=topic", "pack.lr=[1e-3, 3e-4]", "name='a b'", "task.path=$(reboot); rm `x`\n#"]
    command = read(leave(tmp_path, record, words)).command
    assert shlex.split(command) == ["python", program, *words]


def test_a_job_has_the_command_of_its_run(tmp_path):
    leave(tmp_path, RECORD, ["seed=3"])
    assert read(leave(tmp_path / "jobs" / "lora", RECORD, None)).command == "python train.py seed=3"


def test_without_overrides_the_command_is_unknown(tmp_path):
    assert read(leave(tmp_path, RECORD, None)).command is None
    assert read(leave(tmp_path, RECORD, [])).command == "python train.py"


def test_a_run_in_the_folder_one_is_in(tmp_path, monkeypatch):
    leave(tmp_path, RECORD)
    monkeypatch.chdir(tmp_path)
    assert read(Path("record.json")).command == "python train.py delta=lora"
    monkeypatch.chdir(leave(tmp_path / "jobs" / "one", RECORD, None).parent)
    assert read(Path("record.json")).command == "python train.py delta=lora"  # a job of the run above


@pytest.mark.parametrize("text", ["{a: [", "a: 1", "[1, 2]", "!!python/object/apply:os.system ['true']"])
def test_damaged_overrides_are_told(tmp_path, text):
    path = leave(tmp_path, RECORD)
    (tmp_path / ".hydra" / "overrides.yaml").write_text(text)
    with pytest.raises(UserError, match=r"overrides\.yaml: damaged"):
        read(path)


@pytest.mark.parametrize("name", ["plain", "javascript:alert(1)", "a b", 'quo"te', "per%20cent", "#hash?x=1", "ünï"])
def test_links_lead_to_the_record_whatever_its_folder_is_called(tmp_path, name):
    run = read(leave(tmp_path / "runs" / name, RECORD))
    for page in (tmp_path / "report.html", tmp_path / "runs" / name / "report.html", tmp_path / "x" / "report.html"):
        link = urlsplit(run.link(page))
        assert (link.scheme, link.netloc, link.query, link.fragment) == ("", "", "", "")
        assert (page.parent / unquote(link.path)).resolve() == run.path.resolve()
        assert not re.search(r"[\s\"<>]", run.link(page))
