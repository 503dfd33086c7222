"""Words from which synthetic pilots are put together."""

from gates.states import StopReason
from portfolio.states import LampState, Outcome

ACTIVITIES = (
    "Answering questions about", "Checking", "Comparing", "Correcting addresses in", "Drafting replies to",
    "Explaining", "Extracting dates from", "Extracting figures from", "Filling gaps in", "Finding contradictions in",
    "Finding duplicates in", "Finding errors in", "Forecasting the volume of", "Grouping", "Matching payments to",
    "Marking urgent cases in", "Ordering", "Proposing prices for", "Reading", "Routing", "Sorting", "Summarising",
    "Translating", "Writing first drafts of",
)  # fmt: skip
OBJECTS = (
    "accident reports", "agency letters", "bank transfers", "broker requests", "building surveys", "cargo papers",
    "claims files", "complaints", "contract amendments", "court letters", "customer e-mails", "damage photos",
    "delivery notes", "direct debits", "expert opinions", "flood maps", "garage invoices", "handbook pages",
    "hospital bills", "inspection notes", "leave requests", "loss histories", "maintenance logs", "meeting notes",
    "payment reminders", "policy schedules", "premium adjustments", "product questions", "proposal forms",
    "purchase orders", "recovery cases", "reinsurance treaties", "renewal letters", "repair estimates",
    "salary statements", "security alerts", "service tickets", "shift plans", "storm reports", "supplier contracts",
    "survey answers", "telephone notes", "test results", "training records", "travel expenses", "vehicle papers",
    "web requests", "work certificates",
)  # fmt: skip
PLACES = (
    "after storms", "at night", "at quarter's end", "at the Lille desk", "at the Lyon desk", "at the Marseille desk",
    "at the Nantes desk", "at the New York office", "at the Rotterdam office", "at the Singapore office",
    "at the Tokyo office", "before renewal", "for brokers", "for commercial customers", "for fleets", "for landlords",
    "for new colleagues", "for new customers", "for partners abroad", "for private customers", "for small businesses",
    "for the board office", "from paper mail", "from the portal", "in large losses", "in small claims",
    "in the archive", "in the call centre", "in three languages", "on the first day", "under deductible",
    "with photographs",
)  # fmt: skip
#: What is measured, its unit, and the range from which a baseline is drawn; the target is a part of it.
MEASURES = (
    ("the time to a first answer", "hours", 6, 72),
    ("the time to a decision", "days", 4, 30),
    ("the cases that need a second look", "in a hundred", 15, 60),
    ("the time spent on a case", "minutes", 10, 90),
    ("the calls that come back", "in a hundred", 10, 40),
    ("the corrections in a week", "cases", 20, 400),
    ("the backlog at month's end", "cases", 50, 2000),
)
TECHNOLOGIES = (
    "Decision trees", "Document reading", "Forecast", "Image recognition", "Language model",
    "Language model with search", "Machine translation", "Optimisation", "Outlier detection", "Record matching",
    "Speech recognition", "Text classification",
)  # fmt: skip
VENDORS = ("Brindlesoft", "Corvane", "Ferrowick", "Lumenquill", "Palimpsa", "Tidewright", "", "", "")
FIRST_NAMES = (
    "Adele", "Amara", "Anton", "Basil", "Celia", "Chiara", "Clement", "Dina", "Edgar", "Elif", "Emile", "Farid",
    "Fiona", "Gaspard", "Greta", "Hana", "Hugo", "Imane", "Ivo", "Jelena", "Joel", "Katya", "Lena", "Leon", "Lucie",
    "Mara", "Mehdi", "Milan", "Nils", "Noor", "Oscar", "Paula", "Rafael", "Rosa", "Samir", "Selma", "Tariq", "Vera",
    "Yara", "Zoe",
)  # fmt: skip
LAST_NAMES = (
    "Abadi", "Bernard", "Blanc", "Castro", "Cohen", "Dubois", "Eriksen", "Fabre", "Fischer", "Garnier", "Haas",
    "Ibrahim", "Jansen", "Keita", "Kovac", "Lambert", "Leclerc", "Maris", "Meyer", "Nowak", "Ortega", "Pires",
    "Renard", "Rossi", "Sauvage", "Schmitt", "Silva", "Toure", "Varga", "Weiss",
)  # fmt: skip
MOVED = (
    "First results on an ordinary week are in line with what was promised.",
    "The team has tried the hard cases; a third of them still go wrong.",
    "Two more desks have joined. Nobody had to ask for help twice.",
    "Baseline counted again, with the same result.",
    "Quality checked on a sample of a hundred; ninety-one were right.",
    "A wrong setting was found and taken back within the day.",
    "Users asked for the source beside each result; it is there now.",
    "The connection to the main system is tested.",
    "Training for the second group is done.",
    "Little moved this month: the team helped out elsewhere.",
    "Results are steady. The vendor has sent its final price.",
    "The list of exceptions is agreed with the desk that takes them.",
)
BLOCKS = (
    "Access to the live data is not granted yet.",
    "Nobody has time to check the sample.",
    "The interface waits for a release of the main system.",
    "The budget for next year is open.",
    "The vendor's terms are with legal.",
    "Two units use the same word for different things.",
)
RATIONALES: dict[Outcome, tuple[str, ...]] = {
    Outcome.SCALE: (
        "It keeps what was promised in ordinary work, and the people who will run it are ready.",
        "The gain is measured, the owner is named, and the cost at full volume is known.",
    ),
    Outcome.REDESIGN: (
        "The need is real; the way in which it was met is not the right one yet.",
        "There is a use in here that is narrower than the one that was tried.",
    ),
    Outcome.STOP: (
        "A clear question, clearly answered. The people on it are free for work that needs them.",
        "What was learned is worth more than going on. Good judgment by the team.",
    ),
    Outcome.RESEARCH: (
        "An open question, worth a small amount and a date.",
        "Too early for real work and too useful to drop.",
    ),
}
LEARNINGS = (
    "Sit beside the users for a day before the start.",
    "Try the hardest desk first.",
    "Put the price at full volume beside the promise on the first day.",
    "An average hides a good half and a bad half.",
    "Being checkable saves more time than being right.",
    "Look at what we already own before building.",
)
REDESIGNS = (
    "New users: the desk that has the volume, instead of the one that volunteered.",
    "New way of working: the source stands beside each result.",
    "New use case: four kinds of cases instead of all of them.",
)
GOALS = (
    "Find out whether the result holds on data of another year.",
    "Find out which cases can be left to it without a person.",
    "Find out whether users trust it after three months.",
)
CONCLUSIONS: dict[LampState, tuple[str, ...]] = {
    LampState.PASSED: ("Clear.", "Seen in ordinary work.", "Evidence is complete."),
    LampState.CONDITIONAL: ("Fit to go on; one point is to be settled before launch.",),
    LampState.NOT_PASSED: ("One point that matters is open.",),
}
NOT_MET = ("Not there yet.", "Agreed, and not in writing.", "Tried in one unit only.")
STOP_REASONS = tuple(StopReason)
#: Answers of a contract, by the name of the question.
CONTRACT: dict[str, str] = {
    "adopting_team": "The desks that do it today, one after the other.",
    "integration_to_build": "A link into the system of record, and its permissions.",
    "owner_then": "The head of the desk that has most of it.",
    "commitment_timeline": "Within two quarters of a decision.",
    "scale_if": "Both criteria are met on data of ordinary weeks.",
    "redesign_if": "It works, and not for those who tried it.",
    "stop_if": "Checking it takes longer than doing it.",
    "research_if": "The result is good and nobody can say why.",
    "team_in_pilot": "Six volunteers.",
    "team_in_production": "Everybody who does this work.",
    "users_in_pilot": "Six.",
    "users_in_production": "A hundred and forty.",
    "data_in_pilot": "One quarter, cleaned.",
    "data_in_production": "All of it, as it comes.",
    "vendor_in_pilot": "On site twice a week.",
    "vendor_in_production": "By ticket, in two days.",
    "hard_cases_in_pilot": "Set aside.",
    "hard_cases_in_production": "One in nine.",
    "manual_steps_in_pilot": "A colleague copies each result.",
    "manual_steps_in_production": "None.",
    "edge_cases": "Handwriting, two languages, and empty pages.",
    "vendor_support_now": "Included until the end of the pilot.",
    "vendor_support_after": "A yearly price per user, agreed.",
    "value_hypothesis": "Half an hour less for each case, at the same quality.",
    "measurement_plan": "Counted weekly from the system of record.",
    "strategic_priority": "Answers within a day.",
    "volume_at_scale": "Some 9,000 cases a month.",
    "breadth_at_scale": "Three units, two countries.",
    "daily_users": "Clerks of the desk.",
    "escalation_path": "The team lead, then the head of the desk.",
    "workflow_impact": "The first reading falls away; checking is new.",
}
PUT_OFF = (
    "The audit of the data is not in yet.",
    "The vendor's new price comes at the end of the month.",
    "The desk moves, and nobody can measure before that.",
)
CONDITIONS = (
    "Write down who answers for what it gets wrong.",
    "Let two desks that did not take part try it for a month.",
    "Agree the yearly price with the vendor.",
    "Show the figures of an ordinary month.",
)
SCALE_WHEN = ("After the summer.", "Once the link to the system of record stands.", "Never in this form.")
