"""Which answers count as none."""

import pytest

from portfolio.placeholders import is_placeholder

QUESTION = "Which team takes it on?"


@pytest.mark.requirement(2, page="/pilots/P-0001/contract/")
@pytest.mark.parametrize(
    "text",
    [
        "tbd", "TBD", "T.B.D.", "tbd.", "(TBC)", "n/a", "N.A.", "na", "?", "???", "...", "-", "—", "x", "xxx", "a",
        "To be defined", "to be determined later", "still to be decided", "TBD later", "todo", "To do",
        "TODO: fill in", "we'll figure it out", "We\N{RIGHT SINGLE QUOTATION MARK}ll figure that out later.",
        "we will figure it out when we get there", "figure out later", "will be decided later", "We'll see",
        "we'll see then", "let's see", "see above", "it depends", "unknown", "not sure yet", "I don't know",
        "no idea", "later", "soon", "someone", "asdf", "lalala", "lorem ipsum dolor", "test", "same as above",
        "in progress", "noch offen", "à définir", "Which team takes it on?", "which team takes it on",
        "Team takes it",
    ],
)  # fmt: skip
def test_says_nothing(text):
    assert is_placeholder(text, QUESTION)


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "None", "no", "Nothing", "None: it replaces a spreadsheet", "IT", "HR", "Lille", "7", "12", "0",
        "Ada Moreau", "Claims desk Lille, 14 people", "The team", "Everybody in claims", "Open claims desk",
        "Unknown callers are asked to wait", "To be decided by the steering committee on 3 March",
        "The owner will decide in June with finance",
        "We figure out the route with the dispatchers every Monday, as today", "Test engineers of the Lyon site",
        "Later payments are handled by the exceptions desk", "It depends on the region: north first",
        "Which team depends on the region; the north takes it first", "We look into each complaint within a day",
        "See the plan of 4 May in the evidence",
        "n/a for private customers; business customers by the key account team",
        "No integration: it runs beside the claims system", "aaa-rated bonds only",
    ],
)  # fmt: skip
def test_says_something(text):
    """What must not be taken for a placeholder, blank text included: that is blank, and said to be so."""
    assert not is_placeholder(text, QUESTION)
