"""The six stuck patterns in words: the test of each, what a file cannot tell, and what helps (requirements 42 to 44).

A test is asked so that "yes" is good news. Gates and patterns do not map one to one: production data and governance
are gates without a pattern, and the wrong use case is a pattern without a gate.
"""

from dataclasses import dataclass

from portfolio.stuck import StuckPattern


@dataclass(frozen=True)
class Idea:
    """An intervention of the library. `days` is how long it usually takes; `for_all` helps many pilots at once."""

    slug: str
    title: str
    what: str
    days: int
    for_all: bool = False


@dataclass(frozen=True)
class PatternWords:
    """What a pattern means, how it is tested, and what helps."""

    pattern: StuckPattern
    question: str
    meaning: str
    #: What only people know: the file is silent on it, whatever is in it.
    silent_on: str
    ideas: tuple[Idea, ...]

    @property
    def label(self) -> str:
        return self.pattern.label


_SPONSOR = PatternWords(
    StuckPattern.NO_SPONSOR,
    "Does an executive who directs budget and priorities stand behind it?",
    "Everybody likes it, and nobody with money and standing has put their name to it.",
    "Whether the sponsor would defend it when the budget is cut.",
    (
        Idea("sponsor-hour", "One hour with the executive whose target it serves",
             "Show one page: what it changes for their target, what it costs, what you ask of them. Leave with a yes, "
             "a no, or the name of somebody else.", 14),
        Idea("sponsor-trade", "Say what it would replace",
             "Find the line of the present budget that it makes unnecessary, and offer that one. A sponsor who need "
             "not ask for new money decides by themselves.", 30),
        Idea("sponsor-above", "Ask the sponsor's own superior for the authority",
             "Where the sponsor must ask for budget, put one question to whoever grants it: up to what amount may "
             "this sponsor decide alone?", 21),
        Idea("sponsor-or-stop", "Name a day on which it stops without a sponsor",
             "Tell the committee: no sponsor by that day, and we propose to stop. It ends the waiting either way.", 28),
        Idea("sponsor-round", "A sponsors' round for all pilots",
             "Twice a year every pilot without a sponsor is shown to the executives at one table, five minutes each; "
             "what nobody takes is proposed for a stop.", 60, for_all=True),
    ),
)  # fmt: skip
_INTEGRATION = PatternWords(
    StuckPattern.NO_INTEGRATION,
    "Is there a way into the systems it has to live in, and somebody who builds it?",
    "It works beside the systems, and the way into them is on nobody's list.",
    "Whether the team that owns the system has really set aside time for it.",
    (
        Idea("integration-sketch", "One page of the way in, with the system's owner",
             "Which system, which interface, which permissions, what happens when it is down. Drawn with the people "
             "who own the system, not for them.", 14),
        Idea("integration-slot", "A slot in the system team's next release",
             "Get the interface onto their list with a date, and name who on our side answers their questions.", 45),
        Idea("integration-thin", "The thinnest path that real work can take",
             "One queue, one form, read only: something that a few people use in their daily system before the rest is "
             "built.", 30),
        Idea("integration-desk", "One integration desk for all pilots",
             "An architect and a developer keep two days a week free for pilots, with one list and one order. Pilots "
             "stop queueing one by one.", 60, for_all=True),
    ),
)  # fmt: skip
_ENTHUSIASTS = PatternWords(
    StuckPattern.ENTHUSIASTS,
    "Do people use it who did not ask for it?",
    "Those who wanted it use it. Nobody knows what happens with those who did not.",
    "Whether those outside the team use it because it helps, or because they were told to.",
    (
        Idea("users-unasked", "Two weeks with a team that did not volunteer",
             "Pick an ordinary team in an ordinary month, without the project beside them. Count who still uses it in "
             "the second week.", 28),
        Idea("users-refusers", "Listen to five people who stopped using it",
             "Sit beside them for an hour each. Write down what they did instead, in their words.", 14),
        Idea("users-default", "Make it the usual way in one place",
             "In one team it is simply there, switched on, with a way back. Opting out is counted instead of opting "
             "in.", 35),
        Idea("users-managers", "Give the team leaders the reason and the time",
             "Leaders hear first what changes for their figures, and get the hours that learning takes.", 21),
        Idea("users-network", "One network of ordinary users for all pilots",
             "A standing group of people from all units who try what comes, drawn by lot, new ones each quarter.", 75,
             for_all=True),
    ),
)  # fmt: skip
_WORKFLOW = PatternWords(
    StuckPattern.WORKFLOW,
    "Has the work around it changed, with the agreement of whoever owns the process?",
    "It was put beside the old steps, so it adds one instead of taking some away.",
    "Whether people go back to the old way when nobody looks.",
    (
        Idea("work-remove", "Take one step out of the process",
             "Ask the process owner which step is no longer needed, and stop doing it in one team for a month.", 30),
        Idea("work-walk", "Walk through one case together, before and after",
             "Process owner, two users and the pilot team follow one case from start to end, and write the new steps "
             "on one sheet.", 14),
        Idea("work-owner", "Name who may change the process",
             "Without a person who may change the steps, every change is a favour. Find that person and put the "
             "question.", 14),
        Idea("work-rules", "Change the rule, the form or the target that keeps the old way",
             "There is nearly always one: a second signature, a target per call, a form that asks for it anyway.", 45),
        Idea("work-method", "One way to redraw work, for all pilots",
             "A half-day that every pilot books in its first month, with somebody from organisation who runs it and "
             "keeps the sheets.", 60, for_all=True),
    ),
)  # fmt: skip
_METRICS = PatternWords(
    StuckPattern.METRICS,
    "Would two people who read the figures agree whether it works?",
    "There are figures, but none that says what it is worth to the business.",
    "Whether the committee believes the figure.",
    (
        Idea("metrics-one", "One business figure, agreed with finance",
             "Choose the one figure that the sponsor is measured by, and write down how it is counted. Amend the "
             "contract with it.", 14),
        Idea("metrics-baseline", "Measure the baseline that is missing",
             "Count the old way for two weeks where it is still in use, or take last year's from the system.", 21),
        Idea("metrics-compare", "Run a fortnight with and without",
             "Two like teams, one with and one without, the same figure for both, counted by somebody else.", 30),
        Idea("metrics-clinic", "A measuring hour for all pilots",
             "Controlling sits down with each new pilot for an hour, before the start, and leaves with metric, "
             "baseline and source on one sheet.", 45, for_all=True),
    ),
)  # fmt: skip
_USE_CASE = PatternWords(
    StuckPattern.WRONG_USE_CASE,
    "Would it still pay with ordinary data, ordinary users and full volume?",
    "It works for a case that is too rare, too special or too cheap to be worth building.",
    "Whether there is a neighbouring use that would carry it. No gate asks for that.",
    (
        Idea("case-volume", "Work out the year at full volume",
             "How many cases, how much each, how often it fails, what a failure costs. One page, with the person who "
             "knows the volumes.", 14),
        Idea("case-neighbour", "Look for the neighbouring use",
             "Ask three units what they would do with it. Propose a redesign if one has ten times the cases.", 30),
        Idea("case-live", "Two weeks on live data, the hard cases included",
             "No selection and nobody who tidies up. Whatever comes out is the figure to decide on.", 21),
        Idea("case-stop", "Prepare a good stop",
             "Write down what was learned and what would have to change, and put the stop to the committee before "
             "anybody asks for it.", 21),
        Idea("case-screen", "A screen at intake for all pilots",
             "Three questions before a pilot starts: how many cases a year, what one is worth, what data production "
             "has.", 45, for_all=True),
    ),
)  # fmt: skip

#: Every pattern in the order of the tests.
PATTERNS: dict[StuckPattern, PatternWords] = {
    words.pattern: words for words in (_SPONSOR, _INTEGRATION, _ENTHUSIASTS, _WORKFLOW, _METRICS, _USE_CASE)
}

#: The library: every idea by its name, with the pattern that it helps against.
LIBRARY: dict[str, tuple[StuckPattern, Idea]] = {
    idea.slug: (words.pattern, idea) for words in PATTERNS.values() for idea in words.ideas
}
