"""The chat's protocol without a socket: who is in the room, and which line leads to which lines for whom.

The room asks a newcomer for a name; from then on each line goes to all others:

    → name?          a line that begins with `*` is news, one with `!` a refusal
    ada →
    → * welcome, ada      bob reads: * ada came
    hello →               bob reads: ada: hello
    /msg bob hi →         only bob reads: ada (private): hi
    /who →
    → * here: ada, bob
    bye →
    → bye                 bob reads: * ada left          (再见 is answered with 再见)
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeVar

LONGEST_NAME = 20  # characters
LONGEST_LINE = 1000  # bytes, without its newline
FAREWELLS = ("bye", "再见")
CONTROLS = ("Cc", "Zl", "Zp")  # Unicode's categories of control characters and of ends of lines
TURNING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # would turn round what others read

M = TypeVar("M")


class Delivery(NamedTuple, Generic[M]):
    """A line for some members of the room.

    Attributes:
        to: who gets it.
        line: the text, without its newline.
        close: whether their connection ends after it.
    """

    to: tuple[M, ...]
    line: str
    close: bool = False


class ChatRoom(Generic[M]):
    """Who is in the room. Its methods say who is to be sent what; sending is the server's task.

    A member can be anything that a dictionary can hold: a connection, or a number in a test.

    Args:
        most: how many members it takes, those without a name included.
    """

    def __init__(self, most: int = 100) -> None:
        self.most = most
        self._names: dict[M, str] = {}  # "" until a member has one

    @property
    def names(self) -> list[str]:
        """Who is here, in the order in which they came."""
        return [name for name in self._names.values() if name]

    def come(self, member: M) -> list[Delivery[M]]:
        """Somebody opens the door."""
        if len(self._names) == self.most:
            return [
                Delivery((member,), f"! the room is full, {self.most} are here: come back later", close=True)
            ]
        self._names[member] = ""
        return [Delivery((member,), "name?")]

    def leave(self, member: M, why: str = "") -> list[Delivery[M]]:
        """Somebody is gone, with or without a word; who was not here is left alone.

        Args:
            member: who.
            why: what the others are told of the cause.
        """
        name = self._names.pop(member, "")
        because = f" ({why})" if why else ""
        return [Delivery(tuple(self._others(member)), f"* {name} left{because}")] if name else []

    def hear(self, member: M, line: bytes) -> list[Delivery[M]]:
        """Somebody in the room sends a line.

        Args:
            member: who.
            line: what, without the newline.
        """
        if member not in self._names:
            return []
        line = line.removesuffix(b"\r")
        if len(line) > LONGEST_LINE:
            return self.refuse_endless(member)
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            return self._refuse(member, "that is not UTF-8: send text")
        if text in FAREWELLS:
            return [*self.leave(member), Delivery((member,), text, close=True)]
        if any(unicodedata.category(c) in CONTROLS or c in TURNING for c in text):
            return self._refuse(member, "control characters would harm the others' terminals: send text")
        if not self._names[member]:
            return self._name(member, unicodedata.normalize("NFC", text))
        if text.startswith("/"):
            return self._obey(member, text)
        return [Delivery(tuple(self._others(member)), f"{self._names[member]}: {text}")] if text else []

    def refuse_endless(self, member: M) -> list[Delivery[M]]:
        """Somebody's line is too long, and may never end."""
        return [
            *self.leave(member, "the line was too long"),
            Delivery((member,), f"! a line has at most {LONGEST_LINE:,} bytes", close=True),
        ]

    def refuse_nameless(self, member: M, seconds: float) -> list[Delivery[M]]:
        """Somebody has taken a place for some seconds and still has no name; who has one is left alone."""
        if self._names.get(member) != "":
            return []
        self.leave(member)
        return [Delivery((member,), f"! no name came within {seconds:g} s", close=True)]

    def _name(self, member: M, name: str) -> list[Delivery[M]]:
        if not name:
            return self._refuse(member, "a name cannot be empty: send another")
        if len(name) > LONGEST_NAME:
            return self._refuse(member, f"a name has at most {LONGEST_NAME} characters: send another")
        if not name.isprintable() or any(c.isspace() for c in name) or name.startswith(("/", "*", "!")):
            return self._refuse(member, "a name is one word, and begins with no / * or !: send another")
        if self._called(name) is not None:
            return self._refuse(member, f"{name} is taken: send another name")
        self._names[member] = name
        return [
            Delivery((member,), f"* welcome, {name}"),
            Delivery(tuple(self._others(member)), f"* {name} came"),
        ]

    def _obey(self, member: M, text: str) -> list[Delivery[M]]:
        command, _, rest = text.partition(" ")
        if command == "/who":
            return [Delivery((member,), f"* here: {', '.join(self.names)}")]
        if command != "/msg":
            return self._refuse(member, f"there is no {command[:LONGEST_NAME]}, only /msg and /who")
        name, _, words = rest.partition(" ")
        if not name or not words:
            return self._refuse(member, "say it so: /msg bob hello")
        other = self._called(unicodedata.normalize("NFC", name))
        if other is None:
            return self._refuse(member, f"nobody here is called {name[:LONGEST_NAME]}")
        return [Delivery((other,), f"{self._names[member]} (private): {words}")]

    def _refuse(self, member: M, why: str) -> list[Delivery[M]]:
        return [Delivery((member,), f"! {why}")]

    def _called(self, name: str) -> M | None:
        """The member of a name, in capital letters or not: Ada must not pass for ada."""
        wanted = name.casefold()
        return next((member for member, known in self._names.items() if known.casefold() == wanted), None)

    def _others(self, member: M) -> Iterable[M]:
        return (other for other, name in self._names.items() if name and other != member)
