"""The chat's protocol: which line leads to which lines for whom."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.servers import ChatRoom


def room_with(*names, most=100):
    room = ChatRoom(most)
    for name in names:
        room.come(name)
        room.hear(name, name.encode())
    return room


def told(deliveries):
    return [(*delivery.to, delivery.line) for delivery in deliveries if delivery.to]


def test_a_newcomer_is_asked_for_a_name():
    assert told(ChatRoom().come(1)) == [(1, "name?")]


def test_a_name_is_welcomed_and_announced():
    room = room_with("ada")
    room.come(2)
    assert told(room.hear(2, b"bob")) == [(2, "* welcome, bob"), ("ada", "* bob came")]
    assert room.names == ["ada", "bob"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("ada", "taken"),
        ("Ada", "taken"),
        ("", "empty"),
        ("x" * 21, "at most 20"),
        ("a b", "one word"),
        ("a\u00a0b", "control|one word"),
        ("/who", "begins with"),
        ("*", "begins with"),
        ("!", "begins with"),
        ("\x1b[2J", "control"),
        ("a\u202eb", "control"),
        ("a\u200bb", "one word"),
    ],
)
def test_a_name_that_will_not_do_is_refused_and_another_may_follow(name, why):
    room = room_with("ada")
    room.come(2)
    [(to, line)] = told(room.hear(2, name.encode()))
    assert to == 2
    assert line.startswith("! ")
    assert any(words in line for words in why.split("|"))
    assert room.hear(2, b"bob")[0].line == "* welcome, bob"


@pytest.mark.parametrize("name", ["x", "x" * 20, "李雷", "naïve", "Zoë", "🦊"])
def test_names_of_all_the_world_are_welcome(name):
    assert room_with(name).names == [name]


def test_a_line_goes_to_all_others_who_have_a_name():
    room = room_with("ada", "bob", "eve")
    room.come("stranger")
    [delivery] = room.hear("ada", "héllo 再见!".encode())
    assert delivery == (("bob", "eve"), "ada: héllo 再见!", False)


def test_a_carriage_return_belongs_to_the_newline():
    assert told(room_with("ada", "bob").hear("ada", b"hi\r")) == [("bob", "ada: hi")]


def test_an_empty_line_is_nothing():
    assert room_with("ada", "bob").hear("ada", b"") == []


def test_a_private_message_is_for_one():
    room = room_with("ada", "bob", "eve")
    assert told(room.hear("ada", b"/msg bob hi you")) == [("bob", "ada (private): hi you")]
    assert told(room.hear("ada", b"/msg BOB hi")) == [("bob", "ada (private): hi")]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"/msg", "say it so: /msg bob hello"),
        (b"/msg bob", "say it so"),
        (b"/msg  hi", "say it so"),
        (b"/msg zed hi", "nobody here is called zed"),
        (b"/shout", "only /msg and /who"),
        (b"\xff\xfe", "not UTF-8"),
        (b"bell \x07", "control characters"),
        ("two\u2028lines".encode(), "control characters"),
    ],
)
def test_what_cannot_be_done_is_refused_to_the_sender_alone(line, why):
    [(to, text)] = told(room_with("ada", "bob").hear("ada", line))
    assert to == "ada"
    assert text.startswith("! ")
    assert why in text


def test_who_lists_the_names():
    room = room_with("ada", "bob")
    room.come("stranger")
    assert told(room.hear("ada", b"/who")) == [("ada", "* here: ada, bob")]


@pytest.mark.parametrize("word", ["bye", "再见"])
def test_a_farewell_is_answered_in_kind_and_announced(word):
    room = room_with("ada", "bob")
    assert room.hear("ada", word.encode()) == [(("bob",), "* ada left", False), (("ada",), word, True)]
    assert room.names == ["bob"]


def test_a_farewell_before_a_name_is_no_name():
    room = room_with("ada")
    room.come(2)
    assert told(room.hear(2, b"bye")) == [(2, "bye")]


def test_who_leaves_without_a_word_is_announced_once():
    room = room_with("ada", "bob")
    assert told(room.leave("ada", "crashed")) == [("bob", "* ada left (crashed)")]
    assert room.leave("ada") == []
    assert room.hear("ada", b"still here") == []


def test_who_left_without_a_name_was_never_here():
    room = room_with("ada")
    room.come(2)
    assert room.leave(2) == []


def test_a_name_is_free_again_after_its_owner_left():
    room = room_with("ada", "bob")
    room.leave("ada")
    room.come(3)
    assert room.hear(3, b"ada")[0].line == "* welcome, ada"


def test_a_line_of_1000_bytes_is_heard_and_a_longer_one_ends_the_visit():
    room = room_with("ada", "bob")
    assert told(room.hear("ada", b"x" * 1000 + b"\r")) == [("bob", "ada: " + "x" * 1000)]
    left, refused = room.hear("ada", b"x" * 1001)
    assert left.line == "* ada left (the line was too long)"
    assert refused == (("ada",), "! a line has at most 1,000 bytes", True)


def test_a_full_room_sends_newcomers_away():
    room = room_with("ada", "bob", most=2)
    [delivery] = room.come(3)
    assert delivery.close
    assert "full" in delivery.line
    assert room.hear(3, b"eve") == []
    room.leave("ada")
    assert told(room.come(4)) == [(4, "name?")]


steps = st.one_of(
    st.tuples(st.sampled_from(["come", "leave"]), st.integers(0, 4)),
    st.tuples(
        st.just("hear"),
        st.integers(0, 4),
        st.binary(max_size=12) | st.sampled_from([b"ada", b"/who", b"bye"]),
    ),
)


@given(st.lists(steps, max_size=40))
def test_whatever_happens_lines_are_single_and_reach_those_inside_only(story):
    room, inside = ChatRoom(4), set()
    for step, member, *line in story:
        if step == "come" and member in inside:
            continue
        deliveries = getattr(room, step)(member, *line)
        inside |= {member} if step == "come" else set()
        for to, text, _ in deliveries:
            assert set(to) <= inside
            assert len(text.splitlines()) == 1
        inside -= {m for to, _, close in deliveries if close for m in to} | (
            {member} if step == "leave" else set()
        )
        assert len(room.names) == len({name.casefold() for name in room.names}) <= 4
