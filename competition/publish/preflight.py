"""Everything that can be wrong with a batch before paper is spent on it, all at once, each fault with its certificate."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from competition.errors import CompetitionError, Finding
from competition.publish.addresses import AddressRefused, check_public_address
from competition.publish.certificate import CODE_ALPHABET, CertificateData
from competition.publish.composing import compose
from competition.publish.design import Design

FIELDS = {
    "name": "姓名", "unit": "单位", "body": "正文", "award": "奖项", "place": "名次", "members": "队员", "issuer": "颁发单位",
    "date": "日期", "number": "证书编号", "address": "查验网址", "code": "查验码", "event": "赛项", "games": "运动会",
    "issuers": "颁发单位",
}  # fmt: skip


class NotPrintable(CompetitionError):
    """The batch has faults; `findings` holds all of them."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        errors = [finding for finding in findings if finding.severity == "error"]
        super().__init__(
            f"有 {len(errors)} 个问题，没有打印：\n" + "\n".join(f"{f.where}：{f.zh}" for f in errors),
            f"{len(errors)} faults, nothing was printed:\n" + "\n".join(f"{f.where}: {f.en}" for f in errors),
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.findings,)


def preflight(
    design: Design, certificates: Sequence[CertificateData], public_address: str | None, *, addressed: bool = True
) -> list[Finding]:
    """All findings of a batch. `addressed=False` leaves the address out (a preview)."""
    findings = [*(_address(certificates, public_address) if addressed else ()), *_duplicates(certificates)]
    for data in certificates:
        findings += _missing_fields(design, data)
        findings += _unprintable(design, data, public_address)
    if not certificates:
        findings.append(
            Finding("batch", "没有证书可打印：请先选择获奖名单。", "Nothing to print: choose the awards first.")
        )
    return findings


def _address(certificates: Sequence[CertificateData], address: str | None) -> Iterator[Finding]:
    """Samples may carry any address, or none; one real certificate asks for a public one."""
    samples = all(data.sample for data in certificates)
    if samples and address is None:
        return
    try:
        check_public_address(address, sample=samples)
    except AddressRefused as refused:
        yield Finding("public_address", refused.zh, refused.en)


def _duplicates(certificates: Sequence[CertificateData]) -> Iterator[Finding]:
    for zh, en, values in (
        ("证书编号", "Number", Counter(data.number for data in certificates)),
        ("查验码", "Code", Counter(data.code for data in certificates)),
    ):
        for value, times in values.items():
            if value and times > 1:
                yield Finding(
                    value,
                    f"{zh}出现了 {times} 次，必须唯一：请重新编号。",
                    f"{en} used {times} times: number them again.",
                )
    awards = Counter((data.name, data.unit, data.event, data.award) for data in certificates)
    for (name, unit, event, award), times in awards.items():
        if times > 1:
            yield Finding(f"{name}（{unit}）", f"{event} {award} 有 {times} 张证书：请核对是否重复。",
                          f"{times} certificates for {event}, {award}: check for a repetition.", "warning")  # fmt: skip


def _missing_fields(design: Design, data: CertificateData) -> Iterator[Finding]:
    for field in design.required:
        value = getattr(data, field)
        if not value or not all(part.strip() for part in ([value] if isinstance(value, str) else value)):
            yield Finding(_who(data), f"缺少{FIELDS.get(field, field)}：请补填。", f"{field} is missing: fill it in.")
    if data.code and (len(data.code) != 10 or not CODE_ALPHABET.issuperset(data.code)):
        yield Finding(
            _who(data),
            f"查验码 {data.code} 不是 10 位 Crockford 字符。",
            f"Code {data.code} is not 10 Crockford characters.",
        )
    if len(data.issuers) > 3:
        yield Finding(_who(data), "颁发单位超过 3 个：版面放不下。", "More than three issuers: the design has no room.")
    if not data.unit and design.wording["alone"]:  # a unit's own certificate has none and misses none
        yield Finding(_who(data), "没有单位：将只印姓名。", "No unit: only the name is printed.", "warning")


def _unprintable(design: Design, data: CertificateData, address: str | None) -> Iterator[Finding]:
    """Characters that no font of the chain has, and strings too long for their place even small and broken."""
    for field, text in compose(design, data, address).texts():
        for character in text.setting.missing:
            point = f"U+{ord(character):04X}"
            yield Finding(
                _who(data),
                f"{FIELDS[field]}“{text.text}”中的“{character}”（{point}）没有字形：请核对用字，或安装含此字的字体。",
                f"{field} “{text.text}”: no font has “{character}” ({point}). Check the character or install a font with it.",
            )
        if not text.fits:
            yield Finding(
                _who(data),
                f"{FIELDS[field]}“{text.text}”太长，缩小、换行后仍放不下：请缩短。",
                f"{field} “{text.text}” is too long even when smaller and broken: shorten it.",
            )


def _who(data: CertificateData) -> str:
    return f"{data.number} {data.name}".strip() or data.code
