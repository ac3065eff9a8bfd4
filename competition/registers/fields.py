"""The registers and their columns: what each is called on a sheet, what it holds, and which rows are the same row."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Text = Mapping[str, str]
"""A text in both languages: {"zh": …, "en": …}."""

Kind = Literal["text", "name", "code", "list", "identity", "phone", "number", "date"]
"""What a cell holds. A code is letters, digits, `_` and `-`; a list is parted by 、 or a comma."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column. `titles` are other headings it is known by; `choices` names the list its cells choose from."""

    id: str
    name: Text
    kind: Kind
    needed: bool = False
    titles: tuple[str, ...] = ()
    choices: str = ""
    hint: Text | None = None
    width: int = 14


@dataclass(frozen=True, slots=True)
class Register:
    """One table. `named` are the fields of which a heading row needs at least these."""

    id: str
    name: Text
    fields: tuple[Field, ...]
    named: tuple[str, ...]
    titles: tuple[str, ...] = ()

    def field(self, id: str) -> Field:
        """The field of this id. KeyError if the register has none such: a bug."""
        return next(one for one in self.fields if one.id == id)


def _said(zh: str, en: str) -> Text:
    return {"zh": zh, "en": en}


_CODE = _said("字母、数字、_、-；空着则由系统给出", "letters, digits, _ and -; left empty, one is given")
_ENGLISH = Field("name_en", _said("英文名称", "English name"), "text", titles=("英文名", "english"), width=28)
_ATTRIBUTES = _said("如：茶类=绿茶；几项用分号分开", "such as tea class=green; several are parted by semicolons")

CHAINS = Register(
    "chains",
    _said("产业链", "Chains"),
    (
        Field("id", _said("代码", "Code"), "code", titles=("产业链代码",), hint=_CODE),
        Field("name", _said("产业链名称", "Chain"), "text", True, ("产业链",), width=28),
        _ENGLISH,
    ),
    ("name",),
    ("产业链表",),
)
UNITS = Register(
    "units",
    _said("单位", "Units"),
    (
        Field("id", _said("代码", "Code"), "code", titles=("单位代码",), hint=_CODE),
        Field("name", _said("单位名称", "Unit"), "text", True, ("单位", "代表队", "单位全称"), width=36),
        _ENGLISH,
    ),
    ("name",),
    ("单位表", "代表队"),
)
PROGRAMME = Register(
    "programme",
    _said("工种", "Programme"),
    (
        Field("number", _said("序号", "No."), "number", True, ("编号", "工种序号", "number"), width=8),
        Field("id", _said("工种代码", "Code"), "code", True, ("代码",), width=24),
        Field("name", _said("工种名称", "Job type"), "text", True, ("工种",), width=24),
        _ENGLISH,
        Field("chain", _said("产业链", "Chain"), "text", titles=("所属产业链",), choices="chains", width=24),
        Field(
            "rules",
            _said("规则文件", "Rule file"),
            "code",
            titles=("规则",),
            hint=_said("规则所在文件夹；填了就建立赛项", "folder of the rules; with it the event is opened"),
            width=24,
        ),
    ),
    ("number", "name"),
    ("工种表", "赛项", "项目"),
)
OFFICIALS = Register(
    "officials",
    _said("裁判与工作人员", "Officials"),
    (
        Field("username", _said("用户名", "User name"), "code", True, ("账号", "登录名"), width=16),
        Field("name", _said("姓名", "Name"), "name", True, ("裁判姓名",)),
        Field("unit", _said("单位", "Unit"), "text", titles=("工作单位", "所在单位"), choices="units", width=32,
              hint=_said("用于回避本单位选手", "so that nobody marks their own unit's contestants")),
        Field("role", _said("角色", "Role"), "text", True, ("职务", "岗位"), choices="roles"),
        Field("event", _said("赛项", "Event"), "text", titles=("工种", "执裁赛项"), choices="events", width=24,
              hint=_said("空着为全部赛项", "left empty: all events")),
        Field("seats", _said("裁判席", "Seats"), "list", titles=("席位", "席"), width=20,
              hint=_said("如 taste.1；几个用顿号分开", "such as taste.1; several are parted by commas")),
    ),
    ("username", "name", "role"),
    ("裁判", "裁判表", "工作人员"),
)  # fmt: skip
CONTESTANTS = Register(
    "contestants",
    _said("选手", "Contestants"),
    (
        Field("person", _said("系统编号", "System no."), "code", titles=("系统号",), width=14,
              hint=_said("导出时由系统填写；新选手空着", "filled by the export; leave it empty for new people")),
        Field("name", _said("姓名", "Name"), "name", True, ("选手姓名", "选手", "参赛选手")),
        Field("identity", _said("身份证号", "Identity number"), "identity",
              titles=("证件号码", "身份证号码", "证件号", "身份证"), width=24),
        Field("phone", _said("手机", "Phone"), "phone", titles=("手机号", "手机号码", "联系电话", "电话"), width=16),
        Field("unit", _said("单位", "Unit"), "text", True, ("代表队", "参赛单位", "工作单位", "单位名称"), "units", width=32),
        Field("event", _said("赛项", "Event"), "text", True, ("工种", "参赛工种", "参赛项目", "项目"), "events", width=24),
        Field("team", _said("队", "Team"), "text", titles=("队名", "组合"),
              hint=_said("同一赛项、同一单位、同一队名的人算一个参赛", "people of one event, unit and team are one entry")),
        Field("attributes", _said("参赛属性", "Attributes"), "text", titles=("属性",), width=20, hint=_ATTRIBUTES),
        Field("consent", _said("同意日期", "Consent on"), "date", titles=("授权日期", "同意书日期", "知情同意"),
              hint=_said("选手签同意书的日期", "the day the contestant signed the consent")),
    ),
    ("name", "unit", "event"),
    ("选手表", "参赛选手", "报名表"),
)  # fmt: skip

REGISTERS = (CHAINS, UNITS, PROGRAMME, OFFICIALS, CONTESTANTS)
"""In the order they are imported: each may name what stands before it."""

ROLE_NAMES = {
    "organiser": "组委会", "chief": "裁判长", "judge": "裁判", "clerk": "录分员", "encryptor": "加密员",
    "supervisor": "监督仲裁", "announcer": "揭晓",
}  # fmt: skip


def register(id: str) -> Register:
    """The register of this id. KeyError if there is none such."""
    return {one.id: one for one in REGISTERS}[id]
