"""What generated files leave out because the engine and the text still differ there; each has a test that waits."""

SAMPLES_IN_ITEM_FORMULAS = 21
WORLDSKILLS_WITHOUT_A_MARK = 22
VETO_READS_A_SHEET_FOR_SOME = 24
PRINTED_MAXIMUM_OF_A_CAP = 25
UNREACHED_MODULES_WITHOUT_VALUE = 26
NO_WEIGHT_ON_AN_ABSENT_SEAT = 28
AWAITED = {21, 22, 24, 25, 26, 28}


def landed(finding: int) -> bool:
    return finding not in AWAITED
