"""Solutions of the exercises of lesson 19, charts of shares."""

import math
from email.message import EmailMessage
from io import BytesIO

import numpy as np
import plotly.graph_objects as go
import seaborn as sns
from flask import Flask, Response, abort
from matplotlib.figure import Figure


# 19-wide
def closes(prices):
    """Return the closing prices of a long table: a row a day, a column a share."""
    return prices.pivot(index="Date", columns="Ticker", values="Close")


# 19-draw
def draw_closes(ax, name, dates, closes):
    """Draw closing prices as a line on the axes, and return the axes."""
    ax.plot(dates, closes)
    ax.set_title(f"{name}, closing prices")
    ax.set_ylabel("US dollars")
    return ax


# 19-splits
def find_splits(prices):
    """Return the date and ratio of each split of one share."""
    raw = prices["Close"].shift() / prices["Close"]
    adjusted = prices["Adj Close"].shift() / prices["Adj Close"]
    ratio = raw / adjusted
    return ratio[(ratio > 1.25) | (ratio < 0.8)].round(2).to_dict()


# 19-honest
def draw_bars(ax, last):
    """Draw the last price of each share as a bar; `last` is a dictionary from name to US dollars."""
    names = sorted(last, key=last.get)
    values = [last[name] for name in names]
    ax.bar(names, values, color="#0b5c94")
    ax.set_ylim(0, 1.05 * max(values))
    ax.set_ylabel("US dollars")
    ax.set_title("Last closing price")
    return ax


# 19-average
def moving_average(closes, days):
    """Return the mean of each day and the days before it, `days` in all."""
    return closes.rolling(days).mean()


# 19-order
def volatility(closes):
    """Return the volatility of closing prices, in percent a year."""
    ratios = closes / closes.shift()
    returns = np.log(ratios)
    daily = returns.std()
    yearly = daily * math.sqrt(252)
    return 100 * yearly


# 19-drawdown
def drawdown(closes):
    """Return for each day how far it is below the highest price up to then."""
    return closes / closes.cummax() - 1


# 19-tidy
def tidy_prices(wide):
    """Return a tidy table of a wide one: a row for each price, with `Date`, `Ticker` and `Close`."""
    return wide.melt(ignore_index=False, value_name="Close").dropna().reset_index()


def draw_shares(ax, tidy):
    """Draw a line for each share of a tidy table on the axes, by Seaborn, and return the axes."""
    sns.lineplot(tidy, x="Date", y="Close", hue="Ticker", palette="colorblind", ax=ax)
    ax.set_ylabel("US dollars")
    return ax


# 19-png
def make_site(prices):
    """Return a Flask application that shows each column of a wide table as a PNG."""
    site = Flask("pictures")

    @site.get("/<name>.png")
    def picture_of(name):
        if name not in prices:
            abort(404)
        ax = Figure().subplots()
        ax.plot(prices.index, prices[name])
        file = BytesIO()
        ax.figure.savefig(file, format="png")
        return Response(file.getvalue(), mimetype="image/png")

    return site


# 19-page
def save_chart(path, name, days):
    """Write a page to `path`: an interactive chart that tells date, price and volume under the mouse."""
    told = "%{x|%d %B %Y}<br>%{y:.2f} US dollars<br>%{customdata:,} shares<extra></extra>"
    line = go.Scatter(x=days.index, y=days["Close"], customdata=days["Volume"], hovertemplate=told)
    figure = go.Figure(line)
    figure.update_layout(title=f"{name}, closing prices", yaxis_title="US dollars")
    figure.write_html(path)


# 19-mail
def chart_mail(to, share, png, alt):
    """Return an e-mail with the picture `png` of a share attached, and `alt` in its text."""
    message = EmailMessage()
    message["From"], message["To"] = "alerts@ticker.example", to
    message["Subject"] = f"{share}: a chart"
    message.set_content(f"The chart is attached. {alt}")
    message.add_attachment(png, "image", "png", filename=f"{share}.png")
    return message
