"""Generated tasks that need no file."""

from deltalab.task.builtin.make import make as make
