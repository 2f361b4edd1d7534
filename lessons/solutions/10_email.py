"""Solutions of lesson 10."""

import email
import email.policy
import html
import smtplib
from email.message import EmailMessage
from email.utils import localtime, make_msgid
from ipaddress import ip_address, ip_network

# 10-order
dialogue = [
    "EHLO pc.ticker.example",
    "MAIL FROM:<alerts@ticker.example>",
    "RCPT TO:<ada@customer.example>",
    "RCPT TO:<bob@customer.example>",
    "DATA",
    "Subject: AAPL\r\n\r\n430.47\r\n.",
    "QUIT",
]


# 10-dots
def as_data(text):
    wire = b""
    for line in text.replace("\r\n", "\n").removesuffix("\n").split("\n"):
        if line.startswith("."):
            line = "." + line
        wire += line.encode() + b"\r\n"
    return wire + b".\r\n"


# 10-build
def build_alert(to, subject, text, chart, history):
    message = EmailMessage()
    message["From"] = "Ticker <alerts@ticker.example>"
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = localtime()
    message["Message-ID"] = make_msgid(domain="ticker.example")
    message.set_content(text)
    cid = make_msgid(domain="ticker.example")
    source = f'<p>{html.escape(text)}</p><img src="cid:{cid[1:-1]}" alt="Chart of the closing prices">'
    message.add_alternative(source, subtype="html")
    message.get_body("html").add_related(chart, "image", "png", cid=cid)
    message.add_attachment(history, maintype="text", subtype="csv", filename="history.csv")
    return message


# 10-send
def send(message, address, user, password, context):
    with smtplib.SMTP(*address, timeout=2) as client:
        client.starttls(context=context)
        client.login(user, password)
        return client.send_message(message)


# 10-retry
def deliver(send, recipients, wait):
    waiting, failed = list(recipients), {}
    for attempt in range(4):
        if attempt:
            wait()
        try:
            refused = send(waiting)
        except smtplib.SMTPRecipientsRefused as error:
            refused = error.recipients
        codes = {address: code for address, (code, _) in refused.items()}
        failed |= {address: code for address, code in codes.items() if code >= 500}
        late = {address: code for address, code in codes.items() if code < 500}
        waiting = list(late)
        if not waiting:
            break
    return failed | late


# 10-bounce
def failed_recipients(data):
    failed = {}
    message = email.message_from_bytes(data, policy=email.policy.default)
    if message.get_content_type() != "multipart/report":
        return failed
    for part in message.iter_parts():
        if part.get_content_type() == "message/delivery-status":
            for group in part.get_payload()[1:]:
                if str(group["Action"]).strip().lower() == "failed":
                    address = str(group["Final-Recipient"]).partition(";")[2].strip()
                    failed[address] = str(group["Status"]).strip()
    return failed


# 10-new
def fetch_new(client, seen):
    new, names = [], []
    for line in client.uidl()[1]:
        number, name = line.decode().split()
        if name not in seen:
            lines = client.retr(number)[1]
            new.append(email.message_from_bytes(b"\r\n".join(lines), policy=email.policy.default))
            names.append(name)
    seen.update(names)  # last: should the connection break, the next call fetches them all
    return new


# 10-file
def sender_of(client, uid):
    parts = client.uid("FETCH", uid, "(BODY.PEEK[HEADER.FIELDS (FROM)])")[1]
    field = email.message_from_bytes(parts[0][1], policy=email.policy.default)["From"]
    return field.addresses[0].addr_spec


def file_alerts(client):
    client.create("Alerts")
    client.select("INBOX")
    _, (found,) = client.uid("SEARCH", "FROM", '"alerts@ticker.example"')
    uids = [uid for uid in found.split() if sender_of(client, uid) == "alerts@ticker.example"]
    if uids:
        client.uid("MOVE", b",".join(uids), "Alerts")
    return len(uids)


# 10-spf
def spf(ip, record):
    words = (record or "").lower().split()
    if words[:1] != ["v=spf1"]:
        return "none"
    results = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}
    for word in words[1:]:
        sign, rule = (word[0], word[1:]) if word[0] in results else ("+", word)
        kind, _, network = rule.partition(":")
        if kind == "all" or (kind in ("ip4", "ip6") and ip_address(ip) in ip_network(network, strict=False)):
            return results[sign]
    return "neutral"
