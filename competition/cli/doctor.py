"""`competition doctor`: is everything here that the day needs, and if not, how is it mended?

It looks and changes nothing. Each check is one function that answers one `Check`.
"""

import ctypes
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from competition.cli import authority
from competition.cli.terminal import tell
from competition.cli.tls import machine_names

LIBRARIES = {  # file -> (Debian package, what is lost without it)
    "libpango-1.0.so.0": ("libpango-1.0-0", "没有它不能生成 PDF", "without it no PDF is made"),
    "libpangoft2-1.0.so.0": ("libpangoft2-1.0-0", "没有它不能生成 PDF", "without it no PDF is made"),
    "libharfbuzz-subset.so.0": (
        "libharfbuzz-subset0",
        "没有它证书生成慢约 45 倍",
        "without it certificates are about 45 times slower",
    ),
}
FONTS = {  # file name pattern -> (Debian package, what it is for)
    "NotoSerifCJK-Regular*": ("fonts-noto-cjk", "证书正文", "text of certificates"),
    "NotoSansCJK-Regular*": ("fonts-noto-cjk", "名单与屏幕", "lists and screens"),
    "LXGWWenKai-Regular*": ("fonts-lxgw-wenkai", "证书姓名，含生僻字", "names, rare characters included"),
}
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
NETWORK_DISKS = {"nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p", "afs"}
GIBIBYTE = 1024**3


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `mend` is the line to run or the thing to do; empty when fine."""

    name: str
    fine: bool
    says: str
    mend: str = ""


@click.command()
@click.option("--var", type=click.Path(path_type=Path), default=None, help="数据目录 / the folder with the data")
@click.pass_context
def doctor(ctx: click.Context, var: Path | None) -> None:
    """检查组件、字体、权限和磁盘 / check libraries, fonts, permissions and disk, and say how to mend each."""
    checks = list(examine(var or ctx.obj / "var", datetime.now(UTC)))
    for check in checks:
        click.echo(f"{'✓ 正常 OK    ' if check.fine else '✗ 需处理 MEND'}  {check.name}: {check.says}")
        if check.mend:
            click.echo(f"               → {check.mend}")
    wrong = sum(not check.fine for check in checks)
    if wrong:
        tell(f"{wrong} 项需要处理", f"{wrong} to mend")
        ctx.exit(1)
    tell("一切就绪", "all is ready")


def examine(var: Path, at: datetime, host: str = "") -> Iterator[Check]:
    """Every check, in the order in which they are shown. `at` is now; `host` is what the server listens on."""
    yield python_version()
    yield sqlite_version()
    yield from (library(name) for name in LIBRARIES)
    yield from (font(pattern) for pattern in FONTS)
    yield permissions(var)
    yield free_disk(var)
    yield local_disk(var)
    yield certificate(var, at, host)


def python_version() -> Check:
    """Python 3.11 brought the TOML reader that the rule files need."""
    version = ".".join(map(str, sys.version_info[:3]))
    fine = sys.version_info >= (3, 11)
    return Check("Python", fine, version, "" if fine else "安装 Python 3.11 以上 / install Python 3.11 or newer")


def sqlite_version() -> Check:
    """SQLite 3.35 brought RETURNING, the last thing the store asks of it."""
    fine = sqlite3.sqlite_version_info >= (3, 35)
    return Check("SQLite", fine, sqlite3.sqlite_version, "" if fine else "换用较新的 Python / use a newer Python build")


def library(name: str) -> Check:
    """A system library that WeasyPrint loads by this very name."""
    package, zh, en = LIBRARIES[name]
    try:
        ctypes.CDLL(name)
    except OSError:
        return Check(package, False, f"缺少，{zh} / missing: {en}", f"sudo apt-get install -y {package}")
    return Check(package, True, name)


def font(pattern: str) -> Check:
    """A font file in one of the folders that fontconfig reads."""
    package, zh, en = FONTS[pattern]
    label = pattern.removesuffix("-Regular*")
    for folder in FONT_FOLDERS:
        if found := next(Path(folder).expanduser().rglob(pattern), None):
            return Check(label, True, str(found))
    return Check(label, False, f"缺少（{zh}）/ missing ({en})", f"sudo apt-get install -y {package}")


def permissions(var: Path) -> Check:
    """The data folder holds names and keys: the server's user writes there and nobody else reads."""
    name = f"{var}/"
    if not var.exists():
        fine = os.access(_nearest(var), os.W_OK)
        says = "第一次启动时建立 / made at the first start" if fine else "不能建立 / cannot be made"
        return Check(name, fine, says, "" if fine else f"sudo install -d -m 700 -o $USER {var}")
    if not os.access(var, os.R_OK | os.W_OK | os.X_OK):
        return Check(name, False, "不可写 / not writable", f"sudo chown -R $USER {var} && chmod 700 {var}")
    if var.stat().st_mode & 0o077:
        return Check(name, False, "其他用户可读 / other users can read it", f"chmod 700 {var}")
    return Check(name, True, "只有本用户可读写 / this user only")


def free_disk(var: Path) -> Check:
    """Room for the ledger, its write-ahead log and a printed batch: two gibibytes is plenty."""
    free = shutil.disk_usage(_nearest(var)).free
    fine = free >= 2 * GIBIBYTE
    mend = "" if fine else "请腾出空间或用 --var 换一个磁盘 / free some space, or choose another disk with --var"
    return Check("磁盘 disk", fine, f"剩余 {free / GIBIBYTE:.1f} GiB / free", mend)


def local_disk(var: Path) -> Check:
    """File locks and SQLite's log are not safe on network disks."""
    place = _nearest(var).resolve()
    kind, _ = max(
        ((fs, mount) for fs, mount in _mounts() if place == mount or mount in place.parents),
        key=lambda found: len(found[1].parts),
        default=("?", place),
    )
    fine = kind not in NETWORK_DISKS
    mend = "" if fine else "用 --var 换到本机磁盘 / choose a disk of this machine with --var"
    return Check("本机磁盘 local disk", fine, kind, mend)


def certificate(var: Path, at: datetime, host: str = "") -> Check:
    """The venue's own certificates, if it has any: readable, private, covering this machine, and not about to end."""
    name, place = "HTTPS", authority.folder(var)
    if not place.exists():
        return Check(name, True, "未启用，用 serve --tls 启用 / not in use; serve --tls starts it")
    try:
        ours, shown = (
            authority.read_pair(place / f"{each}.crt", place / f"{each}.key") for each in ("authority", "server")
        )
    except authority.TlsFault as fault:
        return Check(name, False, fault.zh, fault.en)
    if open_files := [file for file in (ours.key_file, shown.key_file) if file.stat().st_mode & 0o077]:
        return Check(
            name, False, "其他用户可读私钥 / other users can read a key", f"chmod 600 {' '.join(map(str, open_files))}"
        )
    if ours.certificate.not_valid_after_utc - at <= authority.BEFORE_THE_END:
        return Check(
            name, False, f"根证书 {ours.certificate.not_valid_after_utc:%Y-%m-%d} 到期 / the authority ends then",
            "serve --tls 会换新，之后每台平板要重新安装 / serve --tls makes a new one; every tablet installs it again",
        )  # fmt: skip
    if missing := authority.uncovered(shown.certificate, machine_names(host)):
        return Check(
            name, False, f"服务器证书不含 / its certificate lacks {', '.join(missing)}",
            "重新启动 serve --tls，平板不用动 / start serve --tls again; the tablets need nothing",
        )  # fmt: skip
    ends = f"{shown.certificate.not_valid_after_utc:%Y-%m-%d}"
    return Check(name, True, f"证书至 {ends} 有效 / certificate until {ends}")


def _nearest(path: Path) -> Path:
    """The path itself or the nearest folder above it that exists."""
    path = path.absolute()
    while not path.exists():
        path = path.parent
    return path


def _mounts() -> Iterator[tuple[str, Path]]:
    table = Path("/proc/mounts")
    if table.exists():
        for line in table.read_text(errors="replace").splitlines():
            _, mount, kind, *_ = line.split()
            yield kind, Path(mount)
