"""Registers: the tables organisers keep in spreadsheets, read into checked rows, compared with what is there, and written.

Words: a *register* is one table (units, programme, officials, contestants); a *field* is one of its columns; a *row* is one line
with its values in the form they are stored; a *fault* is something noticed in one cell; a *difference* is what an import would do to
one row. What is not here: a database, a page, a key. What is there already comes in as rows of the same shape.
"""

from competition.registers.differences import Difference, compare
from competition.registers.fields import REGISTERS, Field, Register, register
from competition.registers.identity import identity_fault, masked
from competition.registers.known import EventFacts, Known
from competition.registers.reading import Fault, Reading, Row, read_upload
from competition.registers.writing import write_workbook

__all__ = [
    "REGISTERS",
    "Difference",
    "EventFacts",
    "Fault",
    "Field",
    "Known",
    "Reading",
    "Register",
    "Row",
    "compare",
    "identity_fault",
    "masked",
    "read_upload",
    "register",
    "write_workbook",
]
