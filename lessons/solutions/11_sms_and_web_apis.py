"""Solutions of the exercises of lesson 11, SMS and web APIs."""

import base64
import hmac
import itertools
import json
import os
import random
import uuid
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlencode

import requests

# As the lesson has them: the alphabet of GSM-7 in the order of its codes, and what takes two units.
GSM7 = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = "\f^{}\\[~]|€"


# 11-form
def send_form(address, account, key, fields):
    """Send the fields of a message as a form, and return the JSON of the answer."""
    login = base64.b64encode(f"{account}:{key}".encode()).decode()
    headers = {"Authorization": f"Basic {login}", "Content-Type": "application/x-www-form-urlencoded"}
    with closing(HTTPConnection(*address, timeout=2)) as connection:
        connection.request("POST", "/v1/messages", urlencode(fields), headers)
        return json.loads(connection.getresponse().read())


# 11-outcome
def outcome(response):
    """Return "sent", "refused" or "later"."""
    if response.status_code == 429 or response.status_code >= 500:
        return "later"
    try:
        code = response.json()["code"]
    except (ValueError, KeyError, TypeError):  # a page; JSON without a code; JSON that is no object
        return "later"
    return "sent" if code == 0 else "refused"


# 11-parts
def count_parts(text):
    """Return the number of parts in which a text travels."""
    if all(sign in GSM7 + EXTENSION for sign in text):
        sizes = [2 if sign in EXTENSION else 1 for sign in text]
        alone, joined = 160, 153
    else:
        sizes = [2 if ord(sign) > 0xFFFF else 1 for sign in text]
        alone, joined = 70, 67
    if sum(sizes) <= alone:
        return 1
    parts, used = 1, 0
    for size in sizes:
        if used + size > joined:
            parts, used = parts + 1, 0
        used += size
    return parts


# 11-secret
def send_alert(url, to, text, log):
    """Send a text with the key from the environment, and return its id."""
    key = os.environ["SMS_KEY"]
    log("sending as ticker")
    address = f"{url}/v1/messages"
    fields = {"to": to, "text": text}
    answer = requests.post(address, json=fields, auth=("ticker", key), timeout=2).json()
    log(f"answer: {answer['message']}")
    if answer["code"] != 0:
        raise RuntimeError(f"{address} did not take it: {answer['message']}")
    return answer["id"]


# 11-retry
def send_once(session, url, fields, sleep, tries=5, timeout=2):
    """Send a message, again if need be, so that it is sent once; return the JSON of the answer."""
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    for attempt in range(tries):
        last = attempt == tries - 1
        pause = random.uniform(0.5, 1) * 0.5 * 2**attempt
        try:
            response = session.post(url, json=fields, headers=headers, timeout=timeout)
            if response.status_code < 500 and response.status_code != 429:
                return response.json()
            if last:
                response.raise_for_status()
            if response.status_code == 429:
                pause = float(response.headers["Retry-After"])
        except (requests.Timeout, requests.ConnectionError, ValueError):  # ValueError: a page, and no JSON
            if last:
                raise
        sleep(pause)
    return None


# 11-webhook
def verify(secret, headers, content, now):
    """Return whether a report was signed with this secret, at most 300 seconds ago."""
    report, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not report or not timestamp.isdecimal() or abs(now - int(timestamp)) > 300:
        return False
    signed = f"{report}.{timestamp}.".encode() + content
    right = b"v1," + base64.b64encode(hmac.digest(secret, signed, "sha256"))
    signatures = headers.get("webhook-signature", "").encode().split()
    return any(hmac.compare_digest(right, each) for each in signatures)


# 11-receiver
receiver = [
    "if not verify(headers, content): return 401",
    'if headers["webhook-id"] in seen: return 204',
    "queue.put_nowait(json.loads(content))",
    'seen.add(headers["webhook-id"])',
    "return 204",
]


# 11-code
def log_in(ask, number, read_code):
    """Return whether the user of a number typed the code that was sent to it."""
    for _ in range(2):
        started = ask("/v1/verifications", {"to": number})
        if started["code"] != 0:
            return False
        answer = {"code": 40}
        while answer["code"] == 40:
            typed = read_code().replace(" ", "")
            answer = ask("/v1/verifications/check", {"id": started["id"], "code": typed})
        if answer["code"] != 41:
            return answer["code"] == 0
    return False


# 11-alert
def send_alerts(share, days, to, send, fall=0.3):
    """Send a text for each real fall, and return the dates of those that were accepted."""
    dates = []
    for (_, _, before), (date, close, after) in itertools.pairwise(days):
        lost = 1 - after / before
        if lost >= fall:
            text = f"{share} fell by {lost:.0%} to {close:.2f} US dollars on {date}."
            if send(f"{share}-{date}-{to}", to, text)["code"] == 0:
                dates.append(date)
    return dates
