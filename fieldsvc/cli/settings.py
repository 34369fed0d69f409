"""Settings and context for the commands, with the mistakes of settings said in words."""

import os

import click

from fieldsvc.config import SettingProblem, Settings


def settings() -> Settings:
    """The settings of the environment; a wrong one ends the command with its sentence."""
    try:
        return Settings.from_environment(os.environ)
    except SettingProblem as problem:
        raise click.ClickException(str(problem)) from None
