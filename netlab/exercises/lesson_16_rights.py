"""The exercises of lesson 16 on what is allowed: who may do what with which object, and where a server may go."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from netlab.exercises.registry import exercise
from netlab.exercises.trial import Trial

OTHERS = "A permission for *one's own* asks for the owner: `alert.owner == user.id`. Logged in is not enough."


def person(number: int, role: str = "user", active: bool = True) -> Any:
    """A user."""
    return SimpleNamespace(id=number, role=role, active=active)


@exercise(
    "16-access",
    title="Who may do what, with which alert",
    objective="16-o4",
    points=3,
    hints=(
        "A table first: `RULES = {\"user\": {\"read\": \"own\", \"change\": \"own\", \"delete\": \"own\"}, \"analyst\": {\"read\": \"any\", \"change\": \"own\"}, …}`.",
        "`reach = RULES.get(user.role, {}).get(action)`: a role or an action that nobody knows gives None, and None is no.",
        "`return reach == \"any\" or (reach == \"own\" and alert.owner == user.id)`.",
        "Before all that: `if user is None or not user.active: return False`.",
    ),
    passed="Default is no; each yes stands in a table that somebody can read, and asks for the object.",
)  # fmt: skip
def access(t: Trial, may: Callable[[Any, str, Any], bool]) -> None:
    """Every role, every action, one's own and others' alerts."""
    own, others = SimpleNamespace(id=1, owner=7), SimpleNamespace(id=2, owner=8)
    table = {
        "user": {"own": {"read", "change", "delete"}, "any": set()},
        "analyst": {"own": {"read", "change"}, "any": {"read"}},
        "administrator": {"own": {"read", "change", "delete"}, "any": {"read", "delete"}},
    }
    reasons = {
        ("user", "read"): OTHERS, ("user", "change"): OTHERS, ("user", "delete"): OTHERS,
        ("analyst", "change"): "An analyst reads all alerts and changes her own only. " + OTHERS,
        ("analyst", "delete"): "Analysts delete nothing: what does not stand in the table is forbidden.",
        ("administrator", "change"): "An administrator may remove somebody's alert, and not put words into their mouth: change is for one's own.",
    }  # fmt: skip
    for role, allowed in table.items():
        for action in ("read", "change", "delete"):
            for whose, alert in (("their own", own), ("another's", others)):
                expected = action in allowed["any"] or (whose == "their own" and action in allowed["own"])
                with t.case(
                    f"{role}: {action} {whose}", {KeyError: "What nobody knows is forbidden: `.get`."}
                ) as case:
                    words = reasons.get((role, action), "Look into the table above: this one is allowed.")
                    came = may(person(7, role), action, alert)
                    nothing = "The no is an answer, too: end with `return False`."
                    wrong = [] if expected else [(None, nothing)]
                    case.expect(bool(came) if came is not None else came, expected, wrong, advice=words)
    errors: dict[type[BaseException], str] = {
        KeyError: "A role or an action that nobody knows is forbidden, and no reason to fail: `.get(…)`.",
        AttributeError: "Nobody is logged in: `user` is None. Ask that first.",
    }
    default = "What does not stand in the table is forbidden: a new role begins with nothing."
    for what, user, action, words in (
        ("a suspended user", person(7, active=False), "read", "Suspended is suspended, whatever the role may do: `user.active`."),
        ("a suspended administrator", person(1, "administrator", active=False), "delete", "Suspended is suspended, whatever the role may do: `user.active`."),
        ("nobody", None, "read", "Nobody is logged in: `user` is None. That is a no."),
        ("a role that nobody knows", person(7, "intern"), "read", default),
        ("an action that nobody knows", person(7, "administrator"), "publish", default),
        ("a role in capitals", person(7, "Administrator"), "delete", default),
    ):  # fmt: skip
        with t.case(what, errors) as case:
            case.expect(bool(may(user, action, own)), False, advice=words)


PUBLIC = "93.184.215.14"
HOSTS: dict[str, list[str]] = {
    "partner.example": [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c"],
    "inside.example": ["127.0.0.1"],
    "office.example": ["10.1.2.3"],
    "lan.example": ["192.168.1.1"],
    "cloud.example": ["169.254.169.254"],
    "six.example": ["::1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "local6.example": ["fd00::1"],
    "shared.example": ["100.100.100.200"],
    "zero.example": ["0.0.0.0"],  # noqa: S104
    "both.example": [PUBLIC, "10.1.2.3"],
    "2130706433": ["127.0.0.1"],
    "127.1": ["127.0.0.1"],
    "127.0.0.1": ["127.0.0.1"],
    "::1": ["::1"],
    PUBLIC: [PUBLIC],
}


def resolve(host: str | None) -> list[str]:
    """The addresses of a host, as the system would say them; names that have none raise an OSError."""
    if host is None:  # as `socket.getaddrinfo` has it
        return ["127.0.0.1", "::1"]
    if host.lower() not in HOSTS:
        raise OSError(f"{host!r} is not known")
    return HOSTS[host.lower()]


@exercise(
    "16-fetch",
    title="Where the server may go for a stranger",
    objective="16-o4",
    points=3,
    hints=(
        "`parts = urlsplit(url)`, then `parts.scheme == \"https\"` and `parts.hostname`; `parts.port` raises ValueError where it is no number.",
        "The host's name says nothing: `addresses = resolve(parts.hostname)`, and `ipaddress.ip_address(each).is_global` for *all* of them.",
        "A name that is not known raises OSError: then the answer is no. So `try: … except (ValueError, OSError): return False`.",
        "User information is a trick to mislead whoever reads: `https://partner.example@inside.example/`. Refuse `parts.username is not None`.",
    ),
    passed="Asked for the inside of its own network, your server says no, whatever the name is that it hides behind.",
)  # fmt: skip
def fetch(t: Trial, may_fetch: Callable[[str, Callable[[str], list[str]]], bool]) -> None:
    """URLs that strangers hand in, and a resolver that knows where they lead."""
    private = (
        "Look at the address behind the name, not at the name: `ipaddress.ip_address(address).is_global`."
    )
    errors: dict[type[BaseException], str] = {
        OSError: "A name that is not known raises OSError; then the answer is no.",
        ValueError: "What cannot be read raises ValueError; then the answer is no.",
        TypeError: "`urlsplit(url).hostname` is None where there is no host: then the answer is no.",
    }
    for url in (
        "https://partner.example/prices.csv",
        "https://PARTNER.example/",
        "HTTPS://partner.example:443/?day=1",
        f"https://{PUBLIC}/",
    ):
        asked = "This name is known. Ask `resolve` for the host alone, `parts.hostname`: in `netloc` stands the port, too."
        with t.case(f"yes: {url}", {**errors, OSError: asked}) as case:
            words = "A partner's site with public addresses, by HTTPS: that is what it is for."
            case.expect(bool(may_fetch(url, resolve)), True, advice=words)
    for url, words in {
        "http://partner.example/": "Over plain HTTP anybody on the way can answer: https only.",
        "file:///etc/passwd": "A file of this server: https only.",
        "gopher://partner.example/": "Only https, by its name: a list of what is allowed, not of what is forbidden.",
        "https://inside.example/": private,
        "https://office.example/": private,
        "https://lan.example/": private,
        "https://cloud.example/latest/meta-data/": private
        + " (169.254.169.254 gives a cloud server's keys.)",
        "https://six.example/": private,
        "https://mapped.example/": private,
        "https://local6.example/": private,
        "https://zero.example/": private,
        "https://shared.example/": "100.64.0.0/10 is shared by the networks of providers and clouds: neither private nor public. Ask for what you allow, `is_global`.",
        "https://127.0.0.1/": private,
        "https://[::1]/": private,
        "https://2130706433/": "That is 127.0.0.1 as one number: ask `resolve`, which knows all ways to write it.",
        "https://127.1/": "That is 127.0.0.1 in short: ask `resolve`, which knows all ways to write it.",
        "https://both.example/": "*All* addresses must be public: which one will be taken, is not in your hands.",
        "https://partner.example@inside.example/": "What stands before `@` is a user's name, not the host.",
        "https://inside.example@partner.example/": "A user name in an address is there to mislead whoever reads it: refuse it.",
        "https://partner.example:8443/": "Another port is another service, often an inner one: 443 or nothing.",
        "https://partner.example:port/": "A port that is no number raises ValueError: no.",
        "https://nowhere.example/": "A name that is not known raises OSError: no.",
        "https://[half/": "What cannot be read raises ValueError: no.",
        "//partner.example/": "No scheme: no.",
        "https:///etc/passwd": "No host: no.",
        "": "Nothing is no URL.",
    }.items():
        with t.case(f"no: {url or 'nothing'}", errors) as case:
            case.expect(bool(may_fetch(url, resolve)), False, advice=words)
