"""A PEFT adapter: a config and named tensors, as two files in a folder."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, final

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from deltalab.atomic import atomic
from deltalab.backbone.architecture.decoder_only import DecoderOnly
from deltalab.backbone.architecture.encoder_decoder import EncoderDecoder
from deltalab.backbone.backbone import Backbone
from deltalab.delta.solution import write_tensors
from deltalab.errors import UserError

__all__ = ["PREFIX", "Adapter", "common", "transposed"]

PREFIX = "base_model.model."
"""What PEFT puts before the path of a module in the name of a tensor."""

_TASKS = {EncoderDecoder: "SEQ_2_SEQ_LM", DecoderOnly: "CAUSAL_LM"}
_CONFIG, _TENSORS = "adapter_config.json", "adapter_model.safetensors"


def common(backbone: Backbone, kind: str) -> dict[str, Any]:
    """What the configs of all adapters say; PEFT has no name for models that fill masks in."""
    return {
        "peft_type": kind,
        "task_type": _TASKS.get(type(backbone.family.architecture)),
        "base_model_name_or_path": backbone.source,
        "inference_mode": True,
    }


def transposed(backbone: Backbone, paths: Iterable[str]) -> bool:
    """Whether some of these linear maps keep their weight as (in, out), which PEFT has to be told."""
    return any(not isinstance(backbone.model.get_submodule(path), nn.Linear) for path in paths)


@final
@dataclass(frozen=True)
class Adapter:
    """`config` is that of PEFT; tensors carry PEFT's names."""

    config: Mapping[str, Any]
    tensors: Mapping[str, Tensor]

    @property
    def kind(self) -> str:
        """PEFT's name of the method."""
        return str(self.config["peft_type"])

    def save(self, folder: Path) -> None:
        """Write both files, each whole or not at all."""
        with atomic(folder / _TENSORS) as part:
            write_tensors(part, self.tensors)
        with atomic(folder / _CONFIG) as part:
            part.write_text(json.dumps(dict(self.config), indent=2) + "\n")

    @classmethod
    def load(cls, folder: Path) -> Adapter:
        """Read a folder; raises `UserError` where there is no adapter, or a damaged one."""
        if not (folder / _CONFIG).is_file():
            raise UserError(f"adapter {folder}: no {_CONFIG} there; give the folder that save_pretrained wrote")
        try:
            config = json.loads((folder / _CONFIG).read_text())
            if not isinstance(config, dict) or not isinstance(config.get("peft_type"), str):
                raise ValueError("no peft_type")
            return cls(config, load_file(folder / _TENSORS))
        except (OSError, ValueError, SafetensorError) as error:
            raise UserError(f"adapter {folder}: cannot be read ({error})") from error
