"""Registers written by hand, in the shape of the real one: many columns, repeated names of columns, messy cells."""

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import TypeVar

import openpyxl

from portfolio.registers.findings import UnusableError
from portfolio.registers.mapping_file import load_register
from portfolio.registers.whole import Contents, read_register

T = TypeVar("T")

NAME, AGENCY, BUREAU = "Use Case Name", "Agency", "Bureau"
PURPOSE = "What is the intended purpose and expected benefits of the AI?"
OUTPUTS = "Describe the AI system\u2019s outputs."
TOPIC = "Use Case Topic Area"
STAGE = "Stage of Development"
IMPACT = "Is the AI use case rights-impacting, safety-impacting, both, or neither?"
INITIATED = "Date Initiated"
DEVELOPED = "Date when Acquisition and/or Development began"
IMPLEMENTED = "Date Implemented"
RETIRED = "Date Retired"
CONTRACT = "Provide the Procurement Instrument Identifier(s) (PIID) of the contract(s) used."
DATA = (
    "Describe any agency-owned data used to train, fine-tune, and/or evaluate performance of the model(s) used in"
    " this use case."
)
OTHER = "If Other, please explain."
HEADER = (
    NAME, AGENCY, "Agency Abbreviation", BUREAU, TOPIC, PURPOSE, OUTPUTS, STAGE, IMPACT, INITIATED, DEVELOPED,
    IMPLEMENTED, RETIRED, CONTRACT, OTHER, DATA, OTHER,
)  # fmt: skip

TODAY = date(2026, 11, 16)

#: A row that is understood in full.
PLAIN = {
    NAME: "Sorting seed packets by photograph",
    AGENCY: "Department of Gardens",
    BUREAU: "Bureau of Seeds",
    PURPOSE: "Finds packets in the wrong drawer.",
    STAGE: "Acquisition and/or Development",
    IMPACT: "Neither",
    DEVELOPED: "3/1/2025",
}

#: Six rows as people leave them: typeset quotes, line breaks, blanks of every kind, dates in five spellings.
MESSY = (
    PLAIN,
    {
        NAME: "  Answers to  gardeners\u2019 letters\n(first try) ",
        AGENCY: "Department of Gardens ",
        BUREAU: "\u00a0Bureau of Letters",
        TOPIC: "N/A",
        PURPOSE: "Purpose: “quick” answers\n\nBenefit: fewer letters lie about; \u20ac 12,000 a year",
        OUTPUTS: "A draft,\nnever a letter",
        STAGE: "initiated",
        IMPACT: "Rights-Impacting\n",
        INITIATED: "22-Jul",
        DEVELOPED: "N/A",
    },
    {
        NAME: "Counting bees at the hive",
        AGENCY: "Department of Gardens",
        STAGE: "Implementation and Assessment",
        IMPACT: "",
        DEVELOPED: "7/15/1905",
        IMPLEMENTED: "2024-10-16 (licences given out)",
    },
    {
        NAME: "Chatbot",
        AGENCY: "Office of Ponds",
        BUREAU: " ",
        STAGE: "Operation and Maintenance",
        IMPACT: "Safety-impacting",
        INITIATED: "Pre-2021",
        IMPLEMENTED: "Q4FY25",
    },
    {
        NAME: "Chatbot",
        AGENCY: "Office of Ponds",
        STAGE: "Retired",
        IMPACT: "Both",
        PURPOSE: "The older one.",
        RETIRED: "6/30/2023",
    },
    {NAME: "Frost warnings", AGENCY: "Office of Ponds", STAGE: "Somewhere in between", IMPACT: "Case by case?"},
)


def as_csv(rows, *, header=HEADER, encoding="cp1252", separator=",", line_end="\r\n") -> bytes:
    """A register as bytes of CSV. Rows are mappings of columns, or sequences of cells as they are to stand."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, lineterminator=line_end)
    writer.writerow(header)
    for row in rows:
        writer.writerow([row.get(name, "") for name in header] if isinstance(row, dict) else row)
    return text.getvalue().encode(encoding)


def as_workbook(rows, *, header=HEADER, above=(), sheet="Register") -> bytes:
    """A register as bytes of an .xlsx file; cells keep their types."""
    book = openpyxl.Workbook()
    worksheet = book.active
    worksheet.title = sheet
    for line in (*above, header):
        worksheet.append(list(line))
    for row in rows:
        worksheet.append([row.get(name) for name in header] if isinstance(row, dict) else list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def understood(content: bytes, mapping="us-federal-2024", *, today=TODAY, **options) -> Contents:
    return read_register(content, load_register(mapping), today=today, **options)


def facts(row, **options):
    """The facts of one row of the federal shape."""
    [found] = understood(as_csv([row]), **options).rows
    return found.facts


def codes(findings) -> list[tuple[int, str]]:
    return [(finding.line, finding.code) for finding in findings]


def attempted(read: Callable[..., T], *args) -> T | UnusableError:
    """What `read` returns, or the refusal that it raised. Anything else that it raises goes on."""
    try:
        return read(*args)
    except UnusableError as refusal:
        return refusal
