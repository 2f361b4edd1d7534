"""The store of mail: accounts, folders, messages, and many threads at them."""

import threading
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.errors import OptionError
from netlab.servers import Mailbox
from netlab.servers.folder import with_crlf
from netlab.servers.mailbox import LONGEST_NAME, MOST_FOLDERS, FolderError

ADA = "ada@ticker.example"
MAIL = b"From: Bob <bob@ticker.example>\r\nSubject: =?utf-8?q?B=C3=B6rse?=\r\n\r\nsell\r\n"


@pytest.fixture
def account(mailbox):
    return mailbox[ADA]


def test_a_user_is_found_in_any_capitals(mailbox):
    assert mailbox["ADA@Ticker.Example"] is mailbox[ADA]
    assert mailbox.find("eve@ticker.example") is None


def test_an_unknown_user_is_told_who_there_is(mailbox):
    with pytest.raises(
        KeyError, match=r"Nobody here has the address 'eve@x'. There are: ada@ticker.example, bob@"
    ):
        mailbox["eve@x"]


@pytest.mark.parametrize("address", ["ada", "@x", "ada@", ""])
def test_an_address_has_a_name_and_a_domain(address):
    with pytest.raises(OptionError, match=r"is not a mail address: write it as 'ada@ticker\.example'"):
        Mailbox({address: "x"})


def test_only_the_right_password_opens_an_account(mailbox):
    assert mailbox.login(ADA, "lovelace") is mailbox[ADA]
    assert mailbox.login(ADA, "builder") is None
    assert mailbox.login("eve@x", "lovelace") is None


def test_a_delivered_mail_keeps_its_envelope(mailbox):
    message = mailbox.deliver(ADA, MAIL, sender="bob@ticker.example", recipients=(ADA, "x@y"))
    assert list(mailbox[ADA].inbox) == [message]
    assert (message.uid, message.data, message.flags) == (1, MAIL, frozenset())
    assert (message.sender, message.recipients) == ("bob@ticker.example", (ADA, "x@y"))
    assert message.received.utcoffset() is not None


def test_a_mail_can_be_read_by_python(account):
    message = account.inbox.add(MAIL)
    assert message.email["Subject"] == "Börse"
    assert message.source.endswith("\r\n\r\nsell\r\n")
    assert repr(message) == "<Message 1 from 'Bob <bob@ticker.example>': 'Börse'>"
    assert account.inbox[0] is message


def test_numbers_are_never_given_twice(account):
    inbox = account.inbox
    first = inbox.add(MAIL)
    inbox.remove([first])
    assert inbox.add(MAIL).uid == 2


def test_a_time_without_a_zone_is_in_this_machines(account):
    message = account.inbox.add(MAIL, received=datetime(2013, 3, 1, 16))
    assert message.received.utcoffset() is not None


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (b"a\nb\n", b"a\r\nb\r\n"),
        (b"a\r\nb\rc\n\n", b"a\r\nb\r\nc\r\n\r\n"),
        (b"\r\n\r\n", b"\r\n\r\n"),
        (b"a\n\r\nb", b"a\r\n\r\nb"),
        (b"", b""),
    ],
)
def test_line_ends_become_those_of_mail(account, sent, kept):
    assert account.inbox.add(sent).data == kept


@given(st.text(st.sampled_from("a.\r\n"), max_size=30).map(str.encode))
def test_no_lone_line_end_is_left(data):
    kept = with_crlf(data)
    assert not set(kept.replace(b"\r\n", b"")) & set(b"\r\n")
    assert kept == with_crlf(kept)


def test_who_watches_is_told_of_each_change(account):
    told = []
    account.inbox.watchers.add(lambda: told.append(account.inbox.version))
    message = account.inbox.add(MAIL)
    account.inbox.flag([message], lambda flags: flags | {"\\Seen"})
    account.inbox.remove([message])
    account.inbox.remove([message])
    assert len(told) == len(set(told)) == 3


def test_folders_are_made_inside_each_other(account):
    account.create("Work/2013")
    account.create("Work/2014")
    assert list(account.folders) == ["INBOX", "Work", "Work/2013", "Work/2014"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("INBOX", "There is a folder 'INBOX' already"),
        ("", "No part of a folder's name is empty"),
        ("a//b", "No part of a folder's name is empty"),
        ("a*", "no \\* and no %"),
        ("a\nb", "no control characters"),
        ("x" * (LONGEST_NAME + 1), "at most 100 characters"),
    ],
)
def test_a_name_that_will_not_do_says_why(account, name, why):
    with pytest.raises(FolderError, match=why):
        account.create(name)
    assert list(account.folders) == ["INBOX"]


def test_an_account_has_a_limited_number_of_folders(account):
    for number in range(MOST_FOLDERS - 1):
        account.create(str(number))
    with pytest.raises(FolderError, match="at most 200 folders: delete some"):
        account.create("one/too/many")


def test_a_missing_folder_is_told_which_there_are(account):
    with pytest.raises(FolderError, match=r"There is no folder 'Work'. There are: INBOX."):
        account.delete("Work")


def test_a_move_is_whole(account):
    source, target = account.inbox, account.create("x")
    messages = [source.add(MAIL) for _ in range(3)]
    source.remove(messages[:1])
    source.copy(messages, target, move=True)
    assert (len(source), len(target)) == (0, 2)


def test_many_threads_add_and_none_is_lost(account):
    def deliver():
        for _ in range(500):
            account.inbox.add(MAIL)

    run_together([deliver] * 8)
    assert [message.uid for message in account.inbox] == list(range(1, 4001))


def test_a_notebook_may_look_while_servers_change_everything(account):
    inbox, archive = account.inbox, account.create("archive")
    done = threading.Event()
    looks = []

    def serve():
        for _ in range(300):
            message = inbox.add(MAIL)
            inbox.flag([message], lambda flags: flags | {"\\Seen"})
            inbox.copy([message], archive, move=True)

    def look():
        while not done.is_set():
            uids = [message.uid for message in inbox] + [message.uid for message in archive]
            looks.append((repr(account), [sorted(message.flags) for message in archive], uids))

    looker = threading.Thread(target=look)
    looker.start()
    try:
        run_together([serve] * 3)
    finally:
        done.set()
        looker.join(10)
    assert (len(inbox), len(archive)) == (0, 900)
    assert looks


def test_moves_from_both_sides_at_once_lose_and_double_nothing(account):
    left, right = account.inbox, account.create("right")
    for number in range(50):
        left.add(b"%d" % number)

    def move(source, target):
        for _ in range(200):
            source.copy(list(source), target, move=True)

    run_together([lambda: move(left, right), lambda: move(right, left)] * 2)
    assert sorted(int(m.data) for m in [*left, *right]) == list(range(50))


def run_together(tasks) -> None:
    threads = [threading.Thread(target=task) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


def test_the_times_of_messages_are_in_order(account):
    first, second = account.inbox.add(MAIL), account.inbox.add(MAIL)
    assert timedelta(0) <= second.received - first.received < timedelta(seconds=10)
