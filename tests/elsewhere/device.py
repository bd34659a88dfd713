"""A device in name only, on which a program that is right for a GPU does to the last bit what it does on the CPU.

Its tensors lie in this machine's memory, and the CPU works every operation out. Like a GPU it refuses operands and
generators of the CPU, whole tensors of them. `register` changes torch for good: for a process of its own.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.multiprocessing.reductions import StorageWeakRef
from torch.utils import _pytree as pytree
from torch.utils.backend_registration import _DummyBackendModule, _setup_privateuseone_for_python_backend

__all__ = ["NAME", "OPERATIONS", "leave", "register"]

NAME = "elsewhere"

OPERATIONS: Counter[str] = Counter()
"""How often each operation was carried out elsewhere."""

_CPU = torch._C.DispatchKeySet(torch._C.DispatchKey.CPU)
_VIEWS = ("aten::as_strided", "aten::view", "aten::_reshape_alias", "aten::unfold")
_INDEXING = ("aten::index", "aten::index_put_", "aten::_index_put_impl_")  # by places on the CPU
_COPIES = ("aten::_copy_from", "aten::_copy_from_and_resize")
_held: dict[int, tuple[StorageWeakRef, torch.UntypedStorage]] = {}  # the memory of a storage elsewhere
_AT_ONCE = 1000  # storages, until those of no tensor are let go
_library = torch.library.Library("_", "IMPL")


class _Module(_DummyBackendModule):
    """What torch asks a backend of its own."""

    def get_amp_supported_dtype(self) -> list[torch.dtype]:
        return [torch.bfloat16]


def register() -> torch.device:
    """Make the device known to torch, and modules, copies and pickles of tensors ready for it."""
    _setup_privateuseone_for_python_backend(NAME, backend_module=_Module())
    _library.fallback(_run, "PrivateUse1")
    for kind in (Tensor, nn.Parameter):
        kind.__deepcopy__ = _unless_here(kind.__deepcopy__, _copied)  # type: ignore[method-assign]
        kind.__reduce_ex__ = _unless_here(kind.__reduce_ex__, _pickled)  # type: ignore[method-assign]
    nn.Module._apply = _moved  # type: ignore[method-assign]
    return torch.device(NAME, 0)


def leave() -> None:
    """End the process here and now: torch cannot take its thread for this device down."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _there(x: object) -> bool:
    return isinstance(x, Tensor) and x.device.type == NAME


def _run(op: Any, *args: Any, **kwargs: Any) -> Any:
    """An operation on tensors of which one at least is elsewhere, or that makes one there."""
    name, (flat, form) = op._schema.name, pytree.tree_flatten((args, kwargs))
    OPERATIONS[name] += 1
    _refuse(name, flat)
    if name in _VIEWS:  # of any device
        return op.redispatch(_CPU, *args, **kwargs)
    if name == "aten::_fused_sdp_choice":
        return torch.nn.attention.SDPBackend.MATH.value
    here = [_here(x) for x in flat]
    given, named = pytree.tree_unflatten(here, form)
    if name in _COPIES:
        given[1].resize_(given[0].shape).copy_(given[0])
        return args[1]
    wrapped = zip(given, op._schema.arguments, strict=False)
    out = op(*[torch.tensor(x) if _number_for(x, argument) else x for x, argument in wrapped], **named)
    pairs = list(zip(flat, here, strict=True))
    for one, changed in pairs:
        if _there(one) and (one.shape, one.stride()) != (changed.shape, changed.stride()):  # of an `out`
            _point(one, changed)
    places = [x.type for x in flat if isinstance(x, torch.device)] or [NAME]
    return pytree.tree_map(lambda x: _back(x, pairs) if places[0] == NAME else x, out)


def _refuse(name: str, flat: list[Any]) -> None:
    if any(isinstance(x, torch.Generator) for x in flat):
        raise RuntimeError(f"{name}: a generator of the CPU for a tensor elsewhere")
    mixed = [x for x in flat if isinstance(x, Tensor) and x.dim() and not _there(x)]
    if mixed and name not in (*_INDEXING, *_COPIES):
        raise RuntimeError(f"{name}: a tensor {tuple(mixed[0].shape)} of the CPU beside others elsewhere")


def _number_for(x: object, argument: Any) -> bool:
    """Whether a number stands where an operation takes a tensor."""
    return isinstance(x, int | float) and str(argument.type) == "Tensor"


def _here(x: Any) -> Any:
    """An argument for the CPU; tensors share the memory of what they stand for."""
    if isinstance(x, torch.device):
        return torch.device("cpu") if x.type == NAME else x
    if not _there(x):
        return x
    _, memory = _held[x.untyped_storage()._cdata]
    return torch.empty(0, dtype=x.dtype).set_(memory, x.storage_offset(), x.size(), x.stride())


def _back(x: Any, pairs: list[tuple[Any, Any]]) -> Any:
    """A result: the argument that was changed in place, or a new tensor elsewhere."""
    if not isinstance(x, Tensor):
        return x
    same = [one for one, real in pairs if real is x]
    return same[0] if same else _point(torch._C._acc.create_empty_tensor((0,), x.dtype), x)


def _point(one: Tensor, real: Tensor) -> Tensor:
    """Have a tensor elsewhere stand for a real one."""
    memory = real.untyped_storage()
    storage = torch._C._construct_storage_from_data_pointer(memory.data_ptr(), torch.device(NAME, 0), memory.nbytes())
    if len(_held) % _AT_ONCE == 0:
        for key in [key for key, (weak, _) in _held.items() if weak.expired()]:
            del _held[key]
    _held[storage._cdata] = (StorageWeakRef(storage), memory)
    where = real.storage_offset(), real.shape, real.stride()
    pointed: Tensor = torch.ops.aten.set_.source_Storage_storage_offset.redispatch(_CPU, one, storage, *where)
    return pointed


def _unless_here(usual: Callable[..., Any], other: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self, argument: (other if _there(self) else usual)(self, argument)


def _copied(self: Tensor, memo: dict[int, Any]) -> Tensor:
    if id(self) not in memo:
        memo[id(self)] = self.detach().clone().requires_grad_(self.requires_grad)
    return memo[id(self)]


def _pickled(self: Tensor, protocol: int) -> Any:
    return self.detach().cpu().requires_grad_(self.requires_grad).__reduce_ex__(protocol)


def _moved(self: nn.Module, change: Callable[[Tensor], Tensor], recurse: bool = True) -> nn.Module:
    """`nn.Module.to` and its kin: parameters stay the objects that they are, as from the CPU to a GPU."""
    for parameter in {id(one): one for one in self.parameters()}.values():
        with torch.no_grad():
            new = nn.Parameter(change(parameter.detach()), parameter.requires_grad)
        kind, own = parameter.__class__, dict(parameter.__dict__)
        torch.utils.swap_tensors(parameter, new)
        parameter.__class__ = kind
        parameter.__dict__.update(own)
    for module in self.modules():
        module._buffers.update({name: change(one) for name, one in module._buffers.items() if one is not None})
    return self
