"""What a business case comes to, against figures worked out apart from the code, and laws that always hold.

The tables were worked out year by year as a spreadsheet does it; the arithmetic stands beside each case. Discount
factors at 5 percent: 0.952380952, 0.907029478, 0.863837599; at 10 percent: 0.909090909, 0.826446281, 0.751314801.
"""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portfolio.valuation import Benefit, Cost, Plan, Spread, payback, swings, times_pilot_cost, value, value_range


def spread(*amounts) -> Spread:
    return Spread(*map(Decimal, amounts))


def sure(amount) -> Spread:
    """The same amount low, likely and high."""
    return spread(amount, amount, amount)


def plan(once, yearly, benefit, *, years=3, rate="5", starts=1, benefit_once=0) -> Plan:
    return Plan(
        costs=(Cost("Build", sure(once), sure(yearly)),),
        benefits=(Benefit("Gain", sure(benefit_once), sure(benefit), starts_in=starts),),
        years=years,
        rate=Decimal(rate),
    )


#: name: plan, net value, net present value to the cent, payback in years to four places.
WORKED = {
    # -30,000 + 3 x 20,000 = 30,000; -30,000 + 20,000 x 2.723248029 = 24,464.96; 1 + 10,000 / 20,000 = 1.5
    "paid back in the middle of a year": (plan(30000, 5000, 25000), "30000", "24464.96", "1.5000"),
    # at no rate both values are the same; cumulative -30,000, -15,000, 0: paid back exactly at the end of year 2
    "no rate, paid back exactly at a year's end": (plan(30000, 5000, 20000, rate="0"), "15000", "15000.00", "2.0000"),
    # nets -5,000 each: -10,000 - 15,000 = -25,000; -10,000 - 5,000 x 2.723248029 = -23,616.24; never paid back
    "every year loses": (plan(10000, 8000, 3000), "-25000", "-23616.24", None),
    # nets 10,000 a year and nothing to pay back: 30,000; 10,000 x 2.723248029 = 27,232.48
    "no investment": (plan(0, 2000, 12000), "30000", "27232.48", "0.0000"),
    # -10,000 - 3 x 1,000 = -13,000; -10,000 - 1,000 x 2.723248029 = -12,723.25
    "no benefit": (plan(10000, 1000, 0), "-13000", "-12723.25", None),
    # nothing at all: nothing to pay back
    "nothing": (plan(0, 0, 0), "0", "0.00", "0.0000"),
    # nets -2,000, 18,000, 18,000 at 10 percent: -20,000 + 34,000 = 14,000;
    # -20,000 - 1,818.18 + 14,876.03 + 13,523.67 = 6,581.52; cumulative -22,000, -4,000, 14,000: 2 + 4,000 / 18,000
    "starts in year two": (plan(20000, 2000, 20000, starts=2, rate="10"), "14000", "6581.52", "2.2222"),
    # nets 5,000, then 5,000 + 9,000 once, then 5,000 at 10 percent: -12,000 + 24,000 = 12,000; the once comes in the
    # first year: nets 14,000, 5,000, 5,000: -12,000 + 12,727.27 + 4,132.23 + 3,756.57 = 8,616.08; 12,000 / 14,000
    "once in its first year": (plan(12000, 0, 5000, benefit_once=9000, rate="10"), "12000", "8616.08", "0.8571"),
    # 10 years at 7.5 percent, net 12,345.67: factor (1 - 1.075^-10) / 0.075 = 6.864080956;
    # -50,000 + 123,456.70 = 73,456.70; -50,000 + 84,741.68 = 34,741.68; 50,000 / 12,345.67 = 4.0500
    "ten years, odd cents": (plan(50000, 0, "12345.67", years=10, rate="7.5"), "73456.70", "34741.68", "4.0500"),
}


@pytest.mark.requirement(65, page="/pilots/P-0001/business-case/")
@pytest.mark.parametrize("name", WORKED)
def test_comes_to_what_was_worked_out_apart(name):
    of, net_value, present, paid_back = WORKED[name]
    found = value(of)
    assert found.net_value == Decimal(net_value)
    assert found.net_present_value.quantize(Decimal("0.01")) == Decimal(present)
    assert (None if found.payback is None else found.payback.quantize(Decimal("0.0001"))) == (
        None if paid_back is None else Decimal(paid_back)
    )


def test_year_by_year():
    found = value(plan(20000, 2000, 20000, starts=2))
    assert [(year.benefits, year.costs, year.net, year.cumulative) for year in found.years] == [
        (0, 2000, -2000, -22000),
        (20000, 2000, 18000, -4000),
        (20000, 2000, 18000, 14000),
    ]


def test_the_low_case_takes_low_benefits_with_high_costs():
    of = Plan(
        costs=(
            Cost("Build", Spread(Decimal(8), Decimal(10), Decimal(15)), Spread(Decimal(1), Decimal(2), Decimal(4))),
        ),
        benefits=(Benefit("Gain", yearly=Spread(Decimal(5), Decimal(9), Decimal(11))),),
        years=2,
        rate=Decimal(0),
    )
    found = value_range(of)
    # low: -15 + 2 x (5 - 4); likely: -10 + 2 x (9 - 2); high: -8 + 2 x (11 - 1)
    assert [one.net_value for one in (found.low, found.likely, found.high)] == [-13, 4, 12]
    assert [one.investment for one in (found.low, found.likely, found.high)] == [15, 10, 8]


def test_money_that_comes_back_and_goes_again_is_not_paid_back_before_it_stays():
    # so far: -10, 2, -3, 5: it stays above from within the third year, at 2 + 3/8
    assert payback(Decimal(10), [Decimal(12), Decimal(-5), Decimal(8)]) == Decimal("2.375")


def test_says_which_line_moves_the_result_most():
    of = Plan(
        costs=(Cost("Build", spread(90, 100, 130)), Cost("Sure", sure(10))),
        benefits=(Benefit("Gain", yearly=spread(40, 60, 90)),),
        years=3,
        rate=Decimal(0),
    )
    # likely 180 - 110 = 70; the benefit low alone: 120 - 110 = 10; the build high alone: 180 - 140 = 40
    assert [(swing.name, swing.fall, swing.leaves) for swing in swings(of)] == [("Gain", 60, 10), ("Build", 30, 40)]


@pytest.mark.parametrize(("investment", "pilot", "times"), [(90, 30, 3), (90, None, None), (90, 0, None), (0, 30, 0)])
def test_times_the_pilots_cost(investment, pilot, times):
    assert times_pilot_cost(Decimal(investment), None if pilot is None else Decimal(pilot)) == times


amounts = st.decimals(min_value=0, max_value=10**7, places=2)
rates = st.decimals(min_value=0, max_value=100, places=2)


@settings(max_examples=60, deadline=None)
@given(amounts, amounts, amounts, rates, rates, st.integers(1, 10))
def test_a_higher_rate_never_makes_later_gains_worth_more(once, yearly, gain, rate, other, years):
    lower, higher = sorted((rate, other))
    of = [value(plan(once, min(yearly, gain), gain, years=years, rate=one)) for one in (lower, higher)]
    assert of[0].net_present_value >= of[1].net_present_value
    assert of[0].net_value == of[1].net_value


@settings(max_examples=60, deadline=None)
@given(st.lists(amounts, min_size=9, max_size=9), rates, st.integers(1, 10), st.integers(1, 10))
def test_low_is_never_above_likely_nor_likely_above_high(figures, rate, years, starts):
    build, run, gain = (Spread(*sorted(figures[place : place + 3])) for place in (0, 3, 6))
    found = value_range(Plan((Cost("Build", build, run),), (Benefit("Gain", gain, gain, starts),), years, rate))
    assert found.low.net_present_value <= found.likely.net_present_value <= found.high.net_present_value


@settings(max_examples=60, deadline=None)
@given(amounts, st.lists(st.decimals(min_value=-(10**6), max_value=10**6, places=2), min_size=1, max_size=10))
def test_paid_back_is_within_the_horizon_exactly_where_the_end_is_not_below_zero(investment, nets):
    found = payback(investment, nets)
    assert (found is not None) == (sum(nets) >= investment)
    assert found is None or 0 <= found <= len(nets)
