"""The small model and task of the tuning tests."""

from ..tuning.conftest import folder as folder
from ..tuning.conftest import fresh as fresh
from ..tuning.conftest import task as task
