"""Typical wrong answers of lesson 11: the exercise, words that the report must hold, and the student's code."""

FORM = """
def send_form(address, account, key, fields):
    login = base64.b64encode(f"{{account}}:{key}".encode()).decode()
    headers = {{{authorization}{kind}}}
    with closing(HTTPConnection(*address, timeout=2)) as connection:
        connection.request("{method}", "{path}", {content}, headers)
        response = connection.getresponse()
        {check}
        return {result}
"""
LOGIN = '"Authorization": f"Basic {login}", '
BY_REQUESTS = """
def send_form(address, account, key, fields):
    url = f"http://{address[0]}:{address[1]}/v1/messages"
    return requests.post(url, data=fields, auth=(account, key), timeout=2).json()
"""


def form(**parts):
    right = {
        "key": "{key}",
        "authorization": LOGIN,
        "kind": '"Content-Type": "application/x-www-form-urlencoded"',
        "method": "POST",
        "path": "/v1/messages",
        "content": "urlencode(fields)",
        "check": "pass",
        "result": "json.loads(response.read())",
    }
    return FORM.format(**right | parts)


BY_HAND = '"&".join(f"{name}={value}" for name, value in fields.items())'
TWO_FIELDS = 'urlencode({"to": fields["to"], "text": fields["text"]})'

OUTCOME = """
def outcome(response):
    {first}
    {status}
    try:
        answer = response.json()
        {code}
    except ({html}):
        return "{page}"
    return {result}
"""


def outcomes(**parts):
    right = {
        "first": "pass",
        "status": 'if response.status_code == 429 or response.status_code >= 500: return "later"',
        "code": 'answer["code"]',
        "html": "ValueError, KeyError, TypeError",
        "page": "later",
        "result": '"sent" if answer["code"] == 0 else "refused"',
    }
    return OUTCOME.format(**right | parts)


NOT_OK = 'if 400 <= response.status_code < 500 and response.status_code != 429: return "refused"'
LISTED = 'if response.status_code in (429, 500, 503): return "later"'
FALSY = '"refused" if answer and answer.get("code") else "sent"'

PARTS = """
def count_parts(text):
    if {wide}:
        sizes = [{gsm} for sign in text]
        alone, joined = 160, {joined}
    else:
        sizes = [{ucs} for sign in text]
        alone, joined = 70, 67
    if sum(sizes) <= alone:
        return 1
    {count}
"""
FILL = """parts, used = 1, 0
    for size in sizes:
        if used + size > joined:
            parts, used = parts + 1, 0
        used += size
    return parts"""


def parts(**given):
    right = {
        "wide": "all(sign in GSM7 + EXTENSION for sign in text)",
        "gsm": "2 if sign in EXTENSION else 1",
        "ucs": "2 if ord(sign) > 0xFFFF else 1",
        "joined": "153",
        "count": FILL,
    }
    return PARTS.format(**right | given)


SECRET = """
def send_alert(url, to, text, log):
    key = {key}
    {log}
    address = {address}
    answer = requests.post(address, json={{"to": to, "text": text}}{auth}, timeout=2).json()
    {check}
    return {id}
"""


def secret(**given):
    right = {
        "key": 'os.environ["SMS_KEY"]',
        "log": 'log("sending as ticker")',
        "address": 'f"{url}/v1/messages"',
        "auth": ', auth=("ticker", key)',
        "check": 'if answer["code"] != 0: raise RuntimeError(f"{address} did not take it")',
        "id": 'answer["id"]',
    }
    return SECRET.format(**right | given)


IN_URL = 'f"{url}/v1/messages?key={key}"'
RAISE_KEY = 'if answer["code"] != 0: raise RuntimeError(f"{key} was refused: {answer}")'
BASE64 = 'log("sending with " + base64.b64encode(f"ticker:{key}".encode()).decode())'

NO_WORD = """os.environ.get("SMS_KEY")
    if not key: return None"""

RETRY = """
def send_once(session, url, fields, sleep, tries=5, timeout=2):
    {before}
    for attempt in range(tries):
        {inside}
        last = attempt == tries - 1
        pause = {pause}
        {early}
        try:
            response = session.post(url, json=fields, headers={headers}{timeout})
            {decided}
            if last:
                {broken}
            {limited}
        except ({caught}):
            if last:
                {silent}
        {sleep}
    return None
"""
MAKE_KEY = 'headers = {"Idempotency-Key": str(uuid.uuid4())}'
ONLY_SUCCESS = 'if response.ok and response.json()["code"] == 0: return response.json()'
RAISE_400 = "if response.status_code == 400: response.raise_for_status()\n            "
ONLY_503 = "if response.status_code not in (429, 503): response.raise_for_status(); return response.json()"
IN_SESSION = "headers = {}; session.headers['Idempotency-Key'] = str(uuid.uuid4())"
DECIDED = "if response.status_code < 500 and response.status_code != 429: return response.json()"


def retry(**given):
    right = {
        "before": MAKE_KEY,
        "inside": "pass",
        "pause": "random.uniform(0.5, 1) * 0.5 * 2**attempt",
        "early": "pass",
        "headers": "headers",
        "timeout": ", timeout=timeout",
        "caught": "requests.Timeout, requests.ConnectionError, ValueError",
        "silent": "raise",
        "decided": DECIDED,
        "broken": "response.raise_for_status()",
        "limited": 'if response.status_code == 429: pause = float(response.headers["Retry-After"])',
        "sleep": "sleep(pause)",
    }
    return RETRY.format(**right | given)


WEBHOOK = """
def verify(secret, headers, content, now):
    report, timestamp = {fields}
    {time}
    {content}
    signed = {signed}
    right = {prefix} + base64.b64encode(hmac.digest(secret, signed, "sha256"))
    {signatures}
    return {compare}
"""


def webhook(**given):
    right = {
        "fields": 'headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")',
        "time": "if not timestamp.isdecimal() or abs(now - int(timestamp)) > 300: return False",
        "content": "pass",
        "signed": 'f"{report}.{timestamp}.".encode() + content',
        "prefix": 'b"v1,"',
        "signatures": 'signatures = headers.get("webhook-signature", "").encode().split()',
        "compare": "any(hmac.compare_digest(right, each) for each in signatures)",
    }
    return WEBHOOK.format(**right | given)


AGAIN = "content = json.dumps(json.loads(content)).encode()"
ANY_TIME = "if not timestamp or abs(now - int(timestamp)) > 300: return False"
ONE = 'signatures = [headers.get("webhook-signature", "").encode()]'
INDEXED = 'headers["webhook-id"], headers["webhook-timestamp"]'
AS_TEXT = 'signatures, right = headers.get("webhook-signature", "").split(), right.decode()'
BARE = 'any(hmac.compare_digest(right[3:], each.removeprefix(b"v1,")) for each in signatures)'
PAST = "if not timestamp.isdecimal() or now - int(timestamp) > 300: return False"

VERIFY = "if not verify(headers, content): return 401"
SEEN = 'if headers["webhook-id"] in seen: return 204'
PUT = "queue.put_nowait(json.loads(content))"
ADD = 'seen.add(headers["webhook-id"])'
DONE = "return 204"


def receiver(*lines):
    return f"receiver = {list(lines)!r}"


CODE = """
def log_in(ask, number, read_code):
    for _ in range({codes}):
        started = ask("/v1/verifications", {{"to": number}})
        {start}
        answer = {{"code": 40}}
        while answer["code"] {again}:
            typed = read_code(){clean}
            answer = ask("/v1/verifications/check", {{"id": started["id"], "code": typed}})
            {once}
        if answer["code"] {renew}:
            return {result}
    return False
"""


def code(**given):
    right = {
        "codes": "2",
        "start": 'if started["code"] != 0: return False',
        "again": "== 40",
        "clean": '.replace(" ", "")',
        "once": "pass",
        "renew": "!= 41",
        "result": 'answer["code"] == 0',
    }
    return CODE.format(**right | given)


IMPATIENT = 'if answer.get("tries_left", 9) < 3: return False'

ALERT = """
def send_alerts(share, days, to, send, fall=0.3):
    dates = []
    for {pair} in {pairs}:
        lost = 1 - {after} / before
        if {falls}:
            text = f"{{share}} fell by {{{lost}}} to {{{price}}} US dollars on {{date}}."
            answer = send({key}, to, text)
            {accepted}
                dates.append(date)
    return dates
"""


def alert(**given):
    right = {
        "pair": "(_, _, before), (date, close, after)",
        "pairs": "itertools.pairwise(days)",
        "after": "after",
        "falls": "lost >= fall",
        "lost": "lost:.0%",
        "price": "close:.2f",
        "key": 'f"{share}-{date}-{to}"',
        "accepted": 'if answer["code"] == 0:',
    }
    return ALERT.format(**right | given)


TRADED = "(_, before, _), (date, close, _)"
FIRST_TIME = 'if answer["code"] == 0 and (share, date) not in done and done.add((share, date)) is None:'

WRONG = [
    ("11-form", "Who are you?", form(authorization="")),
    ("11-form", "What is this content?", form(kind='"Content-Type": "text/plain"')),
    ("11-form", "means a blank, so the number arrived without it", form(content=BY_HAND)),
    ("11-form", "`&` ends a pair of a form", form(content=BY_HAND + '.replace("+", "%2B")')),
    ("11-form", "To send something is POST", form(method="GET")),
    ("11-form", "The messages live at", form(path="/messages")),
    ("11-form", "as a dictionary", form(result="response.read()")),
    ("11-form", "whatever the status is", form(check="if response.status != 200: return None")),
    ("11-form", "both as the function is given them", form(key="another")),
    ("11-form", "Send all of `fields`", form(content=TWO_FIELDS)),
    ("11-form", "Use the key that you are given", form(key="a-key-of-the-judge")),
    ("11-form", "By `http.client` here", BY_REQUESTS),
    ("11-form", "`.decode()` at the end", form(authorization=LOGIN.replace("{login}", "{login.encode()}"))),
    ("11-outcome", "HTTP 200 only says", outcomes(first='if response.ok: return "sent"')),
    ("11-outcome", "would be refused again", outcomes(result='"sent" if answer["code"] == 0 else "later"')),
    ("11-outcome", "429 is the one status", outcomes(status='if response.status_code >= 500: return "later"')),
    ("11-outcome", "That is a page for people", outcomes(html="KeyError")),
    ("11-outcome", "a hotel's network answered", outcomes(page="refused")),
    ("11-outcome", "it may pass", outcomes(status='if response.status_code == 429: return "later"', page="refused")),
    ("11-outcome", "502 is the gateway's trouble", outcomes(status=LISTED, page="refused")),
    ("11-outcome", "A proxy wrote this page", outcomes(first=NOT_OK)),
    ("11-outcome", "no object that has a `code`", outcomes(html="ValueError")),
    ("11-outcome", "A key that is missing", outcomes(code="pass", result=FALSY)),
    ("11-parts", "153 units a part", parts(joined="160")),
    ("11-parts", "an escape and a unit of their own", parts(gsm="1")),
    ("11-parts", "is still GSM-7", parts(wide="all(sign in GSM7 for sign in text)")),
    ("11-parts", "the *whole* text is UCS-2", parts(wide="True")),
    ("11-parts", "takes two units of UCS-2", parts(ucs="1")),
    ("11-parts", "No character is cut in two", parts(count="return -(-sum(sizes) // joined)")),
    ("11-parts", "A number of parts is whole", parts(count="return sum(sizes) / joined")),
    ("11-parts", "In UCS-2 a `€` is one unit", parts(ucs="2 if ord(sign) > 0xFFFF or sign in EXTENSION else 1")),
    ("11-secret", "wants Basic authentication", secret(address=IN_URL, auth="")),
    ("11-secret", "A URL is written down", secret(address=IN_URL)),
    ("11-secret", "Logs are read by many", secret(log='log(f"sending as ticker:{key}")')),
    ("11-secret", "which everybody can decode", secret(log=BASE64)),
    ("11-secret", "stored in the notebook", secret(log='print(key); log("sending")')),
    ("11-secret", "Without a log nobody finds out", secret(log="pass")),
    ("11-secret", "An exception travels far", secret(check=RAISE_KEY)),
    ("11-secret", "a piece of the key", secret(log='log(f"sending as ticker:{key[:4]}…")')),
    ("11-secret", "A number is personal", secret(log='log(f"sending to {to}")')),
    ("11-secret", "is a key in git", secret(key='os.environ.get("SMS_KEY", "ticker-4711")')),
    ("11-secret", "ask for it first", secret(key='os.environ.get("SMS_KEY")')),
    ("11-secret", "the caller does not know", secret(key=NO_WORD)),
    ("11-secret", "has to learn that nothing was sent", secret(check="pass", id='answer.get("id")')),
    ("11-retry", "Return the JSON of the answer", retry(decided=DECIDED.replace(".json()", ""))),
    ("11-retry", "not before the first", retry(early="sleep(pause)", sleep="pass")),
    ("11-retry", "A new key makes a new message", retry(before="pass", inside=MAKE_KEY)),
    ("11-retry", "tells it that this is the same request", retry(headers="{}")),
    ("11-retry", "Two calls are two messages", retry(before='headers = {"Idempotency-Key": "ticker-alert"}')),
    ("11-retry", "429 passes", retry(decided="if response.status_code < 500: return response.json()")),
    ("11-retry", "It is worth another try", retry(decided="response.raise_for_status(); return response.json()")),
    ("11-retry", "The gateway has decided", retry(decided=ONLY_SUCCESS)),
    ("11-retry", "It is the gateway's answer", retry(decided=RAISE_400 + DECIDED)),
    ("11-retry", "A timeout may have been bad luck", retry(caught="requests.ConnectTimeout")),
    ("11-retry", "hand on `timeout=timeout`", retry(timeout="")),
    ("11-retry", "you knocked earlier", retry(limited="pass")),
    ("11-retry", "only a 429 of this gateway", retry(limited='pause = float(response.headers["Retry-After"])')),
    ("11-retry", "let `raise_for_status()` raise", retry(broken="return None")),
    ("11-retry", "no JSON: look at the status", retry(broken="return response.json()")),
    ("11-retry", "none after the last", retry(broken="sleep(pause); response.raise_for_status()")),
    ("11-retry", "one of the 500s", retry(decided=ONLY_503)),
    ("11-retry", "This page is a proxy's", retry(caught="requests.Timeout, requests.ConnectionError")),
    ("11-retry", "with his other requests as well", retry(before=IN_SESSION)),
    ("11-retry", "doubled each time", retry(pause="random.uniform(0.25, 0.5)")),
    ("11-retry", "doubled each time", retry(pause="random.uniform(0, 0.5 * 2**attempt)")),
    ("11-retry", "Add chance", retry(pause="0.5 * 2**attempt")),
    ("11-retry", "let the ConnectionError go on", retry(silent="return None")),
    ("11-webhook", "in Base64, behind `v1,`", webhook(signed="content")),
    ("11-webhook", "to parse the JSON and write it again", webhook(content=AGAIN)),
    ("11-webhook", "Only who knows the secret", webhook(compare="len(signatures) > 0")),
    ("11-webhook", "leaves out what he likes", webhook(fields=INDEXED)),
    ("11-webhook", "somebody recorded it", webhook(time="if not timestamp.isdecimal(): return False")),
    ("11-webhook", "A clock may be wrong both ways", webhook(time=PAST)),
    ("11-webhook", "A timestamp that is no number", webhook(time=ANY_TIME)),
    ("11-webhook", "both are used for a while", webhook(signatures=ONE)),
    ("11-webhook", "takes only ASCII as text", webhook(signatures=AS_TEXT)),
    ("11-webhook", "`v1` says how it was signed", webhook(compare=BARE)),
    ("11-webhook", "stop at the first difference", webhook(compare="right in signatures")),
    ("11-receiver", "none is to be added", receiver(VERIFY, PUT, DONE)),
    ("11-receiver", "what stands below is never reached", receiver(VERIFY, DONE, SEEN, PUT, ADD)),
    ("11-receiver", "or it is taken twice", receiver(VERIFY, PUT, SEEN, ADD, DONE)),
    ("11-receiver", "marked as seen before it was in the queue", receiver(VERIFY, SEEN, ADD, PUT, DONE)),
    ("11-receiver", "A forged report got into the queue", receiver(SEEN, PUT, VERIFY, ADD, DONE)),
    ("11-receiver", "A stranger guessed the id", receiver(ADD, VERIFY, SEEN, PUT, DONE)),
    ("11-code", "approved", code(result="False")),
    ("11-code", "take the blanks out", code(clean="")),
    ("11-code", "Leave the code as text", code(clean='.replace(" ", ""); typed = int(typed)')),
    ("11-code", "a typing mistake", code(once="break")),
    ("11-code", "may be typed five times", code(once=IMPATIENT)),
    ("11-code", "has no `status`", code(result='answer["status"] == "approved"')),
    ("11-code", "it is no longer valid", code(codes="1")),
    ("11-code", "One new code is enough", code(codes="9")),
    ("11-code", "only code 40 lets the user type again", code(again="!= 0")),
    ("11-code", "a new code would bring five new tries", code(renew="== 0")),
    ("11-code", "has no id: look at its code first", code(start="pass")),
    ("11-code", "the old one must not open the door", code(start='if started["code"] == 44: return True')),
    ("11-alert", "the adjusted one is for the comparison only", alert(price="after:.2f")),
    ("11-alert", "nobody lost a cent", alert(pair=TRADED, after="close")),
    ("11-alert", "not by chance", alert(key="str(uuid.uuid4())")),
    ("11-alert", "Share *and* date belong to it", alert(key='f"{date}-{to}"')),
    ("11-alert", "The number belongs to the key", alert(key='f"{share}-{date}"')),
    ("11-alert", "Only a fall is a fall", alert(falls="abs(lost) >= fall", lost="abs(lost):.0%")),
    ("11-alert", "The first day has none before it", alert(pairs="zip([days[-1], *days], days)")),
    ("11-alert", "compare with the parameter", alert(falls="lost >= 0.3")),
    ("11-alert", "has the limit itself in it", alert(falls="lost > fall")),
    ("11-alert", "A price has two decimals", alert(price="close")),
    ("11-alert", "rounded and not cut", alert(lost="int(lost * 100) / 100:.0%")),
    ("11-alert", "Only code 0 counts", alert(accepted="if True:")),
    ("11-alert", "Return the list of the dates", alert(accepted="if False:")),
    ("11-alert", "The gateway said 0 again", "done = set()\n" + alert(accepted=FIRST_TIME)),
]  # fmt: skip
