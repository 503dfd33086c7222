"""Telling rows apart."""

from portfolio.registers.references import settled
from tests.portfolio.registers.writing import AGENCY, BUREAU, NAME, OUTPUTS, PLAIN, PURPOSE, as_csv, codes, understood

FIRST = {NAME: "Chatbot", AGENCY: "Office of Ponds", PURPOSE: "Answers by day."}
SECOND = FIRST | {PURPOSE: "Answers by night."}


def references(*rows, known=()):
    return settled([row.keyed for row in understood(as_csv(rows)).rows], set(known))


def test_a_reference_is_made_of_the_columns_that_the_mapping_names():
    assert references(FIRST, FIRST | {BUREAU: " Carp | Koi "}) == [
        "chatbot | office of ponds | ",
        "chatbot | office of ponds | carp || koi",
    ]


def test_spelling_and_other_columns_do_not_change_it():
    assert references(FIRST) == references(FIRST | {NAME: "CHATBOT ", AGENCY: "Office  of\nPonds", OUTPUTS: "Words"})


def test_a_long_one_is_cut_and_still_its_own():
    long = {NAME: "x" * 300, AGENCY: "Office of Ponds"}
    one, other = references(long, long | {NAME: "x" * 299 + "y"})
    assert one != other
    assert max(len(one), len(other)) <= 160


def test_namesakes_are_told_apart_by_further_columns():
    plain, marked = references(FIRST, SECOND)
    assert plain == "chatbot | office of ponds | "
    assert marked.startswith(f"{plain} #")
    assert len(marked) <= 200


def test_a_row_keeps_its_reference_when_order_or_company_change():
    plain, marked = references(FIRST, SECOND)
    known = {plain, marked}
    assert references(SECOND, FIRST, known=known) == [marked, plain]
    assert references(SECOND, known=known) == [marked]
    third = FIRST | {PURPOSE: "Answers at noon."}
    newcomer = references(third, SECOND, FIRST, known=known)
    assert newcomer[1] == marked
    assert len(set(newcomer)) == 3
    assert references(FIRST, SECOND, third, known={plain}) == [plain, marked, references(FIRST, third)[1]]


def test_the_same_row_twice_is_refused_with_the_line_of_the_first():
    contents = understood(as_csv([PLAIN, FIRST, {key: f" {value.upper()} " for key, value in PLAIN.items()}]))
    assert codes(contents.refused) == [(4, "same_row")]
    assert "the one on line 2" in contents.refused[0].what
    assert len(contents.rows) == 2


def test_rows_that_differ_only_where_the_mapping_does_not_look_are_refused():
    contents = understood(as_csv([PLAIN, PLAIN | {"Agency Abbreviation": "DG"}]))
    assert codes(contents.refused) == [(3, "not_told_apart")]
    assert "tell_apart" in contents.refused[0].way_out


def test_a_row_without_a_name_of_any_kind_is_refused():
    contents = understood(as_csv([["", "Bees", "Hives"]], header=("Reference", "Title", "Unit")), "generic")
    assert codes(contents.refused) == [(2, "no_reference")]
