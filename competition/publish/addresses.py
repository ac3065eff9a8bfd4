"""The address a certificate points to: `https://…/c/CODE`.

A QR on paper outlives the venue's network. Only a public https address may be printed; a sample may carry any.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit

from competition.errors import CompetitionError

# Names that never resolve on the public internet (RFC 6761, RFC 6762, RFC 8375, ICANN's .internal) or only inside a house.
PRIVATE_SUFFIXES = ("local", "localhost", "localdomain", "lan", "home", "internal", "intranet", "corp", "private",
                    "test", "invalid", "example", "home.arpa")  # fmt: skip


class AddressRefused(CompetitionError):
    """The address must not be printed on a certificate."""

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        return type(self), (self.zh, self.en)  # both texts survive the way back from a worker process


def check_public_address(address: str | None, *, sample: bool = False) -> str:
    """The base address without a trailing slash; `AddressRefused` unless it is public https (samples: any http or https)."""
    if not address:
        raise AddressRefused(
            "没有设置公开网址：请在启动时设置公开网址（https://…），再打印证书。",
            "No public address is set: start the server with its public https:// address, then print certificates.",
        )
    if reason := _why_not(address, sample):
        zh, en = reason
        raise AddressRefused(
            f"网址 {address} 不能印在证书上：{zh}。请设置公众能打开的 https:// 网址。",
            f"{address} cannot be printed on certificates: {en}. Set an https:// address that the public can open.",
        )
    return address.rstrip("/")


def certificate_address(base: str, code: str) -> str:
    """What the QR says and the web serves."""
    return f"{base.rstrip('/')}/c/{code}"


def short_address(base: str, code: str) -> str:
    """What a person types: the same address without its scheme."""
    return certificate_address(base, code).split("://", 1)[-1]


def _why_not(address: str, sample: bool) -> tuple[str, str] | None:
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return "写法不对", "it is malformed"
    if parts.scheme not in ("https", "http") or not host or any(c.isspace() for c in address):
        return "不是网址", "it is not a web address"
    if parts.username or parts.password or parts.query or parts.fragment:
        return "含有用户名、? 或 #", "it holds a user name, ? or #"
    if sample:
        return None
    if parts.scheme != "https":
        return "不是 https", "it is not https"
    return _why_not_public(host.rstrip(".").lower())


def _why_not_public(host: str) -> tuple[str, str] | None:
    try:
        ip = ip_address(host)
    except ValueError:
        ip = None
    if ip is not None:
        return None if ip.is_global else ("是内网或本机地址", "it is a private or loopback address")
    labels = host.split(".")
    # "127.1", "2130706433" and "0x7f.1" are read as addresses by browsers though not by ip_address
    if labels[-1].isdigit() or labels[-1].startswith("0x"):
        return "是数字地址", "it is a numeric address"
    if len(labels) < 2 or not all(labels) or any(host == s or host.endswith("." + s) for s in PRIVATE_SUFFIXES):
        return "是内部名称，外面打不开", "it is an internal name that the public cannot reach"
    return None
