"""The command that averages, compares, shows and maps structures."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from transformers import PreTrainedTokenizerFast, T5Config, T5ForConditionalGeneration

from deltalab.search.structure import Structure, main

from .structures import bare, layers, space, structure


@pytest.fixture
def files(tmp_path):
    paths = []
    for i, one in enumerate((structure({0: 0.9, 1: 0.8}), structure({0: 0.6, 2: 0.9}, parameters=10**6))):
        paths.append(tmp_path / f"{i}.yaml")
        one.save(paths[-1])
    return [str(path) for path in paths]


def test_the_command_averages(files, tmp_path, capsys):
    out = tmp_path / "mean.yaml"
    assert main(["average", *files, "--out", str(out), "--budget", "30"]) == 0
    assert capsys.readouterr().out == f"{out}: 3 units, 30 numbers\n"
    assert layers(Structure.load(out)) == pytest.approx({0: 0.75, 1: 0.4, 2: 0.45})
    assert main(["average", *files, "--out", str(out)]) == 0
    assert list(layers(Structure.load(out))) == [0, 2]


def test_the_command_tells_a_difference(files, capsys):
    assert main(["diff", *files]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"only in {files[0]}: 1",
        "  bias at attn.q of encoder 1",
        f"only in {files[1]}: 1",
        "  bias at attn.q of encoder 2",
        "in both: 1",
    ]


def test_the_command_shows_a_structure(files, capsys):
    assert main(["show", files[1]]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "2 units, 20 numbers, 20.0 ppm of one",
        "bias attn.q encoder: 2 units, 20 numbers; layers 0 2",
    ]


def test_a_structure_needs_a_file_to_be_written_to(files, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["average", *files, "--out", ""])
    assert capsys.readouterr().err.endswith("error: argument --out: the name of a file is needed\n")


def test_the_command_as_a_process_ends_a_mistake_with_one_line_and_2(files, tmp_path):
    words = [sys.executable, "-m", "deltalab.search.structure", "show", str(tmp_path / "none.yaml")]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert (
        done.stderr == f"error: structure {tmp_path / 'none.yaml'}: no such file; give the YAML file of a structure\n"
    )


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["average", "{0}", "{0}", "--out", "{folder}"], "error: "),
        (["average", "{0}", "--out", "{folder}/out.yaml", "--budget", "3"], "error: budget=3: no unit fits"),
        (["diff", "{0}", "{folder}/none.yaml"], "error: structure "),
    ],
)
def test_mistakes_of_the_command_end_in_one_line(words, line, files, tmp_path, capsys):
    assert main([word.format(*files, folder=tmp_path) for word in words]) == 2
    told = capsys.readouterr().err
    assert told.startswith(line)
    assert told.count("\n") == 1


@pytest.fixture
def folder(tmp_path):
    """A model of five and two layers with a tokenizer, as `transformers` saves them."""
    shape = {"d_model": 16, "d_kv": 4, "d_ff": 32, "num_heads": 2, "num_layers": 5, "num_decoder_layers": 2}
    T5ForConditionalGeneration(T5Config(**shape, vocab_size=8)).save_pretrained(tmp_path / "model")
    words = Tokenizer(WordLevel({"<pad>": 0, "</s>": 1, "<unk>": 2}, unk_token="<unk>"))
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=words, pad_token="<pad>", eos_token="</s>", unk_token="<unk>")
    tokenizer.save_pretrained(tmp_path / "model")
    return str(tmp_path / "model")


def test_the_command_maps_to_the_backbone_in_a_folder(folder, tmp_path, capsys):
    here, out = bare(3), tmp_path / "out.yaml"
    last = [i for i, member in enumerate(space(here).members) if member.name.layer == 2]
    before = Structure.of(space(here), last)
    before.save(tmp_path / "in.yaml")
    assert main(["map", str(tmp_path / "in.yaml"), "--backbone", folder, "--out", str(out)]) == 0
    found = Structure.load(out)
    # Of 3 layers the last is depth 1 and takes depths above 3/4: layers 3 (rounded up) and 4 of 5, and 1 of 2.
    assert {(name.side, name.layer) for name in found.names} == {("encoder", 3), ("encoder", 4), ("decoder", 1)}
    assert found.backbone["layers"] == {"encoder": 5, "decoder": 2}
    told = f"{len(found.units)} units, {found.cost} numbers, from {len(before.units)} units, {before.cost} numbers"
    assert capsys.readouterr().out == f"{out}: {told}\n"


def test_the_command_maps_to_no_folder_that_is_none(files, tmp_path, capsys):
    words = ["map", files[0], "--backbone", str(tmp_path / "none"), "--out", str(tmp_path / "out.yaml")]
    assert main(words) == 2
    assert capsys.readouterr().err == (
        f"error: backbone.path={tmp_path}/none: no such folder; give a hub id or a folder saved by save_pretrained\n"
    )
    assert not (tmp_path / "out.yaml").exists()


@pytest.mark.parametrize("words", [[], ["diff", "a"], ["average", "a"], ["show", "a", "b"], ["map", "a"]])
def test_words_that_are_no_command_end_with_2(words):
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2
