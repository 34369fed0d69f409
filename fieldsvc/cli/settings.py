"""Settings for the commands, with what is wrong said in words.

Nothing large is imported here: the process that watches a server reads them too, and lives as long as the server does.
"""

import os

import click

from fieldsvc import logs
from fieldsvc.config import SettingProblem, Settings


def settings() -> Settings:
    """The settings of the environment; a wrong one ends the command with its sentence."""
    try:
        chosen = Settings.from_environment(os.environ)
    except SettingProblem as problem:
        raise click.ClickException(str(problem)) from None
    logs.configure(chosen.log_level)
    return chosen
