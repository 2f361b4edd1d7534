"""Typical wrong answers of lesson 19: the exercise, words that the report must hold, and the student's code."""


def closes(body):
    return f"def closes(prices):\n    {body}\n"


def draw(body, end="return ax"):
    lines = "".join(f"    {line}\n" for line in (*body, end))
    return f"import matplotlib.pyplot as plt\n\ndef draw_closes(ax, name, dates, closes):\n{lines}"


LINE, TITLE, UNIT = (
    "ax.plot(dates, closes)",
    'ax.set_title(f"{name}, closing")',
    'ax.set_ylabel("US dollars")',
)

SPLITS = """
def find_splits(prices):
    raw = prices["Close"].shift({shift}) / prices["Close"]
    adjusted = prices["Adj Close"].shift({shift}) / prices["Adj Close"]
    ratio = {ratio}
    return ratio[{kept}]{end}
"""


def splits(**parts):
    right = {
        "shift": "",
        "ratio": "raw / adjusted",
        "kept": "(ratio > 1.25) | (ratio < 0.8)",
        "end": ".round(2).to_dict()",
    }
    return SPLITS.format(**right | parts)


BARS = """
def draw_bars(ax, last):
    names = sorted(last, key=last.get)
    values = [last[name] for name in names]
    {first}
    {second}
    {third}
    {title}
    {end}
"""


def bars(
    first="ax.bar(names, values)",
    second="ax.set_ylim(0, 1.1 * max(values))",
    third='ax.set_ylabel("US dollars")',
    title='ax.set_title("Last closing price")',
    end="return ax",
):
    return BARS.format(first=first, second=second, third=third, title=title, end=end)


def average(value):
    return f"def moving_average(closes, days):\n    return {value}\n"


def volatility(*lines):
    body = "".join(f"    {line}\n" for line in lines)
    return f"import math\nimport numpy as np\n\ndef volatility(closes):\n{body}"


RATIOS, RETURNS = "ratios = closes / closes.shift()", "returns = np.log(ratios)"
DAILY, YEARLY = "daily = returns.std()", "yearly = daily * math.sqrt(252)"


def drawdown(value):
    return f"def drawdown(closes):\n    return {value}\n"


SITE = """
from io import BytesIO
import matplotlib.pyplot as plt
from flask import Flask, Response, abort
from matplotlib.figure import Figure

def make_site(prices):
    site = Flask("pictures")
    {before}

    @site.get("{route}")
    def picture_of(name):
        {known}
        {axes}
        {draw}
        file = BytesIO()
        ax.figure.savefig(file, format="{kind}")
        {after}
        return {answer}

    return site
"""


def site(**parts):
    right = {
        "before": "pass",
        "route": "/<name>.png",
        "known": "name in prices or abort(404)",
        "axes": "ax = Figure().subplots()",
        "draw": "ax.plot(prices.index, prices[name])",
        "after": "pass",
        "kind": "png",
        "answer": 'Response(file.getvalue(), mimetype="image/png")',
    }
    return SITE.format(**right | parts)


TIDY = """
import matplotlib.pyplot as plt
import seaborn as sns

def tidy_prices(wide):
    {before}
    return {table}

def draw_shares(ax, tidy):
    {call}
    {unit}
    return {end}
"""


def tidy(**parts):
    right = {
        "before": "pass",
        "table": "wide.melt(ignore_index=False, value_name='Close').dropna().reset_index()",
        "call": "sns.lineplot(tidy, x='Date', y='Close', hue='Ticker', ax=ax)",
        "unit": "ax.set_ylabel('US dollars')",
        "end": "ax",
    }
    return TIDY.format(**right | parts)


PAGE = """
import json
from pathlib import Path
import matplotlib.pyplot as plt
import plotly.express as px
import plotly.graph_objects as go

def save_chart(path, name, days):
    figure = go.Figure(<trace>)
    figure.update_layout(title=<title>, yaxis_title=<unit>)
    <write>
"""


def scatter(told='"%{x}<br>%{y}<br>%{customdata}"', extra="", **columns):
    right = {"x": "days.index", "y": 'days["Close"]', "customdata": 'days["Volume"]'} | columns
    given = ", ".join(f"{name}={value}" for name, value in right.items() if value)
    return f"go.Scatter({given}, hovertemplate={told}{extra})"


def page(**parts):
    right = {
        "trace": scatter(),
        "title": 'f"{name}, closing prices"',
        "unit": '"US dollars"',
        "write": "figure.write_html(path)",
    }
    source = PAGE
    for name, value in (right | parts).items():
        source = source.replace(f"<{name}>", value)
    return source


MAIL = """
import base64
from email.message import EmailMessage

def chart_mail(to, share, png, alt):
    message = EmailMessage()
    message["From"], message["To"] = "alerts@ticker.example", {to}
    message["Subject"] = {subject}
    message.set_content({text})
    {attach}
    return {end}
"""


def mail(**parts):
    right = {
        "to": "to",
        "subject": 'f"{share}: a chart"',
        "text": "alt",
        "attach": 'message.add_attachment(png, "image", "png", filename=f"{share}.png")',
        "end": "message",
    }
    return MAIL.format(**right | parts)


WRONG = [
    ("19-wide", "a table comes back", closes("prices.pivot(index='Date', columns='Ticker', values='Close')")),
    (
        "19-wide",
        "These are the adjusted prices",
        closes("return prices.pivot(index='Date', columns='Ticker', values='Adj Close')"),
    ),
    (
        "19-wide",
        "A zero is a price",
        closes("return prices.pivot(index='Date', columns='Ticker', values='Close').fillna(0)"),
    ),
    (
        "19-wide",
        "Nobody paid that price",
        closes("return prices.pivot(index='Date', columns='Ticker', values='Close').bfill()"),
    ),
    ("19-wide", "`columns` names the column", closes("return prices.set_index('Date')[['Close']]")),
    (
        "19-wide",
        "`index` names the column",
        closes(
            "return prices.assign(n=range(len(prices))).pivot(index='n', columns='Ticker', values='Close')"
        ),
    ),
    (
        "19-wide",
        "Make a new table",
        closes(
            "prices.sort_values('Date', inplace=True)\n    "
            "return prices.pivot(index='Date', columns='Ticker', values='Close')"
        ),
    ),
    (
        "19-wide",
        "takes a single name, not a list",
        closes("return prices.pivot(index='Date', columns='Ticker', values=['Close'])"),
    ),
    (
        "19-wide",
        "the price of before is an invention",
        closes("return prices.pivot(index='Date', columns='Ticker', values='Close').ffill()"),
    ),
    (
        "19-wide",
        "Leave the dates dates",
        closes("return prices.pivot(index='Date', columns='Ticker', values='Close').rename(index=str)"),
    ),
    (
        "19-wide",
        "Sort them",
        closes(
            "return prices.pivot(index='Date', columns='Ticker', values='Close').sort_index(ascending=False)"
        ),
    ),
    (
        "19-wide",
        "drop none",
        closes("return prices.pivot(index='Date', columns='Ticker', values='Close').dropna()"),
    ),
    ("19-draw", "no `'o'` alone", draw(["ax.plot(dates, closes, 'o')", TITLE, UNIT])),
    ("19-draw", "as text they stand", draw(["ax.plot([str(day) for day in dates], closes)", TITLE, UNIT])),
    ("19-draw", "Put it first", draw([LINE, 'ax.set_title("Closing prices of " + name)', UNIT])),
    ("19-draw", "work on the axes that were made last", draw(["plt.plot(dates, closes)", TITLE, UNIT])),
    ("19-draw", "work on the axes that were made last", draw([LINE, "plt.title(name)", UNIT])),
    ("19-draw", "Make no figure", draw(["figure, ax = plt.subplots()", LINE, TITLE, UNIT])),
    ("19-draw", "Make no figure", draw([LINE, TITLE, UNIT, "plt.close(ax.figure)"])),
    ("19-draw", "End with `return ax`", draw([LINE, TITLE, UNIT], end="pass")),
    ("19-draw", "Make the title from `name`", draw([LINE, 'ax.set_title("AAPL, closing prices")', UNIT])),
    ("19-draw", "A price of what", draw([LINE, TITLE])),
    ("19-draw", "First what goes to the right", draw(["ax.plot(closes, dates)", TITLE, UNIT])),
    ("19-draw", "First what goes to the right", draw(["ax.plot(closes)", TITLE, UNIT])),
    ("19-draw", "draws a line", draw(["ax.scatter(dates, closes)", TITLE, UNIT])),
    ("19-splits", "2000-09-29 was a real fall", splits(ratio="raw", kept="(ratio > 1.5) | (ratio < 0.8)")),
    ("19-splits", "look on both sides of 1", splits(kept="ratio > 1.25")),
    ("19-splits", "a dividend, a ratio of 1.11", splits(kept="(ratio > 1.05) | (ratio < 0.8)")),
    ("19-splits", "Turn it round", splits(ratio="(adjusted / raw)")),
    ("19-splits", "the first one at the new price", splits(shift="-1", ratio="adjusted / raw")),
    ("19-splits", "not every split is one into two", splits(end=".round().to_dict()")),
    ("19-splits", "to two decimals: 1.33", splits(end=".to_dict()")),
    ("19-splits", "0.75 is one", splits(kept="(ratio > 1.25) | (ratio < 0.5)")),
    ("19-splits", "has no day before it", splits(kept="~ratio.between(0.8, 1.25)")),
    ("19-splits", "Return a dictionary", splits(end=".round(2)")),
    ("19-splits", "Leave the table as it is", splits(ratio="raw / adjusted; prices['ratio'] = ratio")),
    (
        "19-honest",
        "Bars are read by their length",
        bars(second="ax.set_ylim(0.5 * min(values), max(values))"),
    ),
    ("19-honest", "all of every bar", bars(second="ax.set_ylim(0, 0.9 * max(values))")),
    ("19-honest", "What are these numbers", bars(third="pass")),
    (
        "19-honest",
        "a length means nothing",
        bars(second="ax.set_yscale('log'); ax.set_ylim(0, 900)").replace(
            "ax.set_ylim(0, 900)", "ax.set_ylim(1e-9, 900)"
        ),
    ),
    ("19-honest", "A bar for each share", bars(first="ax.plot(names, values)")),
    (
        "19-honest",
        "The bars themselves begin at 0",
        bars(first="ax.bar(names, values, bottom=100)", second="ax.set_ylim(0, 1000)"),
    ),
    ("19-honest", "Make the end of the axis from the data", bars(second="ax.set_ylim(0, 900)")),
    ("19-honest", "Make the end of the axis from the data", bars(second="ax.set_ylim(0, 9 * max(values))")),
    ("19-honest", "too much ink", bars(first="ax.bar(names, values, width=[v / 1000 for v in values])")),
    ("19-honest", "nobody can read a price", bars(second="ax.set_yticks([])")),
    ("19-honest", "The title was right", bars(title="pass")),
    ("19-honest", "End with `return ax`", bars(end="")),
    ("19-average", "looks ahead by a day", average("closes.rolling(days, center=True).mean()")),
    ("19-average", "leave `NaN`, no `min_periods`", average("closes.rolling(days, min_periods=1).mean()")),
    ("19-average", "no `shift` back", average("closes.rolling(days).mean().shift(1 - days)")),
    ("19-average", "The day itself counts", average("closes.shift().rolling(days).mean()")),
    ("19-average", "A zero is a price", average("closes.rolling(days).mean().fillna(0)")),
    ("19-average", "the width is not always the same", average("closes.rolling(3).mean()")),
    ("19-average", "Drop none of them", average("closes.rolling(days).mean().dropna()")),
    ("19-average", "Return a Series", average("list(closes.rolling(days).mean())")),
    ("19-average", "That is the sum", average("closes.rolling(days).sum()")),
    ("19-average", "not one more", average("closes.rolling(days + 1).mean()")),
    ("19-average", "no turning round", average("closes[::-1].rolling(days).mean()[::-1]")),
    ("19-average", "Make a new Series", average("closes.update(closes.rolling(days).mean()) or closes")),
    ("19-order", "move it down", volatility(RETURNS, RATIOS, DAILY, YEARLY, "return 100 * yearly")),
    ("19-order", "In percent", volatility(RATIOS, RETURNS, DAILY, YEARLY, "return yearly")),
    (
        "19-order",
        "A deviation grows",
        volatility(RATIOS, RETURNS, DAILY, "yearly = daily * 252", "return 100 * yearly"),
    ),
    ("19-drawdown", "the highest *so far* is", drawdown("closes / closes.max() - 1")),
    ("19-drawdown", "Below the top is negative", drawdown("1 - closes / closes.cummax()")),
    ("19-drawdown", "not percent", drawdown("100 * (closes / closes.cummax() - 1)")),
    ("19-drawdown", "divide by it", drawdown("closes - closes.cummax()")),
    ("19-drawdown", "At the top the drawdown is 0", drawdown("closes / closes.cummax()")),
    ("19-drawdown", "not with the day before", drawdown("closes.pct_change()")),
    ("19-drawdown", "not with the first", drawdown("closes / closes.iloc[0] - 1")),
    ("19-drawdown", "Turn it round", drawdown("closes.cummax() / closes - 1")),
    ("19-drawdown", "not by the price of the day", drawdown("(closes - closes.cummax()) / closes")),
    ("19-drawdown", "its own top", drawdown("closes / closes.cummax().shift() - 1")),
    ("19-drawdown", "a drawdown of its own", drawdown("(closes / closes.cummax() - 1).cummin()")),
    ("19-drawdown", "not of the last year", drawdown("closes / closes.rolling(252, 1).max() - 1")),
    ("19-tidy", "Where are the dates", tidy(table="wide.melt(value_name='Close').dropna()")),
    (
        "19-tidy",
        "`reset_index()` makes it a column",
        tidy(table="wide.melt(ignore_index=False, value_name='Close').dropna()"),
    ),
    (
        "19-tidy",
        "The prices have no name yet",
        tidy(table="wide.melt(ignore_index=False).dropna().reset_index()"),
    ),
    ("19-tidy", "It is still wide", tidy(table="wide.reset_index()")),
    (
        "19-tidy",
        "The shares have no name yet",
        tidy(
            table="wide.rename_axis(columns=None).melt(ignore_index=False, value_name='Close').dropna().reset_index()"
        ),
    ),
    (
        "19-tidy",
        "a gap is none",
        tidy(table="wide.melt(ignore_index=False, value_name='Close').reset_index()"),
    ),
    (
        "19-tidy",
        "first `melt`, then `dropna()`",
        tidy(table="wide.dropna().melt(ignore_index=False, value_name='Close').reset_index()"),
    ),
    (
        "19-tidy",
        "Nobody paid those prices",
        tidy(table="wide.bfill().melt(ignore_index=False, value_name='Close').dropna().reset_index()"),
    ),
    (
        "19-tidy",
        "Nobody paid those prices",
        tidy(table="wide.fillna(0).melt(ignore_index=False, value_name='Close').reset_index()"),
    ),
    (
        "19-tidy",
        "Leave the dates dates",
        tidy(
            table="wide.rename(index=str).melt(ignore_index=False, value_name='Close').dropna().reset_index()"
        ),
    ),
    ("19-tidy", "no assignment to `wide", tidy(before="wide['FB'] = wide['FB'].fillna(0)")),
    ("19-tidy", "End with `return`", tidy(table="None")),
    ("19-tidy", "all shares are one", tidy(call="sns.lineplot(tidy, x='Date', y='Close', ax=ax)")),
    (
        "19-tidy",
        "the axes that were made last",
        tidy(call="sns.lineplot(tidy, x='Date', y='Close', hue='Ticker')"),
    ),
    (
        "19-tidy",
        "makes a figure of its own",
        tidy(call="sns.relplot(tidy, kind='line', x='Date', y='Close', hue='Ticker')"),
    ),
    (
        "19-tidy",
        "Points that nothing joins",
        tidy(call="sns.scatterplot(tidy, x='Date', y='Close', hue='Ticker', ax=ax)"),
    ),
    (
        "19-tidy",
        "That was Matplotlib",
        tidy(
            call="[ax.plot(t['Date'], t['Close'], label=n) for n, t in tidy.groupby('Ticker')]; ax.legend()"
        ),
    ),
    (
        "19-tidy",
        "gives each share a colour",
        tidy(call="sns.lineplot(tidy, x='Date', y='Close', units='Ticker', estimator=None, ax=ax)"),
    ),
    (
        "19-tidy",
        "Which line is whose",
        tidy(call="sns.lineplot(tidy, x='Date', y='Close', hue='Ticker', legend=False, ax=ax)"),
    ),
    (
        "19-tidy",
        "may stand beside the wrong line",
        tidy(unit="ax.set_ylabel('US dollars'); ax.legend(sorted(set(tidy['Ticker'])))"),
    ),
    (
        "19-tidy",
        "runs forth and back",
        tidy(call="sns.lineplot(tidy, x='Date', y='Close', hue='Ticker', sort=False, ax=ax)"),
    ),
    (
        "19-tidy",
        "Name the roles",
        tidy(call="sns.lineplot(tidy, x='Close', y='Date', hue='Ticker', ax=ax)"),
    ),
    (
        "19-tidy",
        "the defaults of all charts to come",
        tidy(unit="ax.set_ylabel('US dollars'); sns.set_theme()"),
    ),
    ("19-tidy", "writes the name of the column", tidy(unit="pass")),
    ("19-tidy", "End with `return ax`", tidy(end="None")),
    ("19-page", "stays empty", page(write='figure.write_html(path, include_plotlyjs="cdn")')),
    (
        "19-page",
        "no program that draws them",
        page(write="figure.write_html(path, include_plotlyjs=False)"),
    ),
    ("19-page", "gets lost on the way", page(write='figure.write_html(path, include_plotlyjs="directory")')),
    ("19-page", "Nothing was written", page(write="figure.show()")),
    ("19-page", "the caller says where", page(write='figure.write_html(f"{name}.html")')),
    ("19-page", "A picture does not answer", page(write="plt.figure().savefig(path, format='png')")),
    ("19-page", "a weekend is as long as a day", page(trace=scatter(x=""))),
    ("19-page", "These are the volumes", page(trace=scatter(y='days["Volume"]', customdata='days["Close"]'))),
    ("19-page", "The prices as they are", page(trace=scatter(y='days["Close"] / days["Close"].iloc[0]'))),
    ("19-page", "one trace, one line", page(trace='go.Bar(x=days.index, y=days["Close"])')),
    ("19-page", "one trace, one line", page(trace="")),
    ("19-page", "Join the points", page(trace=scatter(extra=', mode="markers"'))),
    ("19-page", "The volume is missing", page(trace='go.Scatter(x=days.index, y=days["Close"])')),
    ("19-page", "The volume is missing", page(trace=scatter(told='"%{x}: %{y}"'))),
    ("19-page", "That place stays empty", page(trace=scatter(told='"%{x}: %{y}, %{customdata[0]}"'))),
    ("19-page", "replaces all that the chart told", page(trace=scatter(told='"%{x}: %{customdata}"'))),
    ("19-page", "Of which day", page(trace=scatter(told='"%{y}, %{customdata}"'))),
    (
        "19-page",
        "In an f-string the braces are Python's",
        page(trace=scatter(told="f\"%{name}: {days['Close'].iloc[0]}\"")),
    ),
    ("19-page", "Make the title from `name`", page(title='"Closing prices"')),
    ("19-page", "A price of what", page(unit='"Close"')),
    (
        "19-page",
        "Leave the table as it is",
        page(write='days["told"] = days["Volume"].astype(str); figure.write_html(path)'),
    ),
    ("19-png", "No line with the prices", site(draw="ax.set_title(name)")),
    ("19-png", "No line with the prices", site(draw="ax.bar(prices.index, prices[name])")),
    ("19-png", "only the share", site(draw="ax.plot(prices['IBM']); ax.set_title(name)")),
    ("19-png", "only the share", site(draw="ax.plot(prices.index, prices); ax.set_title(name)")),
    ("19-png", "what others still draw on", site(axes="ax = plt.subplots()[1]", after="plt.close('all')")),
    ("19-png", "End with `return site`", site().replace("return site", "return None")),
    ("19-png", "Without it Flask calls it", site(answer="file.getvalue()")),
    ("19-png", "An empty file", site(answer='Response(file.read(), mimetype="image/png")')),
    ("19-png", "Draw the column that is asked for", site(draw="ax.plot(prices.index, prices['IBM'])")),
    ("19-png", "make a new figure for each request", site(before="ax = Figure().subplots()", axes="pass")),
    ("19-png", "raised KeyError", site(known="pass")),
    ("19-png", "There is no such share", site(known="if name not in prices: return 'unknown'")),
    ("19-png", "a leak in a server", site(axes="ax = plt.subplots()[1]")),
    ("19-png", "a PNG", site(kind="svg")),
    ("19-png", "The address is", site(route="/charts/<name>.png")),
    ("19-mail", "Return the message", mail(end="None")),
    ("19-mail", "The mail goes to `to`", mail(to='"bob@customer.example"')),
    (
        "19-mail",
        "no mail program shows it",
        mail(attach='message.add_attachment(png, "application", "octet-stream", filename=f"{share}.png")'),
    ),
    (
        "19-mail",
        "the name under which it is saved",
        mail(attach='message.add_attachment(png, "image", "png", filename="chart.png")'),
    ),
    (
        "19-mail",
        "writes them in Base64 by itself",
        mail(attach='message.add_attachment(base64.b64encode(png), "image", "png", filename=f"{share}.png")'),
    ),
    ("19-mail", "add_attachment(png", mail(attach="pass")),
    ("19-mail", "for who cannot see", mail(text='"The chart is attached."')),
    ("19-mail", "Make the subject from `share`", mail(subject='"A chart"')),
    (
        "19-mail",
        "inside of an HTML text",
        mail(attach='message.add_related(png, "image", "png", filename=f"{share}.png")'),
    ),
    (
        "19-mail",
        "the next share is another one",
        mail(attach='message.add_attachment(png, "image", "png", filename="FB.png")'),
    ),
    ("19-mail", "the next share is another one", mail(subject='"FB, a chart"')),
]
