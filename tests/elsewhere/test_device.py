"""The device elsewhere is the CPU but for what it refuses, seen in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ..run.support import CONF

_BEGIN = """
import copy, io, torch
from deltalab.optimizer.factors import Matrix
from tests.elsewhere.device import leave, register
there = register()
x, y = torch.randn(3, 4), torch.randn(4, 2)
a, b = x.to(there), y.to(there)
"""
_SAME = {
    "products and views": "assert torch.equal((a @ b).T[1:].cpu(), (x @ y).T[1:])",
    "changes in place": "a[1].mul_(2); a[:, 0] = 5; x[1].mul_(2); x[:, 0] = 5; assert torch.equal(a.cpu(), x)",
    "gradients": """
w, v = b.clone().requires_grad_(), y.clone().requires_grad_()
(a @ w).tanh().sum().backward(); (x @ v).tanh().sum().backward()
assert w.grad.device == there and torch.equal(w.grad.cpu(), v.grad)""",
    "results of another size": "assert torch.arange(7, device=there).tolist() == list(range(7))",
    "places on the CPU": "assert torch.equal(a[torch.tensor([2, 0])].cpu(), x[torch.tensor([2, 0])])",
    "numbers of the CPU": "assert torch.equal((a * torch.tensor(2.0)).cpu(), x * 2)",
    "copies": "assert copy.deepcopy(a).device == there and torch.equal(copy.deepcopy(a).cpu(), x)",
    "files": "f = io.BytesIO(); torch.save(a, f); f.seek(0); assert torch.equal(torch.load(f), x)",
    "modules": """
m = torch.nn.Module(); m.one = Matrix(x); m.one.factors = []; m.two = m.one; kept = m.one
m.to(there); assert m.one is kept is m.two and type(kept) is Matrix and kept.factors == [] and kept.device == there
m.cpu(); assert m.one is kept and torch.equal(kept, x) and kept.device.type == "cpu" """,
}
_REFUSED = {
    "an operand of the CPU": "a @ y",
    "one in place": "a.add_(x)",
    "a generator of the CPU": "torch.randn(3, device=there, generator=torch.Generator())",
    "rows joined": "torch.cat([a, x])",
}


def _said(code: str) -> tuple[int, str]:
    """The exit code and the last line on stderr of a process."""
    done = subprocess.run(
        [sys.executable, "-c", _BEGIN + code + "\nleave()"], cwd=CONF.parent, capture_output=True, text=True
    )
    return done.returncode, ["", *done.stderr.splitlines()][-1]


@pytest.mark.slow
def test_it_does_what_the_cpu_does() -> None:
    assert _said("\n".join(_SAME.values())) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize("what", _REFUSED)
def test_it_refuses(what: str) -> None:
    code, said = _said(_REFUSED[what])
    assert code
    assert said.startswith("RuntimeError: ")
    assert "cpu" in said.lower()
