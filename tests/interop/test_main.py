"""The commands, in this process and once in one of their own."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import torch

from deltalab.backbone.families.t5 import t5
from deltalab.backbone.load import embedded
from deltalab.delta.adapter import Adapter
from deltalab.delta.lora import Lora
from deltalab.delta.solution import Solution
from deltalab.interop.__main__ import main
from deltalab.interop.node import settings_at
from deltalab.interop.opened import open_solution


@pytest.fixture(scope="module")
def tiny():
    return embedded("tiny", t5())


@pytest.fixture
def solution(tiny, tmp_path):
    """`solution(method)`: the folder of one on the embedded backbone, which its card names."""

    def make(method):
        delta = method.bind(tiny, "delta")
        theta = delta.layout.initial(0) + 0.05 * torch.randn(delta.size, generator=torch.Generator().manual_seed(1))
        Solution.of(delta, theta, 0, {"config": {"backbone": settings_at("tiny")}}).save(tmp_path / "solution", delta)
        return tmp_path / "solution"

    return make


def run(capsys, *words):
    code = main(list(map(str, words)))
    out, err = capsys.readouterr()
    return code, out, err


def test_out_and_back(solution, tmp_path, capsys):
    folder = solution(Lora(rank=2))
    code, out, _ = run(capsys, "export", folder, tmp_path / "adapter")
    assert code == 0
    assert out.startswith(f"{tmp_path / 'adapter'}: LORA, 48 tensors; largest difference of logits ")
    code, out, _ = run(capsys, "import", tmp_path / "adapter", tmp_path / "back", "--seed", 0)
    assert code == 0
    assert f"python train.py delta=lora delta.rank=2 solution={tmp_path / 'back'} trainer.max_steps=0" in out
    first, again = open_solution(folder).solution, open_solution(tmp_path / "back").solution
    assert torch.equal(first.theta, again.theta)
    assert torch.equal(first.theta0, again.theta0)


def test_merge(solution, tmp_path, capsys):
    code, out, _ = run(capsys, "merge", solution(Lora(rank=2)), tmp_path / "merged")
    assert code == 0
    assert float(out.split()[-1]) < 1e-5
    assert (tmp_path / "merged" / "model.safetensors").is_file()


def test_a_published_structure(tmp_path, capsys):
    (tmp_path / "in.json").write_text(json.dumps([{"SelfAttention.q": {"parallel": {"Lora": {"lora_r": 1}}}}]))
    code, out, _ = run(capsys, "structure", tmp_path / "in.json", tmp_path / "large.yaml")
    assert (code, out) == (0, f"{tmp_path / 'large.yaml'}: 48 units, {48 * 2048} numbers\n")
    code, out, _ = run(capsys, "structure", tmp_path / "in.json", tmp_path / "tiny.yaml", "--backbone", "tiny")
    assert (code, out) == (0, f"{tmp_path / 'tiny.yaml'}: 8 units, {8 * 2 * 192} numbers\n")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["export", "solution", "out"], "PEFT has no form for it"),
        (["merge", "solution", "out"], "cannot be merged"),
        (["export", "none", "out"], "no solution.json there"),
        (["export", "solution", "solution"], "PEFT has no form for it"),
        (["import", "solution", "out"], "no adapter_config.json there"),
        (["structure", "none.json", "out"], "not in the published JSON form"),
        (["export", "solution", "out", "--backbone", "./none"], "no such folder"),
    ],
)
def test_a_mistake_is_one_line(solution, tmp_path, capsys, monkeypatch, words, told):
    solution(Adapter())
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, *words)
    assert (code, out) == (2, "")
    assert told in err
    assert err.count("\n") == 1
    assert {path.name for path in tmp_path.iterdir()} == {"solution"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"method": None}, "does not tell the method"),
        ({"config": {}}, "give --backbone"),
        ({"config": {"backbone": {"_target_": "os.getcwd"}}}, "code of 'os' is not run"),
        ({"config": {"backbone": {"_target_": "deltalab.delta.lora.Lora"}}}, "makes no Backbone and no Family"),
        ({"config": {"backbone": {"_target_": "no.such.place"}}}, "_target_=no.such.place"),
        ({"config": {"backbone": {**settings_at("tiny"), "mine": 1}}}, "unexpected keyword"),
        ({"delta": 3}, "damaged or not a solution card"),
    ],
)
def test_a_card_that_tells_too_little_or_something_else(solution, tmp_path, capsys, change, told):
    path = solution(Lora()) / "solution.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    code, _, err = run(capsys, "export", path.parent, tmp_path / "out")
    assert code == 2
    assert told in err
    assert err.count("\n") == 1


def test_a_process_of_its_own_prints_its_line_alone(solution, tmp_path):
    words = ["-m", "deltalab.interop", "export", solution(Lora()), tmp_path / "adapter"]
    done = subprocess.run([sys.executable, *map(str, words)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 1
