"""The command line: what a county's administrator does on the server itself.

Commands are imported when they are called, so that the process which only watches a server stays small.
"""

from importlib import import_module

import click

COMMANDS = {
    "backup": "fieldsvc.cli.backup:backup",
    "calendar": "fieldsvc.cli.processes:calendar",
    "demo": "fieldsvc.cli.demo:demo",
    "device": "fieldsvc.cli.devices:device",
    "doctor": "fieldsvc.cli.doctor:doctor",
    "evidence": "fieldsvc.cli.evidence:evidence",
    "export": "fieldsvc.cli.tables:export_command",
    "form": "fieldsvc.cli.forms:form",
    "fsck": "fieldsvc.cli.fsck:fsck",
    "import": "fieldsvc.cli.tables:import_command",
    "init": "fieldsvc.cli.init:init",
    "ledger": "fieldsvc.cli.ledgers:ledger",
    "list": "fieldsvc.cli.lists:lists",
    "process": "fieldsvc.cli.processes:process",
    "purge": "fieldsvc.cli.purge:purge",
    "rescue": "fieldsvc.cli.rescue:rescue",
    "restore": "fieldsvc.cli.backup:restore",
    "serve": "fieldsvc.cli.serve:serve",
    "slots": "fieldsvc.cli.slots:slots",
    "simulate": "fieldsvc.cli.simulate:simulate",
    "user": "fieldsvc.cli.users:user",
}


class Commands(click.Group):
    """The commands of the table above, each imported when it is named."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """The names, in the order of the alphabet."""
        return sorted(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="fieldsvc")
def main() -> None:
    """入户走访系统的服务器。Household visits that work without a network: the server.

    \b
    第一次使用  First use:   fieldsvc init, 然后 then  fieldsvc serve
    先看演示    Just to see: fieldsvc demo
    出了问题    In trouble:  fieldsvc doctor

    设置来自环境变量 FIELDSVC_…，见 docs/operating.md。
    Settings come from environment variables FIELDSVC_…, see docs/operating.md.
    """
