"""Stock charts, in the manner of seaborn: a table of prices in, Matplotlib's axes out.

    tables.py    what a table of prices must be; every mistake in it is told with its remedy
    numbers.py   moving averages, bands, returns, volatility, drawdown: no Matplotlib
    dates.py     axes of dates, with the days on which nothing is traded or without them
    bars.py      the marks of candles, OHLC bars and volumes
    colours.py   colours for rising and falling, safe for colour-blind readers
    frame.py     where a chart is drawn, its title, its unit and its source
    words.py     what a chart shows in words, kept with its axes

Each chart has a module of its own. They are used as `netlab.charts.price(…)`, `netlab.charts.candlestick(…)` and
so on; `netlab.charts.picture(ax)` turns one into a PNG or SVG that carries its words along.

No chart changes Matplotlib's settings. Given `ax`, it draws there and touches nothing of pyplot; without one it
opens a new figure with pyplot, as seaborn does.
"""
