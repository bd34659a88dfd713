"""The options of Hydra's command line that say which config it is: `--config-name`, `--config-path`, `--config-dir`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from omegaconf import DictConfig

from deltalab.run.overrides import quoted_list

__all__ = ["as_words", "composing", "given"]

Composed = Callable[[Sequence[str]], DictConfig]


def given(words: Iterable[str]) -> dict[str, str]:
    """The options among the words of a command line, by their long names without dashes."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    for short, long in (("-cn", "--config-name"), ("-cp", "--config-path"), ("-cd", "--config-dir")):
        parser.add_argument(short, long)
    found = vars(parser.parse_known_args(list(words))[0])
    return {name: value for name, value in found.items() if value is not None}


def as_words(words: Iterable[str]) -> list[str]:
    """The same as words of another command line."""
    return [f"--{name.replace('_', '-')}={value}" for name, value in given(words).items()]


@contextmanager
def composing(words: Sequence[str], config_dir: Path, config_name: str) -> Iterator[Composed]:
    """What composes configs, with Hydra's own part, as the program of this command line; no other Hydra is left."""
    options = given(words)
    name = options.get("config_name", config_name)
    folders = [config_dir.parent / options.get("config_path", config_dir)]  # relative to the program, as Hydra has it
    if "config_dir" in options:
        own = Path(options["config_dir"])
        folders.insert(0 if (own / name).with_suffix(".yaml").is_file() else 1, own)
    first, *others = (str(folder.resolve()) for folder in folders)
    more = [f"hydra.searchpath={quoted_list(f'file://{other}' for other in others)}"] * bool(others)
    GlobalHydra.instance().clear()
    try:
        with initialize_config_dir(first, version_base="1.3"):
            yield lambda overrides: compose(name, overrides=[*more, *overrides], return_hydra_config=True)
    finally:
        GlobalHydra.instance().clear()
