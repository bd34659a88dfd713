"""`resume=DIR` stands for the command of the run in DIR, as far as a folder is to decide."""

from __future__ import annotations

import pytest

from deltalab.errors import UserError
from deltalab.run.again import again

KEPT = """
- task=topic
- delta=lora
- +new=1
- hydra.launcher._target_=os.system
- hydra/launcher=joblib
- hydra@here=x
- allow=[evil]
- resume=elsewhere
"""


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "it's a run"
    (place / ".hydra").mkdir(parents=True)
    (place / ".hydra" / "overrides.yaml").write_text(KEPT)
    return place


def test_it_is_the_command_of_that_run_in_its_folder(folder):
    place = str(folder).replace("'", "\\'")
    expected = ["task=topic", "delta=lora", "+new=1", f"hydra.run.dir='{place}'"]
    assert again([f"resume={folder}"]) == expected


def test_what_is_given_beside_it_wins(folder):
    words = again([f"resume='{folder}'", "delta=adapter", "trainer.max_steps=9"])
    assert words[:-1] == ["task=topic", "+new=1", "delta=adapter", "trainer.max_steps=9"]


@pytest.mark.parametrize("words", [["task=topic"], ["resume=run/last.ckpt"], ["resume=nowhere"], []])
def test_other_commands_stay(words):
    assert again(words) == words


def test_a_run_may_go_on_in_another_folder(folder):
    for word in ("hydra.run.dir=other", "-m"):
        assert again([f"resume={folder}", word]) == [f"resume={folder}", word]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "cannot be read"),
        ("task: topic", "is no list of overrides"),
        ("- 3", "is no list of overrides"),
        ("- --config-dir=/tmp", "has an option"),
        ("- !!python/object/apply:os.mkdir [made]", "cannot be read"),
    ],
)
def test_a_spoilt_file_is_refused(text, told, folder):
    (folder / ".hydra" / "overrides.yaml").write_text(text)
    with pytest.raises(UserError, match=told):
        again([f"resume={folder}"])
    assert not (folder / "made").exists()
