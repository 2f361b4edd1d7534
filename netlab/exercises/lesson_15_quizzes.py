"""The questions of lesson 15, deployment, and those it asks on earlier lessons."""

from __future__ import annotations

from netlab.exercises.registry import Choice, Quiz, quizzes

quizzes(
    Quiz(
        "15-r1",
        "A server takes one client after the other. The first one connects and says nothing. What do the others get?",
        {
            "a": Choice("Their answers: each has a connection of its own.", "The connections are there, in the kernel's queue. Nobody reads from them."),
            "b": Choice("Nothing, until the first one leaves or is thrown out.", "One place of execution, and it waits; a time-out throws out who says nothing. Today you meet the same thing in gunicorn's workers."),
            "c": Choice("A refusal: the port is taken while the first one is there.", "Only when the kernel's queue is full. Until then they are connected, and wait."),
        },
        answer="b",
        objective="04-o1",
        about="04",
    ),
    Quiz(
        "15-r2",
        "A browser meets a certificate that is valid today, and signed by an authority it trusts, but for another name. What does it do?",
        {
            "a": Choice("It shows the page, with a lock.", "Then everybody with any certificate could play your bank."),
            "b": Choice("It asks DNS for that other name.", "It has to be the name in the address line. DNS is not asked for another one."),
            "c": Choice("It refuses, with a warning.", "The name is what you asked for; the certificate has to be for it. Whoever ends TLS needs a certificate for the site's name: today that is nginx."),
        },
        answer="c",
        objective="12-o4",
        about="12",
    ),
    Quiz(
        "15-r3",
        "Ticker's new version needs a column more, in a table that is full of rows. How does it get there?",
        {
            "a": Choice("By a migration, which keeps the rows there are.", "It is a step from one state of the tables to the next, and lies in the repository beside the code that needs it. Today you will see when in a release it is run."),
            "b": Choice("By `create_all()`, which makes what is missing.", "It makes missing tables. A table that is there already it leaves as it is, without the column."),
            "c": Choice("The table is dropped and made anew when the site starts.", "With all its rows: at your desk nobody minds, but users do."),
        },
        answer="a",
        objective="14-o2",
        about="14",
    ),
    Quiz(
        "15-q1",
        "Why is the debug mode of Flask's development server a danger where others can reach it?",
        {
            "a": Choice("It is slow, and its visitors would go elsewhere.", "It is, a little. Slow is no danger."),
            "b": Choice("Its error pages have a console that runs Python.", "The console asks for a PIN, and that is all that stands between a visitor and your machine. The source is shown even without it."),
            "c": Choice("It serves one visitor at a time, and the others wait.", "Since Flask 1.0 it has a thread for each request, without any limit: another problem, but not this one."),
        },
        answer="b",
        objective="15-o1",
    ),
    Quiz(
        "15-q2",
        "gunicorn has 4 sync workers. Four visitors with slow phones send their forms, byte by byte. A fifth asks for the front page. What happens?",
        {
            "a": Choice("A fifth worker is started, and answers it at once.", "gunicorn starts as many workers as you said, not as many as are needed."),
            "b": Choice("It is answered at once: waiting costs no time.", "It costs a worker: a sync worker reads the request to its end, and does nothing else."),
            "c": Choice("It waits until one of the four workers is free.", "One is free when its visitor is done, or thrown out. That is why gunicorn wants a proxy in front that reads slowly and hands on quickly."),
        },
        answer="c",
        objective="15-o1",
    ),
    Quiz(
        "15-q3",
        "A visitor comes by HTTPS, and nginx hands the request on by HTTP. Flask makes `http://` links. What is missing?",
        {
            "a": Choice("X-Forwarded-Proto from nginx, and an app that believes it.", "That is what ProxyFix is for, and Ticker's TICKER_BEHIND_PROXY. From nginx alone: believed from anybody, it would be a hole."),
            "b": Choice("The certificate in gunicorn, so that it speaks TLS as well.", "TLS has ended at nginx: a second one inside would not tell the app what the first one was."),
            "c": Choice("Links that are written with `https://` in the templates.", "Then the site would work nowhere else, and redirects and cookies would still be wrong."),
        },
        answer="a",
        objective="15-o2",
    ),
    Quiz(
        "15-q4",
        "`location /static { alias /srv/ticker/static/; }` — which file does `GET /static../ticker.env` fetch?",
        {
            "a": Choice("None: nginx removes `..` from paths.", "It does, where `..` is a whole part of the path. `static..` is a name like any other."),
            "b": Choice("/srv/ticker/ticker.env", "`/static` is cut off, and `../ticker.env` is put behind the folder. One slash more in the location, and it is over."),
            "c": Choice("/srv/ticker/static/static../ticker.env", "That would be `root`, which keeps the whole path. `alias` replaces the part that matched."),
        },
        answer="b",
        objective="15-o2",
    ),
    Quiz(
        "15-q5",
        "Where does the key that signs Ticker's cookies belong?",
        {
            "a": Choice("Into the repository, beside the code that uses it.", "Everybody who ever sees the repository has it then, and no history forgets."),
            "b": Choice("Into the container's image, in a file that only root can read.", "Whoever can fetch the image can read each of its layers, also those that a later one deletes."),
            "c": Choice("Into the environment of the process, from a private file.", "systemd's EnvironmentFile, which only its owner can read, or a secret store. And one key for each place: a test machine needs another one."),
        },
        answer="c",
        objective="15-o3",
    ),
    Quiz(
        "15-q6",
        "The database is down for a minute. What should /health/live say meanwhile?",
        {
            "a": Choice("200: the process is fine.", "A supervisor that restarts it would have two troubles. That it cannot work now is what /health/ready says."),
            "b": Choice("503: it cannot work.", "That is the other question: ready. Said here, every process would be killed and started, again and again."),
            "c": Choice("Nothing, until the database is back.", "No answer means dead: it would be killed as well."),
        },
        answer="a",
        objective="15-o4",
    ),
    Quiz(
        "15-q7",
        "The mean of all answers is 40 ms, the 95th percentile 2 s. What do you know?",
        {
            "a": Choice("The measurement is wrong: the two are too far apart.", "Both can be true: a few that take very long hardly move the mean."),
            "b": Choice("One of twenty answers takes 2 s or more.", "The mean hides it, and a page of twenty requests meets it about two times in three. So percentiles are watched, from buckets."),
            "c": Choice("Nineteen of twenty answers take 2 s or more.", "It is the other way round: 95 % of the answers took at most 2 s."),
        },
        answer="b",
        objective="15-o4",
    ),
    Quiz(
        "15-q8",
        "`kill -HUP` to gunicorn's master, and the new code has a mistake that shows at import. What happens?",
        {
            "a": Choice("The old workers go on, and the log shows the mistake.", "A pity, no: they have been told to end already. nginx would go on with its old configuration."),
            "b": Choice("Only requests to the new pages fail, with a 500.", "The module cannot be imported: no page of it exists."),
            "c": Choice("The new workers cannot begin, and gunicorn ends.", "So the new version is tried before: its tests, then a process beside that has to say that it is ready."),
        },
        answer="c",
        objective="15-o5",
    ),
    Quiz(
        "15-q9",
        "Ticker's jobs are started by the app itself, in each of gunicorn's four workers. What do the users notice?",
        {
            "a": Choice("Four mails for an alert, unless the database prevents it.", "Four processes, four schedulers: `max_instances=1` counts within one of them. Ticker has a process of its own for jobs, and claims each notification in the database."),
            "b": Choice("Mails come four times as fast: the four divide the work.", "The same alert is met in all four at the same moment: it is done four times, not divided by four."),
            "c": Choice("Nothing: APScheduler allows one instance of a job at a time.", "In one process. It knows nothing of the three others."),
        },
        answer="a",
        objective="15-o5",
    ),
)  # fmt: skip
