"""What a business case comes to. Pure Decimal arithmetic: no clock, no database, no rounding (that is for display).

Year 0 is the day of the investment; a flow of year n falls at the end of year n (the end-of-year convention).

- Investment: the sum of the one-off costs, in year 0.
- Net of year n: benefits of year n less the yearly costs. A yearly benefit counts in every year from the one in which
  it starts to the last of the horizon; a one-off benefit counts in the year in which it starts, and only there.
- Net value: the nets of all years less the investment, undiscounted.
- Net present value: the same with the net of year n divided by (1 + rate) to the power of n.
- Payback: the time, in years, from which on the cumulative net stays at or above zero; within a year it is
  interpolated in a straight line. None: not within the horizon.
- Low case: low benefits with high costs. High case: high benefits with low costs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

Case = Literal["low", "likely", "high"]
ZERO = Decimal(0)
#: Which figure of a cost goes with which case: a low case takes the high cost.
COST_FIGURE: dict[Case, Case] = {"low": "high", "likely": "likely", "high": "low"}


@dataclass(frozen=True)
class Spread:
    """An amount as low, likely and high figures."""

    low: Decimal = ZERO
    likely: Decimal = ZERO
    high: Decimal = ZERO

    def at(self, figure: Case) -> Decimal:
        """Return one of the three figures."""
        return {"low": self.low, "likely": self.likely, "high": self.high}[figure]


@dataclass(frozen=True)
class Cost:
    """A cost line: paid once in year 0, and in every year of the horizon."""

    name: str
    one_off: Spread = Spread()
    yearly: Spread = Spread()


@dataclass(frozen=True)
class Benefit:
    """A benefit line: had once in the year in which it starts, and in every year from then on."""

    name: str
    one_off: Spread = Spread()
    yearly: Spread = Spread()
    starts_in: int = 1

    def in_year(self, year: int, figure: Case) -> Decimal:
        """Return what it brings in `year`."""
        once = self.one_off.at(figure) if year == self.starts_in else ZERO
        return once + (self.yearly.at(figure) if year >= self.starts_in else ZERO)


@dataclass(frozen=True)
class Plan:
    """Everything that a valuation takes; `rate` in percent, `years` the horizon."""

    costs: tuple[Cost, ...]
    benefits: tuple[Benefit, ...]
    years: int
    rate: Decimal


@dataclass(frozen=True)
class Year:
    """One year of a valuation."""

    number: int
    benefits: Decimal
    costs: Decimal
    net: Decimal
    cumulative: Decimal


@dataclass(frozen=True)
class Value:
    """What a plan comes to in one of its three cases."""

    investment: Decimal
    years: tuple[Year, ...]
    net_value: Decimal
    net_present_value: Decimal
    #: In years; None where it is not within the horizon.
    payback: Decimal | None

    @property
    def outlay(self) -> Decimal:
        """Net of year 0."""
        return -self.investment

    @property
    def last_net(self) -> Decimal:
        """Net of the last year of the horizon, when everything has started."""
        return self.years[-1].net


@dataclass(frozen=True)
class Range:
    """A plan in all three cases."""

    low: Value
    likely: Value
    high: Value


@dataclass(frozen=True)
class Swing:
    """What one line alone does to the likely net present value when it turns out as in the low case."""

    name: str
    is_cost: bool
    fall: Decimal
    leaves: Decimal


def value(plan: Plan, case: Case = "likely") -> Value:
    """Work out a plan in one case."""
    figure = COST_FIGURE[case]
    investment = sum((cost.one_off.at(figure) for cost in plan.costs), ZERO)
    yearly = sum((cost.yearly.at(figure) for cost in plan.costs), ZERO)
    cumulative, present, years = -investment, -investment, []
    growth = 1 + plan.rate / 100
    for number in range(1, plan.years + 1):
        benefits = sum((benefit.in_year(number, case) for benefit in plan.benefits), ZERO)
        net = benefits - yearly
        cumulative += net
        present += net / growth**number
        years.append(Year(number, benefits, yearly, net, cumulative))
    return Value(
        investment=investment,
        years=tuple(years),
        net_value=cumulative,
        net_present_value=present,
        payback=payback(investment, [year.net for year in years]),
    )


def value_range(plan: Plan) -> Range:
    """Work out a plan in its low, likely and high case."""
    return Range(value(plan, "low"), value(plan, "likely"), value(plan, "high"))


def swings(plan: Plan) -> list[Swing]:
    """Return what each line does to the result when it alone turns out badly, the largest fall first."""
    likely = value(plan).net_present_value
    found = []
    for place, cost in enumerate(plan.costs):
        dear = Cost(cost.name, _flat(cost.one_off.high), _flat(cost.yearly.high))
        costs = (*plan.costs[:place], dear, *plan.costs[place + 1 :])
        found.append(_swing(cost.name, likely, replace(plan, costs=costs), is_cost=True))
    for place, benefit in enumerate(plan.benefits):
        poor = replace(benefit, one_off=_flat(benefit.one_off.low), yearly=_flat(benefit.yearly.low))
        benefits = (*plan.benefits[:place], poor, *plan.benefits[place + 1 :])
        found.append(_swing(benefit.name, likely, replace(plan, benefits=benefits), is_cost=False))
    return sorted((swing for swing in found if swing.fall > 0), key=lambda swing: -swing.fall)


def payback(investment: Decimal, nets: Sequence[Decimal]) -> Decimal | None:
    """Return the years after which the cumulative net stays at or above zero; None if that is not in `nets`."""
    cumulative = -investment
    standing = [cumulative]
    for net in nets:
        cumulative += net
        standing.append(cumulative)
    if standing[-1] < 0:
        return None
    below = [year for year, amount in enumerate(standing) if amount < 0]
    if not below:
        return ZERO
    last = below[-1]
    return last + -standing[last] / nets[last]


def times_pilot_cost(investment: Decimal, pilot_cost: Decimal | None) -> Decimal | None:
    """Return how many times the pilot's cost the production work is; None where the pilot's cost is not known."""
    if not pilot_cost:
        return None
    return investment / pilot_cost


def _swing(name: str, likely: Decimal, changed: Plan, *, is_cost: bool) -> Swing:
    leaves = value(changed).net_present_value
    return Swing(name, is_cost, likely - leaves, leaves)


def _flat(amount: Decimal) -> Spread:
    return Spread(amount, amount, amount)
