"""How the terminal speaks: every line in Chinese and English, findings one to a line."""

import sys
from collections.abc import Iterable

import click

from competition.errors import CompetitionError, Finding


def tell(zh: str, en: str) -> None:
    """Say one thing in both languages on standard output."""
    click.echo(f"{zh} / {en}")


def complain(refusal: CompetitionError) -> None:
    """Print a refusal on standard error: Chinese first, English below it."""
    click.echo(f"{refusal.zh}\n{refusal.en}", err=True)


def show_findings(findings: Iterable[Finding]) -> int:
    """Print every finding on standard error; return how many are errors."""
    errors = 0
    for finding in findings:
        errors += finding.severity == "error"
        sign = {"error": "✗ 错误 error", "warning": "! 提醒 warning"}[finding.severity]
        click.echo(f"{sign}  {finding.where}\n    {finding.zh}\n    {finding.en}", err=True)
    return errors


def speak_utf8() -> None:
    """Make the standard streams carry Chinese even where the locale is C."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
