"""Typical wrong answers of lesson 20: the exercise, words that the report must hold, and the student's code."""

import re
from pathlib import Path

SOLUTIONS = Path(__file__).parents[2] / "lessons" / "solutions" / "20_capstone.py"
IMPORTS, *PARTS = re.split(r"(?m)^# (?=20-)", SOLUTIONS.read_text(encoding="utf-8"))
RIGHT = {part.partition("\n")[0]: part.partition("\n")[2] for part in PARTS}


def wrong(name, words, *changes):
    """A solution with some places changed, each a pair of what stands there and what a student wrote."""
    source = RIGHT[name]
    for old, new in changes:
        assert old in source, (name, old)
        source = source.replace(old, new)
    return name, words, IMPORTS + source


def cause(day, words, part, what):
    """A trouble with another cause named."""
    return wrong(f"20-{day}", words, (RIGHT[f"20-{day}"].splitlines()[0], f'{day} = ("{part}", "{what}")'))


def mend(day, words, *lines):
    """A trouble with another mend."""
    body = RIGHT[f"20-{day}"].partition('"""Take the cause away."""\n')[2]
    return wrong(f"20-{day}", words, (body, "".join(f"    {line}\n" for line in lines)))


PLOT = "ax.plot(ratio.index, 100 * ratio / ratio.iloc[0])"
PYPLOT = "import matplotlib.pyplot as plt\n    plt.plot(ratio.index, 100 * ratio / ratio.iloc[0])"
LONG = (  # two shares of the long table, as they are
    (
        "both = wide[[one, other]].dropna()",
        'both = {name: prices[prices["Ticker"] == name] for name in (one, other)}',
    ),
    ("ratio = both[one] / both[other]", 'ratio = both[one]["Adj Close"] / both[other]["Adj Close"]'),
)
WEB = 'system.zone = system.zone.replace("127.0.0.66", "127.0.0.1")'
ONE_LINE = (
    'system.zone = "@ 300 IN SOA ns.ticker.example. hostmaster.ticker.example. 2 7200 3600 604800 300\\n"'
    ' "@ 300 IN NS ns\\nns 300 IN A 127.0.0.1\\nwww 300 IN A 127.0.0.1\\n"'
)

WRONG = [
    ("20-journey", "first there has to be something", 'order = "bdcfeag"'),
    ("20-journey", "too early is lost", 'order = "bdcefga"'),
    ("20-journey", "what is missing has to come first", 'order = "bcdefag"'),
    ("20-journey", "Write all seven", 'order = "bdcefa"'),
    wrong("20-rule", "one share became two".capitalize(), (" / last.split", "")),
    wrong("20-rule", "the wrong way round", ("/ last.split", "* last.split")),
    wrong("20-rule", "A rise is news, too", ("abs(change) < percent", "change > -percent")),
    wrong("20-rule", "Is the sign of the change in the way", ("abs(change) < percent", "change < percent")),
    wrong("20-rule", "the limit itself counts", ("abs(change) < percent", "abs(change) <= percent")),
    wrong(
        "20-rule",
        "compare first, and round only what you write",
        ("abs(change) < percent", "round(abs(change), 1) < percent"),
    ),
    wrong(
        "20-rule",
        "divide by that, not by the last close",
        ("(last.close - base) / base", "(last.close - base) / last.close"),
    ),
    wrong("20-rule", "there is no day before", ("if len(closes) < 2:\n        return None\n    ", "")),
    wrong("20-rule", "do not mix", ("100 * ", "100.0 * ")),
    wrong("20-rule", "compare the last close with the one before", ("closes[-2]", "closes[0]")),
    wrong("20-rule", "not a number of your own", ("abs(change) < percent", "abs(change) < 5")),
    wrong("20-rule", "so the number needs no sign", ("{abs(change):.1f}", "{change:.1f}")),
    wrong(
        "20-rule",
        "leave it as it is",
        ("last = closes[-1]\n    base = closes[-2]", "last = closes.pop()\n    base = closes[-1]"),
    ),
    wrong(
        "20-rule", "Divide by `split`, whatever it is", ("/ last.split", "/ (2 if last.split == 2 else 1)")
    ),
    wrong("20-rule", "only that of the last day", ("/ last.split", "/ max(each.split for each in closes)")),
    wrong("20-rule", "only that of the last day", ("/ last.split", "/ last.split / closes[-2].split")),
    wrong("20-rule", "not an empty text", ("return None\n    return", "return ''\n    return")),
    wrong("20-rule", "Is there a `return`", ("return f", "_ = f")),
    (
        "20-rule",
        "Only the last day is news",
        """
def moved(closes, percent=5):
    for before, last in zip(closes, closes[1:]):
        base = before.close / last.split
        change = 100 * (last.close - base) / base
        if abs(change) >= percent:
            return f"{'rose' if change > 0 else 'fell'} by {abs(change):.1f} %"
""",
    ),
    wrong("20-endpoint", "sort by `abs(percent)`", ("-abs(quote.percent)", "-quote.percent")),
    wrong("20-endpoint", "not the smallest", ("-abs(quote.percent)", "abs(quote.percent)")),
    wrong("20-endpoint", "then by ticker", (", quote.stock.ticker))", ", quote.stock.id))")),
    wrong("20-endpoint", "1 is allowed", ("1 <= int", "1 < int")),
    wrong("20-endpoint", "It broke, which is your fault", ("isascii() and wanted.isdecimal()", "isdigit()")),
    wrong(
        "20-endpoint",
        "Nonsense was taken for an answer",
        ("wanted.isascii() and wanted.isdecimal()", 'wanted.replace(".", "").isdecimal()'),
        ("int(wanted)", "int(float(wanted))"),
    ),
    wrong("20-endpoint", "0.00 is a number, too", ("if quote.percent is not None", "if quote.percent")),
    wrong("20-endpoint", "look at the path", ("/api/movers", "/movers")),
    wrong("20-endpoint", "It is asked by GET", ("pages.get", "pages.post")),
    wrong("20-endpoint", "AAA fell", ("str(quote.percent)", "str(abs(quote.percent))")),
    wrong("20-endpoint", "in line 13 of movers.py", ('"limit"', "limit")),
    wrong(
        "20-endpoint",
        "First leave out",
        (" if quote.percent is not None", ""),
        ("-abs(quote.percent)", "-abs(quote.percent or 0)"),
        ("for quote in known]", "for quote in known[: int(wanted)] if quote.percent is not None]"),
    ),
    wrong("20-endpoint", "`quotes(db())`", ("quotes(db())", "quotes()")),
    wrong("20-endpoint", "`quotes(db())`", ("quotes(db())", "quotes(db)")),
    wrong("20-endpoint", "ends without an answer", ("return jsonify", "jsonify")),
    wrong("20-endpoint", "nothing more", ("str(quote.percent)", 'f"{quote.percent:+.1f} %"')),
    wrong(
        "20-endpoint",
        "hides it",
        ('"limit", "5")', '"limit", 5, type=int)'),
        ("wanted.isascii() and wanted.isdecimal() and ", ""),
    ),
    wrong("20-endpoint", "leave it out", (" if quote.percent is not None", "")),
    wrong("20-endpoint", "go as text", ("str(quote.percent)", "float(quote.percent)")),
    wrong(
        "20-endpoint",
        "Without a limit it is five",
        ('request.args.get("limit", "5")', 'request.args["limit"]'),
    ),
    wrong("20-endpoint", "only 1 to 20 is a limit", (" and 1 <= int(wanted) <= 20", "")),
    wrong(
        "20-endpoint",
        "It broke, which is your fault",
        (
            "not (wanted.isascii() and wanted.isdecimal() and 1 <= int(wanted) <= 20)",
            "not 1 <= int(wanted) <= 20",
        ),
    ),
    wrong("20-endpoint", "Five at the most", ('"limit", "5"', '"limit", "20"')),
    wrong("20-endpoint", "movers.py, line", ("def movers():", "def movers()")),
    wrong("20-endpoint", "no blueprint", ("pages = ", "movers_pages = "), ("@pages", "@movers_pages")),
    wrong("20-endpoint", "Return `jsonify", ("jsonify(rows[: int(wanted)])", "str(rows[: int(wanted)])")),
    wrong("20-endpoint", "still the `abort(501)`", ("wanted = ", "abort(501)\n    wanted = ")),
    wrong(
        "20-chart",
        "half the close is no loss",
        ("Adj Close", "Close"),
        ("return ax", "ax.set_title(f'{one} and {other}')\n    return ax"),
    ),
    wrong("20-chart", "not with `plt.plot`", (PLOT, PYPLOT)),
    wrong("20-chart", "as Seaborn does", ("    return ax\n", "")),
    wrong("20-chart", "It begins at 100", ("100 * ratio / ratio.iloc[0]", "ratio")),
    wrong("20-chart", "have none in common", *LONG),
    wrong("20-chart", "where `plt` has", ('ax.set_title(f"{one} beside {other}")', 'ax.title("one")')),
    wrong("20-chart", "other names than `plt`", ("ax.set_ylabel", "ax.ylabel")),
    wrong("20-chart", "a share becomes a column", ("both = wide[[one, other]].dropna()", "both = prices")),
    wrong("20-chart", "turn it round", ("both[one] / both[other]", "both[other] / both[one]")),
    wrong("20-chart", "begin at 100 on the first of them", (".dropna()", ".fillna(1)")),
    wrong("20-chart", "What is 100? Say it", ('    ax.set_ylabel("first day = 100")\n', "")),
    wrong("20-chart", "AAA and BBB in the title", ('f"{one} beside {other}"', '"Relative strength"')),
    wrong(
        "20-chart",
        "work on a copy",
        ("wide = prices.pivot", 'prices["Adj Close"] *= 1.5\n    wide = prices.pivot'),
    ),
    wrong("20-chart", "and as days", (PLOT, "ax.plot((100 * ratio / ratio.iloc[0]).to_numpy())")),
    wrong("20-chart", "and as days", ("ratio.index,", 'ratio.index.strftime("%Y-%m-%d"),')),
    wrong("20-chart", "*these two* lacks", ("wide[[one, other]].dropna()", "wide.dropna()")),
    wrong("20-chart", "Days are missing", (PLOT, "ax.plot(ratio.index[:1], [100.0])")),
    cause("monday", "the error would speak of a mismatch", "dns", "wrong DNS record"),
    cause("monday", "Read the whole sentence of the error", "https", "untrusted authority"),
    cause("monday", "Somebody answered", "https", "dead port"),
    cause("monday", "But where?", "web", "expired certificate"),
    cause("monday", "Choose one of CAUSES", "https", "old certificate"),
    cause("monday", "The other way round", "expired certificate", "https"),
    ("20-monday", "Name the part and the cause", 'monday = "expired certificate"'),
    mend("monday", "it needs a new one", 'system.restart("https")'),
    mend(
        "monday", "with one certificate: it has to be for all three", 'system.certify("www.ticker.example")'
    ),
    mend("monday", "You would be called again", "system.certify(days=1)"),
    cause("tuesday", "He could log in", "ftp", "dead port"),
    cause("tuesday", "no space left", "ftp", "full disk"),
    cause("tuesday", "the site has the prices of that day", "tape", "lost datagrams"),
    cause("tuesday", "But where?", "ftp", "slow query"),
    mend("tuesday", "next month it is too slow again", "system.budget = 10**9"),
    mend("tuesday", "is interrupted, as before", 'system.run("archive")'),
    mend(
        "tuesday", "is interrupted, as before", 'system.sql("CREATE INDEX other ON prices (stock_id, day)")'
    ),
    mend(
        "tuesday",
        "They were somebody's history",
        "system.sql(\"DELETE FROM prices WHERE day < '2013-01-01'\")",
        'system.sql("CREATE INDEX d ON prices (day)")',
    ),
    mend(
        "tuesday", "hides the cause", 'system.sql("CREATE INDEX d ON prices (day)")', "system.budget = 10**9"
    ),
    cause("wednesday", "the address is the one where it always was", "dns", "wrong DNS record"),
    cause("wednesday", "With a wrong key somebody answers", "sms", "wrong key"),
    mend("wednesday", "Nobody listens at the gateway's port", 'system.restart("mail")'),
    mend(
        "wednesday",
        "A notification is gone",
        'system.restart("sms")',
        "system.sql(\"DELETE FROM notifications WHERE state = 'waiting'\")",
    ),
    mend(
        "wednesday",
        "Her text was never handed over",
        'system.restart("sms")',
        "system.sql(\"UPDATE notifications SET state = 'sent', sent_at = created_at\")",
    ),
    mend(
        "wednesday",
        "The mail had arrived, and came once more",
        'system.restart("sms")',
        "system.sql(\"UPDATE notifications SET state = 'waiting', sent_at = NULL\")",
    ),
    cause("thursday", "Where did the others knock?", "https", "dead port"),
    cause("thursday", "Here it met nobody", "https", "expired certificate"),
    mend("monday", "The night shift comes later", "system.hand_over()"),
    mend("thursday", "The old address is still there", 'system.zone += "www IN A 127.0.0.1\\n"'),
    mend("thursday", "still says the old address", 'system.restart("dns")'),
    mend("thursday", "change one line of it", ONE_LINE),
    mend(
        "thursday",
        "has no address at all",
        'system.zone = "\\n".join(line for line in system.zone.splitlines() if not line.startswith("www"))',
    ),
]
