"""Words of a command line: what they set, and how a value is written in one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from hydra.core.global_hydra import GlobalHydra
from hydra.core.hydra_config import HydraConfig
from hydra.core.override_parser.types import Quote, QuotedString
from hydra.types import RunMode

__all__ = ["below", "key_of", "overridden", "picked", "quoted", "quoted_list"]


def overridden(*names: str) -> list[str]:
    """The overrides of the command line at or below one of these keys."""
    given = HydraConfig.get().overrides.task if HydraConfig.initialized() else []
    return [word for word in given if below(word, names)]


def below(word: str, names: Sequence[str]) -> bool:
    """Whether an override is of one of these keys, or of one inside them."""
    key = key_of(word)
    return any(key == name or key.startswith(f"{name}.") for name in names)


def key_of(word: str) -> str:
    """What an override sets, adds or deletes."""
    return word.lstrip("+~").partition("=")[0]


def picked(group: str) -> str | None:
    """The option of a group that the command line or an experiment picks; None where it is that of the defaults."""
    if not HydraConfig.initialized():
        return None
    given, loader = HydraConfig.get(), GlobalHydra.instance().config_loader()
    words = [*given.overrides.hydra, *given.overrides.task]  # hydra.searchpath is one of the first
    tree = loader.compute_defaults_list(str(given.job.config_name), words, RunMode.RUN)
    found = tree.overrides.override_choices.get(group)
    return None if found is None else str(found)


def quoted(value: Path | str) -> str:
    """A path or a text as the value of an override, whatever is in it."""
    return QuotedString(str(value), Quote.single).with_quotes()


def quoted_list(values: Iterable[Path | str]) -> str:
    """Several of them as one value."""
    return f"[{','.join(map(quoted, values))}]"
