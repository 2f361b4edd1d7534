"""Typical wrong answers of lesson 10: the exercise, words that the report must hold, and the student's code."""

# ruff: noqa: E501 (lines of code within quotes)

ORDER = """
TEXT = "Subject: AAPL\\r\\n\\r\\n430.47\\r\\n."
EHLO, MAIL, DATA, QUIT = "EHLO pc.ticker.example", "MAIL FROM:<alerts@ticker.example>", "DATA", "QUIT"
ADA, BOB = "RCPT TO:<ada@customer.example>", "RCPT TO:<bob@customer.example>"
dialogue = [{}]
"""

DOTS = """
def as_data(text):
    wire = b""
    for line in {lines}:
        if {dot}:
            line = {more}
        wire += line.encode() + {end}
    return wire{last}
"""

BUILD = """
def build_alert(to, subject, text, chart, history):
    message = EmailMessage()
    message["From"] = "Ticker <alerts@ticker.example>"
    message["To"] = to
    message["Subject"] = {subject}
    {dated}
    {named}
    cid = make_msgid(domain="ticker.example")
    source = f'<p>{{{text}}}</p><img src="cid:{{{cid}}}"{alt}>'
    {bodies}
    {chart}
    {file}
    return message
"""
BODIES = 'message.set_content(text); message.add_alternative(source, subtype="html")'
RELATED = 'message.get_body("html").add_related(chart, "image", "png", cid=cid)'
ATTACH = 'message.add_attachment(history, maintype="text", subtype="csv", filename="history.csv")'

SEND = """
def send(message, address, user, password, context):
    with smtplib.SMTP(*address, timeout=2) as client:
        {tls}
        {login}
        {send}
"""

RETRY = """
def deliver(send, recipients, wait):
    waiting, failed = list(recipients), {{}}
    for attempt in range({attempts}):
        {before}
        try:
            refused = send({to})
        except {error} as error:
            refused = error.recipients
        codes = {{address: code for address, (code, _) in refused.items()}}
        failed.update(codes)
        for address in waiting:
            if address not in codes:
                failed.pop(address, None)
        waiting = [address for address in codes if {again}]
        if not waiting:
            break
        {after}
    return {result}
"""

BOUNCE = """
def failed_recipients(data):
    failed = {{}}
    message = email.message_from_bytes(data, policy=email.policy.default)
    {only}
    for part in message.{parts}():
        if part.get_content_type() == {kind}:
            for group in part.get_payload()[1:]:
                if {action}:
                    failed[{address}] = {status}
    return failed
"""
FAILED = 'str(group["Action"]).strip().lower() == "failed"'
ADDRESS = 'str(group["Final-Recipient"]).partition(";")[2].strip()'
STATUS = 'str(group["Status"]).strip()'

NEW = """
def fetch_new(client, seen):
    new, keys = [], []
    for line in client.uidl()[1]:
        number, name = line.decode().split()
        if {key} not in seen:
            {early}
            lines = client.retr(number)[1]
            new.append(email.message_from_bytes({end}.join(lines){policy}))
            keys.append({key})
            {delete}
    {remember}
    return new
"""

FILE = """
def file_alerts(client):
    {create}
    client.select("INBOX")
    _, (found,) = client.uid("SEARCH", {search}, '"alerts@ticker.example"')
    uids = [uid for uid in found.split() if {really}]
    if uids:
        {move}
    return {count}
"""
CREATE = 'client.create("Alerts")'
COPY = 'client.uid("COPY", b",".join(uids), "Alerts")'

SPF = """
def spf(ip, record):
    {start}
    results = {{"+": "pass", "-": {fail}, "~": "softfail", "?": "neutral"}}
    result = "neutral"
    for word in words[1:]:
        sign, rule = (word[0], word[1:]) if word[0] in results else ("+", word)
        kind, _, network = rule.partition(":")
        if kind == "all" or (kind in ("ip4", "ip6") and {fits}):
            {found}
    return {end}
"""
WORDS = """words = (record or "").lower().split()
    if words[:1] != ["v=spf1"]:
        return "none\""""
FITS = "ip_address(ip) in ip_network(network, strict=False)"


def dots(
    lines='text.replace("\\r\\n", "\\n").removesuffix("\\n").split("\\n")',
    dot='line.startswith(".")',
    more='"." + line',
    end='b"\\r\\n"',
    last=' + b".\\r\\n"',
):
    return DOTS.format(lines=lines, dot=dot, more=more, end=end, last=last)


def build(
    dated='message["Date"] = localtime()',
    named='message["Message-ID"] = make_msgid(domain="ticker.example")',
    subject="subject",
    text="html.escape(text)",
    cid="cid[1:-1]",
    alt=' alt="chart"',
    bodies=BODIES,
    chart=RELATED,
    file=ATTACH,
):
    return BUILD.format(
        dated=dated,
        named=named,
        subject=subject,
        text=text,
        cid=cid,
        alt=alt,
        bodies=bodies,
        chart=chart,
        file=file,
    )


def send(
    tls="client.starttls(context=context)",
    login="client.login(user, password)",
    send="return client.send_message(message)",
):
    return SEND.format(tls=tls, login=login, send=send)


def retry(attempts="4", before="if attempt: wait()", to="waiting", error="smtplib.SMTPRecipientsRefused", again="codes[address] < 500", after="pass", result="failed"):  # fmt: skip
    return RETRY.format(
        attempts=attempts, before=before, to=to, error=error, again=again, after=after, result=result
    )


def bounce(
    only='if message.get_content_type() != "multipart/report": return {}',
    parts="iter_parts",
    kind='"message/delivery-status"',
    action=FAILED,
    address=ADDRESS,
    status=STATUS,
):
    return BOUNCE.format(only=only, parts=parts, kind=kind, action=action, address=address, status=status)


def new(
    key="name",
    early="pass",
    end='b"\\r\\n"',
    policy=", policy=email.policy.default",
    remember="seen.update(keys)",
    delete="pass",
):
    return NEW.format(key=key, early=early, end=end, policy=policy, remember=remember, delete=delete)


def file(
    create=CREATE,
    search='"FROM"',
    really='sender_of(client, uid) == "alerts@ticker.example"',
    move='client.uid("MOVE", b",".join(uids), "Alerts")',
    count="len(uids)",
):
    return FILE.format(create=create, search=search, really=really, move=move, count=count)


def spf(start=WORDS, fail='"fail"', fits=FITS, found="return results[sign]", end="result"):
    return SPF.format(start=start, fail=fail, fits=fits, found=found, end=end)


WRONG = [
    ("10-order", "Recipients belong to a mail", ORDER.format("EHLO, ADA, BOB, MAIL, DATA, TEXT, QUIT")),
    ("10-order", "DATA needs at least one recipient", ORDER.format("EHLO, MAIL, DATA, ADA, BOB, TEXT, QUIT")),
    ("10-order", "EHLO comes first", ORDER.format("MAIL, EHLO, ADA, BOB, DATA, TEXT, QUIT")),
    ("10-order", "until a line with a single dot", ORDER.format("EHLO, MAIL, ADA, BOB, DATA, QUIT, TEXT")),
    ("10-order", "only once the server has said 354", ORDER.format("EHLO, MAIL, ADA, BOB, TEXT, DATA, QUIT")),
    ("10-order", "the last thing to say", ORDER.format("EHLO, MAIL, ADA, QUIT, BOB, DATA, TEXT")),
    ("10-dots", "taken for commands", dots(dot="False")),
    ("10-dots", "not only from a lone dot", dots(dot='line == "."')),
    ("10-dots", "Only a dot at the *beginning*", dots(dot='"." in line', more='line.replace(".", "..")')),
    ("10-order", "Only move the items", "dialogue = None"),
    ("10-order", "a list of the seven items", "dialogue = 5"),
    ("10-dots", "you sent another", dots(lines='text.removesuffix("\\n").split("\\n")')),
    ("10-dots", "an empty line too many", dots(lines='text.replace("\\r\\n", "\\n").split("\\n")')),
    ("10-dots", "`splitlines()` cuts at a dozen characters", dots(lines="text.splitlines()")),
    ("10-dots", "not all of them", dots(lines='text.replace("\\r\\n", "\\n").rstrip("\\n").split("\\n")')),
    ("10-dots", "wait for ever", dots(last="")),
    ("10-dots", "ends with CR and LF", dots(end='b"\\n"', last=' + b".\\n"')),
    ("10-dots", "The first line has no line end in front", """
def as_data(text):
    text = text.replace("\\r\\n", "\\n").removesuffix("\\n") + "\\n"
    return text.replace("\\n", "\\r\\n").replace("\\r\\n.", "\\r\\n..").encode() + b".\\r\\n"
"""),
    ("10-build", "mean something else", build(text="text")),
    ("10-build", "without `<` and `>`", build(cid="cid")),
    ("10-build", "the same id", build(chart='message.get_body("html").add_related(chart, "image", "png", cid="<x@ticker.example>")')),
    ("10-build", "is shown: plain text comes first", build(bodies='message.set_content(source, subtype="html"); message.add_alternative(text)')),
    ("10-build", "gets nothing: set the plain text too", build(bodies='message.set_content(source, subtype="html")', chart='message.add_related(chart, "image", "png", cid=cid)')),
    ("10-build", "whoever cannot see it", build(alt="")),
    ("10-build", "a part of their own", build(chart="pass")),
    ("10-build", "after the alternatives", build(file="pass")),
    ("10-build", "Give the fields plain text", build(subject='"AAPL"')),
    ("10-build", "whoever cannot see it", build(alt=' alt=""')),
    ("10-build", "not to the mail; the file comes last", build(chart=RELATED.replace('get_body("html").', ""))),
    ("10-build", "not to the mail; the file comes last", build(bodies="message.set_content(text); " + ATTACH + "; " + BODIES.partition("; ")[2], file="pass")),
    ("10-build", "missing 2 required positional arguments: 'maintype' and 'subtype', in line", build(file='message.add_attachment(history, filename="history.csv")')),
    ("10-build", "no such key", "def build_alert(*arguments):\n    return {}[arguments[0]]"),
    ("10-build", "when it was written", build(dated="pass")),
    ("10-build", "a new one for each mail", build(named="pass")),
    ("10-build", "a new one for each mail", build(named='message["Message-ID"] = "<1@ticker.example>"')),
    ("10-send", "SMTP_SSL is for port 465", SEND.format(tls="pass", login="client.login(user, password)", send="return client.send_message(message)").replace("smtplib.SMTP(*address, timeout=2)", "smtplib.SMTP_SSL(*address, timeout=2, context=context)")),
    ("10-send", "use the context that you are given", "import ssl\n" + send(tls="client.starttls(context=ssl.create_default_context())")),
    ("10-send", "take STARTTLS out of the greeting", send(tls='client.ehlo(); client.has_extn("starttls") and client.starttls(context=context)')),
    ("10-send", "checks no certificate", send(tls="client.starttls()")),
    ("10-send", "Return what `send_message` returns", send(send="client.send_message(message)")),
    ("10-send", "you log in before you send", send(login="pass")),
    ("10-send", "let the exception pass", "import contextlib\n" + send(login="with contextlib.suppress(smtplib.SMTPAuthenticationError): client.login(user, password)", send="with contextlib.suppress(smtplib.SMTPSenderRefused): return client.send_message(message)")),
    ("10-retry", "has the mail twice", retry(to="recipients")),
    ("10-retry", "from 500 on is for good", retry(again="True")),
    ("10-retry", "catch it, and read", retry(error="smtplib.SMTPDataError")),
    ("10-retry", "mean: not now", retry(again="False", result="{a: c for a, c in failed.items() if c >= 500}")),
    ("10-retry", "Four attempts are enough", retry(attempts="10**9")),
    ("10-retry", "nothing to wait for", retry(before="pass", after="wait()")),
    ("10-retry", "Return who never got it", retry(result="{}")),
    ("10-retry", "let other exceptions pass", retry(error="Exception").replace("error.recipients", "getattr(error, 'recipients', {})")),
    ("10-retry", "let other exceptions pass", retry(error="smtplib.SMTPException").replace("error.recipients", "getattr(error, 'recipients', {})")),
    ("10-retry", "The code alone, without the words", retry(again="codes[address][0] < 500").replace("address: code for address, (code, _)", "address: pair for address, pair")),
    ("10-bounce", "which has no `iter_parts()`", bounce().replace(", policy=email.policy.default", "")),
    ("10-bounce", "goes into attached mails", bounce(only="pass", parts="walk")),
    ("10-bounce", "goes into attached mails", """
def failed_recipients(data):
    failed = {}
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if str(part["Action"]).strip().lower() == "failed":
            failed[str(part["Final-Recipient"]).partition(";")[2].strip()] = str(part["Status"]).strip()
    return failed
"""),
    ("10-bounce", "goes on trying", bounce(action="True")),
    ("10-bounce", "behind `rfc822;`", bounce(address='str(group["Final-Recipient"])')),
    ("10-bounce", "says it more exactly", bounce(status='str(group["Diagnostic-Code"]).split()[1]')),
    ("10-bounce", "in any capitals", bounce(action='group["Action"] == "failed"')),
    ("10-bounce", "an ordinary mail, in which", """
import re
def failed_recipients(data):
    found = re.findall(rb"(?i)final-recipient: *rfc822; *(\\S+)\\r?\\naction: failed\\r?\\nstatus: (\\S+)", data)
    return {address.decode(): status.decode() for address, status in found}
"""),
    ("10-new", "move up when a mail is deleted", new(key="number")),
    ("10-new", "the broken call never returned it", new(early="seen.add(name)", remember="pass")),
    ("10-new", "the broken call never returned it", new().replace("            keys.append(name)", "            seen.add(name)")),
    ("10-new", "not an EmailMessage", new(policy="")),
    ("10-new", "have lost their ends", new(end='b""')),
    ("10-new", "which the caller keeps", new(remember="pass")),
    ("10-new", "other programs read this inbox too", new(delete="client.dele(number)")),
    ("10-new", "every mail is new", "def fetch_new(client, seen):\n    return []"),
    ("10-file", "Use UIDs, which stay", """
def file_alerts(client):
    client.create("Alerts")
    client.select("INBOX")
    _, found = client.search(None, "FROM", '"alerts@ticker.example"')
    for number in found[0].split():
        client.copy(number, "Alerts")
        client.store(number, "+FLAGS", r"(\\Deleted)")
        client.expunge()
    return len(found[0].split())
"""),
    ("10-file", "`sender_of` wants a UID", file().replace('uid("SEARCH", ', "search(None, ")),
    ("10-file", "`create` it first", file(create="pass")),
    ("10-file", "looks at the sender", file(search='"TEXT"', really="True")),
    ("10-file", "Copies are left in the inbox", file(move=COPY)),
    ("10-file", "in whose From the text stands *anywhere*", file(really="True")),
    ("10-file", "whoever marked it", file(move=COPY + """; client.uid("STORE", b",".join(uids), "+FLAGS", r"(\\Deleted)"); client.expunge()""")),
    ("10-file", "Fetching a body marks a mail as read", file(create='client.create("Alerts"); client.select("INBOX"); [client.fetch(n, "(RFC822)") for n in client.search(None, "ALL")[1][0].split()]')),
    ("10-file", "leave MOVE out", file().replace("    if uids:\n    ", "")),
    ("10-file", "Return how many", file(count="None")),
    ("10-spf", "which may end within a number", spf(fits='(ip == network or network.endswith("/24") and ip.startswith(network[:-4]) or network.endswith("/64") and ip.startswith(network[:-4]))')),
    ("10-spf", "strict=False", spf(fits="ip_address(ip) in ip_network(network)")),
    ("10-spf", "has the sign `+`: pass", spf().replace('else ("+", word)', 'else ("?" if word == "all" else "+", word)')),
    ("10-spf", "Pass over rules of other kinds", spf().replace('(kind in ("ip4", "ip6") and ', "(")),
    ("10-spf", "As text one begins like the other", spf(fits="(ip.startswith(network) or ip_address(ip) in ip_network(network, strict=False))")),
    ("10-spf", "256 addresses are in it", spf(fits="ip == network")),
    ("10-spf", "the *first* that fits decides", spf(found="result = results[sign]")),
    ("10-spf", "not only to begin so", spf(start='words = (record or "").lower().split()\n    if not (record or "").lower().startswith("v=spf1"): return "none"')),
    ("10-spf", "Capitals do not matter", spf(start='words = (record or "").split()\n    if words[:1] != ["v=spf1"]: return "none"')),
    ("10-spf", "Nothing fitted, and nothing was said", spf(end='"fail"')),
    ("10-spf", "`~` is softfail", spf(fail='"softfail"')),
    ("10-spf", "then it is None", spf(start='words = record.lower().split()\n    if words[:1] != ["v=spf1"]: return "none"')),
]  # fmt: skip
