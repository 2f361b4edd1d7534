"""The questions of lesson 19, charts of shares, and those it asks on earlier lessons."""

from __future__ import annotations

from netlab.exercises.registry import Choice, Quiz, quizzes

quizzes(
    Quiz(
        "19-r1",
        "A web server sends the bytes of a PNG. By what does the browser know that they are a picture?",
        {
            "a": Choice(
                "By the end of the URL, such as `.png`.",
                "A URL is a name. `/chart` may send a picture, and `/a.png` a page.",
            ),
            "b": Choice(
                "By the header field Content-Type.",
                "`image/png`. Looking into the bytes is what it does when nobody said.",
            ),
            "c": Choice(
                "By the status code, such as 200.", "200 says that there is an answer, not of what kind."
            ),
        },
        answer="b",
        objective="07-o2",
        about="07",
    ),
    Quiz(
        "19-r2",
        "How does a picture travel in a mail, where lines are text?",
        {
            "a": Choice(
                "As a link, since mail cannot carry bytes.", "It can, once they are written as text."
            ),
            "b": Choice(
                "As it is; SMTP says first how many bytes follow.",
                "After `DATA` no number is said: a line with a dot ends the mail, and a picture may hold one.",
            ),
            "c": Choice(
                "As a part of a multipart message, in Base64.",
                "Three bytes become four characters: a third more.",
            ),
        },
        answer="c",
        objective="10-o2",
        about="10",
    ),
    Quiz(
        "19-r3",
        "A page of Ticker gets new prices with `fetch()`. Who draws the new line?",
        {
            "a": Choice(
                "JavaScript in the browser, from JSON.",
                "The server sends numbers; the page changes without being loaded again.",
            ),
            "b": Choice(
                "The server; `fetch()` brings a new page.", "Then nothing would be left for the script to do."
            ),
            "c": Choice(
                "Jinja2, from the template of the page.",
                "A template is filled on the server, once, before the page is sent.",
            ),
        },
        answer="a",
        objective="14-o4",
        about="14",
    ),
    Quiz(
        "19-q1",
        "In the wide table of all shares, FB is `NaN` in 2008. What should a chart show there?",
        {
            "a": Choice(
                "The first price, 38.23, as a level line.",
                "Nobody could have bought or sold at it. It would also make 2008 look calm.",
            ),
            "b": Choice(
                "Zero: it was worth nothing.",
                "There was no price, which is another thing than a price of nothing.",
            ),
            "c": Choice("Nothing: the line begins in 2012.", "A gap in the data is a gap in the chart."),
        },
        answer="c",
        objective="19-o1",
    ),
    Quiz(
        "19-q2",
        '`figure, (left, right) = plt.subplots(1, 2)`, and then `plt.title("AAPL")`. Where does the title stand?',
        {
            "a": Choice(
                "Over the right axes.",
                "`plt` works on the current axes, the last that were made. `left.set_title` says which.",
            ),
            "b": Choice(
                "Over the left axes.", "They come first in the tuple; the current ones are those made last."
            ),
            "c": Choice("Over the whole figure.", "That is `figure.suptitle`."),
        },
        answer="a",
        objective="19-o1",
    ),
    Quiz(
        "19-q3",
        "On one day `Close` falls from 48 to 24, and `Adj Close` from 24 to 24. What happened?",
        {
            "a": Choice("A crash of 50 %.", "Then the adjusted price would have fallen by half as well."),
            "b": Choice("A split, two for one.", "Twice as many shares at half the price: nobody is poorer."),
            "c": Choice(
                "A dividend of 2 dollars.",
                "It would have taken 2 dollars off the price: from 48 to about 46.",
            ),
        },
        answer="b",
        objective="19-o2",
    ),
    Quiz(
        "19-q4",
        "A share went from 1 to 10 and then from 10 to 100. How do the two rises look on a logarithmic axis?",
        {
            "a": Choice("Equally high: both are tenfold.", "Equal ratios are equal distances on it."),
            "b": Choice("The second is ten times as high.", "That is the linear axis: 90 dollars against 9."),
            "c": Choice(
                "The first higher: logarithms shrink large numbers.",
                "They shrink differences of large numbers, so that ratios come out equal.",
            ),
        },
        answer="a",
        objective="19-o3",
    ),
    Quiz(
        "19-q5",
        "Which of these charts may have a vertical axis that does not begin at zero?",
        {
            "a": Choice(
                "Bars of the number of alerts a day.", "A bar's length is its number: cut off, it lies."
            ),
            "b": Choice(
                "An area under a curve of visitors.",
                "A filled area is read by its size, so it begins at zero, too.",
            ),
            "c": Choice(
                "A line of a share's price over a month.",
                "A line is read by its slope and place; the scale says where it begins.",
            ),
        },
        answer="c",
        objective="19-o3",
    ),
    Quiz(
        "19-q6",
        "“Buy when the price rises above its 20-day average” earned 900 % in a test. The average was computed by `rolling(20, center=True)`. What of it?",
        {
            "a": Choice(
                "The window is too short for thirteen years.",
                "Its length is a matter of taste. What is in it is not.",
            ),
            "b": Choice(
                "Nothing: it knew nine days of the future.",
                "Each average held the nine days to come. Looking back only, the profit must be measured again.",
            ),
            "c": Choice(
                "It is sound, as long as the prices are adjusted.",
                "They should be, and still the rule looks ahead.",
            ),
        },
        answer="b",
        objective="19-o4",
    ),
    Quiz(
        "19-q7",
        "A share has a drawdown of −80 %. By how much must it rise to be where it was?",
        {
            "a": Choice("By 80 %.", "80 % of the little that is left: from 20 to 36."),
            "b": Choice("By 160 %.", "From 20 to 52."),
            "c": Choice("By 400 %.", "From 20 to 100: five times as much. Apple did it from 2003 to 2005."),
        },
        answer="c",
        objective="19-o4",
    ),
    Quiz(
        "19-q8",
        '`sns.boxplot(table, x="year", y="return", hue="Ticker")`. How must the table look?',
        {
            "a": Choice(
                "Long: a row for each year, share and return.",
                "Each role is a column. A wide table has the shares in its column names, where no role finds them.",
            ),
            "b": Choice(
                "Wide: a column for each share, a row a year.",
                "Then there is no column `Ticker` to be named.",
            ),
            "c": Choice(
                "Already grouped, with the median and quartiles.",
                "Seaborn computes them; it wants the observations.",
            ),
        },
        answer="a",
        objective="19-o1",
    ),
    Quiz(
        "19-q9",
        "A web site draws each chart with `plt.subplots()`, and after a week its memory is full. Why?",
        {
            "a": Choice(
                "A PNG is large, and the server keeps each answer.", "It sends the bytes and forgets them."
            ),
            "b": Choice(
                "pyplot keeps each figure until it is closed.",
                "It thinks of somebody who still wants to see it. `Figure()` is on nobody's list.",
            ),
            "c": Choice(
                "Matplotlib is not made for servers.",
                "It draws there as well as anywhere, with figures of its own for each request.",
            ),
        },
        answer="b",
        objective="19-o5",
    ),
    Quiz(
        "19-q10",
        "A printed report needs a chart of 250 candles, sharp at any size. What do you send?",
        {
            "a": Choice("A PNG at 100 dpi, enlarged.", "Enlarged pixels are large pixels."),
            "b": Choice(
                "A screenshot of the interactive chart.",
                "That is a PNG, too, with the resolution of your screen.",
            ),
            "c": Choice(
                "A PDF or SVG, made of lines.",
                "They hold words, too, as words. For tens of thousands of marks a PNG at 300 dpi would be smaller.",
            ),
        },
        answer="c",
        objective="19-o5",
    ),
)
