"""Structures averaged, compared and carried over, and the command that does so."""

from __future__ import annotations

import subprocess
import sys
from itertools import permutations

import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from transformers import PreTrainedTokenizerFast, T5Config, T5ForConditionalGeneration

from deltalab.backbone.backbone import Backbone
from deltalab.backbone.families.t5 import t5
from deltalab.delta.bitfit import BitFit
from deltalab.delta.candidates import Candidates, UnitName
from deltalab.delta.chosen import Chosen
from deltalab.delta.lora import Lora
from deltalab.errors import UserError
from deltalab.search.structure import Structure, average, diff, main, mapped

SHAPE = {"source": "one", "family": "t5", "layers": {"encoder": 4}, "widths": {"attn": 8}}
BIAS = {"_target_": "deltalab.delta.bitfit.BitFit"}


def structure(p, cost=10, **backbone):
    """BitFit units in the layers of `p`, whose values are p and, where given as a pair, cost."""
    units = []
    for layer, value in p.items():
        own, numbers = value if isinstance(value, tuple) else (value, cost)
        units.append(Chosen(UnitName("bias", "attn.q", "encoder", layer), own, numbers))
    return Structure({**SHAPE, **backbone}, {"bias": BIAS}, tuple(units), {"seed": len(p)})


def layers(one):
    return {unit.name.layer: unit.p for unit in one.units}


def bare(layers, decoder=None, **config):
    """A T5 of some depth, shapes alone."""
    with torch.device("meta"):
        shape = {"d_model": 16, "d_kv": 4, "d_ff": 32, "num_heads": 2, "num_layers": layers}
        model = T5ForConditionalGeneration(T5Config(num_decoder_layers=decoder or layers, **shape, **config))
    return Backbone(model, None, t5(), f"{layers} layers")


def test_an_average_ranks_by_mean_p_and_fills_the_mean_cost():
    runs = [structure({0: 0.9, 1: 0.8}), structure({0: 0.6, 2: 0.9}), structure({1: 0.5, 2: 0.1, 3: 0.3, 0: 0.3})]
    found = average(runs)  # mean p 0.6, 0.4333, 0.3333, 0.1; mean cost 80 / 3: two units fit
    assert layers(found) == pytest.approx({0: 0.6, 1: 1.3 / 3}, rel=1e-5)
    assert found.cost == 20
    assert found.provenance == {"average_of": [{"seed": 2}, {"seed": 2}, {"seed": 4}]}


def test_an_average_fills_a_given_budget_and_passes_over_what_does_not_fit():
    runs = [structure({0: (0.9, 10), 1: (0.8, 100), 2: (0.1, 5)}), structure({0: (0.9, 10)})]
    assert layers(average(runs, 20)) == pytest.approx({0: 0.9, 2: 0.05})
    assert layers(average(runs, 115)) == pytest.approx({0: 0.9, 1: 0.4, 2: 0.05})
    with pytest.raises(UserError, match=r"^budget=4: no unit fits; the smallest has 5 numbers"):
        average(runs, 4)


def test_an_average_does_not_depend_on_the_order_of_the_structures():
    runs = [structure({0: 0.5, 1: 0.5, 3: 0.1}), structure({2: 0.5, 1: 0.1}), structure({3: 0.9})]
    found = {average([runs[i] for i in order])._replace(provenance={}).units for order in permutations(range(3))}
    assert len(found) == 1


def test_the_average_of_one_structure_is_itself():
    one = structure({0: 0.5, 2: 0.25})
    assert average([one])._replace(provenance=one.provenance) == one
    assert average([one, one, one]).units == one.units


def test_an_average_keeps_the_methods_it_uses_alone():
    other = structure({1: 0.9})
    lora = {"_target_": "deltalab.delta.lora.Lora"}
    weak = Chosen(UnitName("lora", "attn.q", "encoder", 0), 0.1, 10)
    mixed = other._replace(methods={"lora": lora, "bias": BIAS}, units=(weak, *other.units))
    assert average([other, mixed], 10).methods == {"bias": BIAS}
    assert average([other, mixed], 20).methods == {"bias": BIAS, "lora": lora}


def test_a_difference_parts_the_units_of_two_structures():
    found = diff(structure({0: 0.5, 1: 0.5, 3: 0.1}), structure({3: 0.9, 2: 0.5, 0: 0.5}))
    assert [[name.layer for name in names] for names in found] == [[1], [2], [0, 3]]


@pytest.mark.parametrize(
    ("other", "line"),
    [
        (structure({0: 0.5}, layers={"encoder": 12}), "different backbones: layers {'encoder': 4} and {'encoder': 12}"),
        (structure({0: 0.5}, widths={"attn": 9}), "different backbones: widths"),
        (structure({0: 0.5}, family="bart"), "different backbones: family t5 and bart"),
        (structure({0: 0.5})._replace(methods={"bias": {**BIAS, "roles": ["attn.q"]}}), "different methods: 'bias' is"),
    ],
)
def test_structures_that_do_not_compare_are_refused(other, line):
    for work in (average, lambda both: diff(*both)):
        with pytest.raises(UserError, match=line):
            work([structure({0: 0.5}), other])


def test_structures_of_one_shape_compare_whatever_the_weights():
    assert diff(structure({0: 0.5}), structure({0: 0.5}, source="two")).both


def space(backbone):
    return Candidates.of({"lora": Lora(rank=1, roles=("attn.q", "ffn.in")), "bias": BitFit()}, backbone)


@pytest.mark.parametrize(("here", "there"), [(4, 4), (4, 8), (8, 4), (3, 5), (6, 1), (1, 3)])
def test_a_structure_of_all_units_is_again_all_units(here, there):
    source, target = bare(here), bare(there)
    found = mapped(Structure.of(space(source), range(len(space(source).members))), target)
    assert found.names == tuple(member.name for member in space(target).members)
    assert found.cost == space(target).delta.size


@pytest.mark.parametrize(
    ("here", "there", "taken"),
    [
        (4, 4, [0, 1, 2, 3]),
        (4, 7, [0, 1, 1, 2, 2, 3, 3]),  # depths 0, 1/2, 1, 3/2 ... of 3: halves are rounded up
        (7, 4, [0, 2, 4, 6]),
        (5, 3, [0, 2, 4]),
        (3, 6, [0, 0, 1, 1, 2, 2]),
        (3, 1, [0]),
    ],
)
def test_a_layer_takes_what_its_relative_depth_had(here, there, taken):
    source, target = bare(here), bare(there)
    members = space(source).members
    for layer in range(here):
        chosen = [i for i, member in enumerate(members) if member.name.layer == layer or member.name.layer is None]
        p = torch.linspace(0.1, 0.9, len(members))
        before = Structure.of(space(source), chosen, p)
        found = mapped(before, target)
        assert {name.layer for name in found.names} - {None} == {i for i, old in enumerate(taken) if old == layer}
        known = {unit.name: unit.p for unit in before.units}
        for unit in found.units:
            old = unit.name if unit.name.layer is None else unit.name._replace(layer=layer)
            assert unit.p == pytest.approx(known[old], rel=1e-5)


def test_each_side_is_mapped_by_its_own_depth():
    source, target = bare(6, decoder=2), bare(3, decoder=3)
    members = space(source).members
    last = [i for i, member in enumerate(members) if (member.name.side, member.name.layer) == ("decoder", 1)]
    found = mapped(Structure.of(space(source), last), target)
    assert {(name.side, name.layer) for name in found.names} == {("decoder", 1), ("decoder", 2)}  # 1/2 is rounded up


def test_a_mapped_structure_fits_its_backbone_and_has_its_costs():
    wide, deep = bare(2), bare(6, feed_forward_proj="gated-gelu")
    found = mapped(Structure.of(space(wide), range(len(space(wide).members))), deep)
    assert found.backbone["layers"] == {"encoder": 6, "decoder": 6}
    assert found.provenance["mapped_from"]["source"] == "2 layers"
    positions = found.positions(space(deep))
    assert [int(space(deep).costs[i]) for i in positions] == [unit.cost for unit in found.units]
    assert not any(name.part for name in found.names)  # the source had one inner map a layer


def test_a_restriction_to_layers_is_lifted():
    methods = {"bias": BitFit(roles=("ffn.out",), layers=(3,))}
    source = bare(4)
    before = Structure.of(Candidates.of(methods, source), [0, 1])
    assert [(name.side, name.layer) for name in mapped(before, bare(2)).names] == [("encoder", 1), ("decoder", 1)]


def test_nothing_left_on_the_other_backbone_is_refused():
    second = UnitName("bias", "ffn.in", "encoder", 0, 1)
    only = Structure({**SHAPE, "layers": {"encoder": 2, "decoder": 2}}, {"bias": BIAS}, (Chosen(second, 0.5, 9),), {})
    with pytest.raises(UserError, match="none is chosen"):
        mapped(only, bare(3))


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
    assert capsys.readouterr().out == f"{out}: {len(found.units)} units, {found.cost} numbers\n"


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
