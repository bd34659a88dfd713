"""The door of the programs: whatever the user got wrong becomes one line and exit code 2."""

from __future__ import annotations

import errno
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hydra.core.hydra_config import HydraConfig
from hydra.errors import HydraException, InstantiationException, MissingConfigException
from omegaconf.errors import MissingMandatoryValue, OmegaConfBaseException

from deltalab.errors import UserError, unknown
from deltalab.run.again import put_back
from deltalab.run.keys import no_such_key, refused_key
from deltalab.run.options import composing
from deltalab.run.preempt import preemptible
from deltalab.sweep.job import JobError

__all__ = ["discard", "door", "explained"]

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES)


@contextmanager
def door(config_dir: Path, config_name: str, output_dir: Path | None = None) -> Iterator[None]:
    """Turn a user's mistake inside into one line on stderr and exit code 2, a failed job into one and code 1.

    SIGTERM and SIGUSR1 end what is inside with a checkpoint and exit code 75. `output_dir` and the run's own folder are
    removed where they hold nothing but what Hydra puts there at the start.
    """
    os.environ["HYDRA_FULL_ERROR"] = "1"  # Hydra would otherwise print its own report and exit with 1
    try:
        with preemptible():
            yield
    except JobError as error:  # a sweeper gave up
        print(f"error: {_one_line(error)}", file=sys.stderr)  # noqa: T201
        sys.exit(1)
    except _mistakes() as error:
        found = explained(error, config_dir, config_name, sys.argv[1:])
        if found is None:
            raise
        put_back()
        if output_dir is not None:
            for folder in {output_dir.resolve(), Path(HydraConfig.get().runtime.output_dir).resolve()}:
                discard(folder)
        print(f"error: {found}", file=sys.stderr)  # noqa: T201
        sys.exit(2)
    except OSError as error:  # after Hydra's own: an unknown option is one of these too
        if error.errno not in _NO_ROOM:
            raise
        told = f"{error.filename or 'a file'}: cannot be written ({error.strerror}); what was finished before is whole"
        print(f"error: {told}", file=sys.stderr)  # noqa: T201
        sys.exit(1)


def _mistakes() -> tuple[type[Exception], ...]:
    """What may be a user's mistake; Lightning's if it is imported: that takes seconds, which the door does not."""
    module = sys.modules.get("lightning.fabric.utilities.exceptions")
    theirs = () if module is None else (module.MisconfigurationException,)
    return UserError, HydraException, OmegaConfBaseException, ValueError, *theirs


def discard(folder: Path) -> None:
    """Remove a run's folder where it holds only what Hydra puts there at the start, and those made around it."""
    names = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if not names <= {".hydra", "train.log", "search.log"}:
        return
    shutil.rmtree(folder, ignore_errors=True)
    for parent in folder.parents:  # the folders of task and delta, made for this run
        if Path.cwd() not in parent.parents or any(parent.iterdir()):
            break
        parent.rmdir()


def explained(error: BaseException, config_dir: Path, config_name: str, overrides: list[str]) -> str | None:
    """One line about a mistake, or None where an exception is none of the user's."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, UserError):
            return _one_line(cause)
        if isinstance(cause, MissingMandatoryValue):
            missing = str(cause).rsplit(": ", 1)[-1].splitlines()[0]
            return f"{missing}: needs a value; give {missing}=..."
        if isinstance(cause, MissingConfigException) and cause.options is not None:
            group, _, name = str(cause.missing_cfg_file).rpartition("/")
            inner = sorted(path.stem for path in (config_dir / group).glob("*.yaml")) if "/" in group else None
            return str(unknown("option", name, inner or cause.options, group))
        key = refused_key(cause)
        if key is not None:
            return _unknown_key(key, config_dir, config_name, overrides)
        cause = cause.__cause__
    if isinstance(error, ValueError) and not isinstance(error, OmegaConfBaseException):
        return _no_option(config_dir, overrides) if "Config group override must be" in str(error) else None
    if isinstance(error, InstantiationException):
        return None  # something inside failed that no override is to blame for
    return _one_line(error)


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())


def _no_option(config_dir: Path, overrides: list[str]) -> str:
    """What Hydra refuses without saying where: a group without an option."""
    for key, _, value in (override.partition("=") for override in overrides):
        options = sorted(path.stem for path in (config_dir / key).glob("*.yaml")) if key else []
        if options and value not in options and re.fullmatch(r"null|true|false|[-+.\deE]+", value):
            return f"{unknown('option', value, options, key)}"
    return "a group needs the name of an option"


def _unknown_key(key: str, config_dir: Path, config_name: str, overrides: list[str]) -> str:
    """Compose without the bad override, to tell what stands at its place."""
    good = [o for o in overrides if not o.startswith(("-", key + "=", "+", "~")) and "=" in o and "," not in o]
    with composing(overrides, config_dir, config_name) as compose:
        try:
            config = compose(good)
        except HydraException:
            config = compose([])
    return no_such_key(key, config, config_name)
