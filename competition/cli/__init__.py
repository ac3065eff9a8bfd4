"""The same acts from a terminal.

One short file per group of commands; each command calls the package below and prints what came back. A group is
imported only when it is used, so `competition rules check` needs neither web server nor database.

Every command ends with 0 (fine), 1 (it found something) or 2 (it could not run). Time, chance and the environment
enter the program here and in `competition.web`, nowhere else. Nothing here adds up a mark.
"""

import sys
from importlib import import_module
from pathlib import Path

import click

import competition
from competition.cli.terminal import complain, speak_utf8
from competition.errors import CompetitionError

COMMANDS = {
    "serve": "启动服务器 / serve the games until Ctrl-C",
    "health": "服务器是否正常 / ask a running server how it is",
    "doctor": "检查本机 / check this machine, say how to mend it",
    "rules": "检查、说明、起草、试算规则文件 / check, explain, draft and try rule files",
    "registers": "登记表样例 / a sample workbook of a whole games",
    "score": "由打分文件计算名次 / rank the marks of a CSV file",
    "backup": "立即备份 / copy the games now",
    "restore": "从备份恢复 / put a backup in the store's place",
    "audit": "核对账本 / check the ledger",
    "results": "重算公布的成绩 / compute releases again",
    "privacy": "个人信息的保存与抹除 / how long people's data is kept, and erasing it",
    "renew": "沿用上届 / start next year's games from this year's programme",
    "rehearse": "做一份演练副本 / make a rehearsal copy",
    "certificates": "查验证书、公钥、静态查验页 / verify certificates, their keys, static pages",
    "draw": "抽签记录与重抽 / records of draws, draws repeated",
}
"""Name -> short help. Command NAME is `competition.cli.NAME.NAME`."""


def main() -> None:
    """Run the command line; the entry point of `competition`."""
    speak_utf8()
    try:
        sys.exit(group(standalone_mode=False, auto_envvar_prefix="COMPETITION"))
    except CompetitionError as refusal:
        complain(refusal)
    except click.ClickException as misuse:
        misuse.show()
    except click.Abort:
        pass
    sys.exit(2)


class _Lazy(click.Group):
    """A group that imports a command only when it is used, and lists all of them without importing any."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"competition.cli.{name}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _root() -> Path:
    """The folder with the rules and templates: this one, or the copy the program was installed from."""
    here = Path.cwd()
    return here if (here / "scoring_rules").is_dir() else Path(competition.__file__).resolve().parent.parent


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=_root,
    show_default="this folder",
    help="规则与模板所在目录 / the folder that holds scoring_rules/, templates/ and certificates/",
)
@click.version_option(package_name="competition")
@click.pass_context
def group(ctx: click.Context, root: Path) -> None:
    """技能竞赛评分与裁判系统 / scoring and judging for skill competitions."""
    ctx.obj = root.resolve()
