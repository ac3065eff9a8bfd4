"""How what a rule file names is said to people: seats, sheets, modules."""

from competition import rules
from competition.web.views import Text


def seat_said(law: rules.Rules, label: str) -> Text:
    """A seat as people call it: its panel's name and its number."""
    panel, _, n = label.rpartition(".")
    for known in law.panels:
        if known.id == panel:
            alone = known.seats == 1
            return {
                "zh": known.name.zh if alone else f"{known.name.zh} {n}",
                "en": known.name.en if alone else f"{known.name.en} {n}",
            }
    return {"zh": label, "en": label}


def sheet_title(law: rules.Rules, module: str, name: str) -> Text:
    """A sheet as people call it: module and sheet, said once when they are the same."""
    of_module, of_sheet = module_name(law, module), law.sheet(module, name).name
    if of_module.zh == of_sheet.zh:
        return of_sheet
    return {lang: f"{of_module[lang]} · {of_sheet[lang]}" for lang in ("zh", "en")}


def module_name(law: rules.Rules, module: str) -> rules.Text:
    """A module's name."""
    return next(one.name for one in law.modules if one.id == module)
