"""An IMAP session without a socket: the way in, folders, flags, and what happens in other sessions (RFC 3501)."""

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlab.servers import Mailbox
from netlab.servers.imap_commands import COMMANDS
from netlab.servers.imap_session import MOST_ERRORS, IMAPSession

ADA = "ada@ticker.example"
MAIL = b"From: bob@ticker.example\r\nSubject: alert\r\n\r\nsell\r\n"


@pytest.fixture
def inbox(mailbox):
    inbox = mailbox[ADA].inbox
    for _ in range(4):
        inbox.add(MAIL)
    return inbox


@pytest.fixture
def stranger(mailbox, spoken):
    return spoken(IMAPSession(mailbox))


def plain(name: str, password: str, whom: str = "") -> str:
    return base64.b64encode(f"{whom}\0{name}\0{password}".encode()).decode()


class TestTheWayIn:
    def test_the_greeting_tells_what_the_server_can_do(self, stranger):
        assert stranger.session.greeting() == (
            b"* OK [CAPABILITY IMAP4rev1 LITERAL+ SASL-IR IDLE MOVE AUTH=PLAIN] netlab IMAP at your service\r\n"
        )

    def test_login(self, stranger):
        answer = stranger.say(f"a1 LOGIN {ADA} lovelace\r\n")
        assert answer == b"a1 OK [CAPABILITY IMAP4rev1 LITERAL+ SASL-IR IDLE MOVE] LOGIN completed\r\n"
        assert stranger.session.state == "authenticated"

    def test_name_and_password_may_be_quoted_or_literals(self, stranger):
        assert stranger.say(f'a login "{ADA}" {{8}}\r\n') == b"+ go ahead\r\n"
        assert stranger.say("lovelace\r\n").startswith(b"a OK")

    def test_a_literal_with_a_plus_is_not_waited_for(self, stranger):
        assert stranger.say(f"a LOGIN {ADA} {{8+}}\r\nlovelace\r\n").startswith(b"a OK")

    def test_a_wrong_password_and_an_unknown_user_get_the_same_answer(self, stranger):
        refusal = b"a NO [AUTHENTICATIONFAILED] name or password is wrong\r\n"
        assert stranger.say(f"a LOGIN {ADA} builder\r\n") == refusal
        assert stranger.say("a LOGIN eve@ticker.example lovelace\r\n") == refusal
        assert stranger.say("a LOGIN {1}\r\n\xff x\r\n".encode("latin-1")).endswith(refusal)
        assert stranger.session.state == "not authenticated"

    def test_authenticate_plain(self, stranger):
        assert stranger.say("a AUTHENTICATE PLAIN\r\n") == b"+ \r\n"
        assert stranger.say(plain(ADA, "lovelace") + "\r\n").startswith(b"a OK")

    def test_authenticate_plain_with_the_answer_at_once(self, stranger):
        assert stranger.say(f"a AUTHENTICATE PLAIN {plain(ADA, 'lovelace', ADA)}\r\n").startswith(b"a OK")

    @pytest.mark.parametrize(
        ("line", "answer"),
        [
            ("*", "BAD AUTHENTICATE was given up"),
            ("????", "BAD PLAIN is base64"),
            (base64.b64encode(b"no zero bytes").decode(), "BAD PLAIN is base64"),
            (plain(ADA, "wrong"), "NO [AUTHENTICATIONFAILED]"),
            (plain(ADA, "lovelace", "bob@ticker.example"), "NO [AUTHORIZATIONFAILED]"),
        ],
    )
    def test_authenticate_may_fail(self, stranger, line, answer):
        stranger.say("a AUTHENTICATE PLAIN\r\n")
        assert stranger.say(line + "\r\n").decode().startswith(f"a {answer}")
        assert stranger.say("b NOOP\r\n") == b"b OK NOOP completed\r\n"

    def test_there_is_no_other_mechanism(self, stranger):
        assert stranger.say("a AUTHENTICATE CRAM-MD5\r\n").startswith(b"a NO [CANNOT]")

    def test_starttls_is_offered_only_where_tls_is_possible(self, mailbox, stranger, spoken):
        assert stranger.say("a STARTTLS\r\n") == b"a BAD TLS is not offered, or is on already\r\n"
        assert b" STARTTLS " in spoken(IMAPSession(mailbox, can_upgrade=True)).session.greeting()

    def test_what_is_pipelined_behind_starttls_is_forgotten(self, mailbox, spoken):
        session = spoken(IMAPSession(mailbox, can_upgrade=True))
        assert session.say(f"a STARTTLS\r\nb LOGIN {ADA} lovelace\r\n") == b"a OK STARTTLS completed\r\n"
        session.session.secured()
        assert session.hear() == b""
        assert session.session.state == "not authenticated"
        assert b"STARTTLS" not in session.say("c CAPABILITY\r\n")

    def test_logout_says_goodbye_in_every_state(self, stranger, imap, inbox):
        for session in (stranger, imap(), imap("INBOX")):
            assert session.say("z LOGOUT\r\nz NOOP\r\n") == b"* BYE see you\r\nz OK LOGOUT completed\r\n"
            assert session.session.over

    def test_the_transcript_has_no_password(self, mailbox, spoken):
        heard = []
        session = spoken(IMAPSession(mailbox, record=heard.append))
        session.say(
            f'a LOGIN {ADA} lovelace1\r\na LOGIN "{ADA}" "love lace"\r\na login {{3+}}\r\nada lovelace\r\n'
        )
        session.say(f"a LOGIN lovelace\r\na AUTHENTICATE PLAIN {plain(ADA, 'lovelace1')}\r\n")
        session.say(f"a AUTHENTICATE PLAIN\r\n{plain(ADA, 'lovelace')}\r\nb NOOP\r\n")
        assert b"".join(heard).decode() == (
            f'a LOGIN {ADA} ***\r\na LOGIN "{ADA}" ***\r\na login ***\r\n'
            "a LOGIN ***\r\na AUTHENTICATE PLAIN ***\r\na AUTHENTICATE PLAIN\r\n***\r\nb NOOP\r\n"
        )


class TestRules:
    @pytest.mark.parametrize(
        "name", [name for name, rules in COMMANDS.items() if "selected" in rules.states[:1]]
    )
    def test_messages_need_a_folder(self, imap, name):
        assert (
            imap().say(f"a {name} 1 x\r\n") == f"a BAD {name} needs a folder: SELECT one first\r\n".encode()
        )

    @pytest.mark.parametrize("name", [name for name, rules in COMMANDS.items() if len(rules.states) < 3])
    def test_every_command_knows_when_it_may_be_given(self, stranger, imap, inbox, name):
        rules = COMMANDS[name]
        sessions = {"not authenticated": stranger, "authenticated": imap(), "selected": imap("INBOX")}
        for state, session in sessions.items():
            complaint = re.search(rb"BAD .*(needs a|comes before)", session.say(f"a {name}\r\n"))
            assert bool(complaint) == (state not in rules.states)

    @pytest.mark.parametrize(
        ("command", "answer"),
        [
            ("", "* BAD expected a tag"),
            ("a", "a BAD expected ' '"),
            ("(", "* BAD expected a tag"),
            ("a WHAT", "a BAD there is no WHAT; there are CAPABILITY, NOOP"),
            ("a UID", "a BAD expected ' '"),
            ("a UID NOOP", "a BAD there is no NOOP; there are SEARCH, FETCH, STORE, COPY, MOVE"),
            ("a NOOP x", "a BAD nothing was expected from byte 6 on"),
            ("a SELECT", "a BAD expected ' '"),
            ("a SELECT  INBOX", "a BAD expected a word or a string"),
            ("a SELECT B\xf6rse", "a BAD nothing was expected"),
            ("a STATUS INBOX (FOO)", "a BAD STATUS tells MESSAGES"),
            ("a STATUS INBOX ()", "a BAD a list is empty"),
            ("a FETCH 0 FLAGS", "a BAD expected a set of numbers"),
            ("a FETCH 9 FLAGS", "a BAD there are only messages 1 to 4"),
            ("a FETCH 1 FOO", "a BAD there is no FOO to fetch"),
            ("a FETCH 1 ()", "a BAD a list is empty"),
            ("a FETCH 1 BODY[", "a BAD expected HEADER, TEXT or a part's number"),
            ("a FETCH 1 BODY[MIME]", "a BAD MIME is of a part"),
            ("a FETCH 1 BODY[]<5>", "a BAD expected a piece such as <0.1000>"),
            ("a FETCH 1 BODY[HEADER.FIELDS ()]", "a BAD a list is empty"),
            ("a FETCH 1 (ALL)", "a BAD there is no ALL to fetch"),
            ("a STORE 1 FLAGS \\Foo", "a BAD there is no flag \\Foo"),
            ("a STORE 1 +FLAGS \\Recent", "a BAD there is no flag \\Recent"),
            ("a SEARCH FOO", "a BAD there is no FOO to search for"),
            ("a SEARCH ()", "a BAD a list is empty"),
            ("a SEARCH " + "(" * 1000, "a BAD that is more than 50 levels deep"),
            ("a SEARCH " + "NOT " * 1000, "a BAD that is more than 50 levels deep"),
            ("a SEARCH CHARSET KOI8-R ALL", "a NO [BADCHARSET (US-ASCII UTF-8)]"),
            ("a APPEND INBOX hello", "a BAD a mail is sent as a literal"),
            ("a APPEND INBOX {40000000}", "a BAD a command has at most"),
            ("a COPY 1 nowhere", "a NO [TRYCREATE]"),
            ("a SELECT nowhere", "a NO [NONEXISTENT]"),
        ],
    )  # fmt: skip
    def test_bad_commands_are_told_how_to_be_good(self, imap, inbox, command, answer):
        session = imap("INBOX")
        assert session.say(command.encode("latin-1") + b"\r\n").decode().startswith(answer)
        assert session.say("b NOOP\r\n") == b"b OK NOOP completed\r\n"

    def test_who_makes_only_mistakes_is_shown_out(self, stranger):
        answers = stranger.say("a what\r\n" * 100)
        assert answers.count(b"a BAD") == MOST_ERRORS
        assert answers.endswith(b"* BYE that was one mistake too many\r\n")
        assert stranger.session.over

    def test_a_stranger_may_not_send_large_literals(self, stranger):
        assert stranger.say("a LOGIN {1000000}\r\n").startswith(b"a BAD a command has at most 16,384 bytes")


class TestFolders:
    def test_select_tells_what_there_is(self, imap, inbox):
        inbox.flag(inbox[0:1], lambda flags: flags | {"\\Seen", "work"})
        session = imap()
        assert session.lines("SELECT INBOX") == [
            "FLAGS (\\Answered \\Deleted \\Draft \\Flagged \\Seen work)",
            "4 EXISTS",
            "4 RECENT",
            "OK [UNSEEN 2] the first one not read",
            "OK [PERMANENTFLAGS (\\* \\Answered \\Deleted \\Draft \\Flagged \\Seen)] these are kept",
            "OK [UIDNEXT 5] the next number",
            f"OK [UIDVALIDITY {inbox.uid_validity}] numbers hold as long as this one",
        ]
        assert session.say("a SELECT INBOX\r\n").endswith(b"a OK [READ-WRITE] SELECT completed\r\n")

    def test_examine_changes_nothing(self, imap, inbox):
        session = imap()
        assert session.say("a EXAMINE INBOX\r\n").endswith(b"a OK [READ-ONLY] EXAMINE completed\r\n")
        session.lines("FETCH 1 BODY[]")
        for command in ("STORE 1 +FLAGS (\\Seen)", "EXPUNGE", "MOVE 1 INBOX"):
            assert session.say(f"a {command}\r\n").startswith(b"a NO this folder is open for reading only")
        assert inbox[0].flags == frozenset()
        assert "4 RECENT" in imap().lines("SELECT INBOX")  # they still are, as nobody has opened it

    def test_only_the_first_session_sees_messages_as_recent(self, imap, inbox):
        assert "4 RECENT" in imap().lines("SELECT INBOX")
        inbox.add(MAIL)
        assert "1 RECENT" in imap().lines("SELECT INBOX")
        assert "0 RECENT" in imap().lines("SELECT INBOX")

    def test_a_select_that_fails_leaves_no_folder_open(self, imap, inbox):
        session = imap("INBOX")
        session.say("a SELECT nowhere\r\n")
        assert session.session.state == "authenticated"

    def test_folders_are_made_with_those_above_them(self, imap):
        session = imap()
        session.lines("CREATE Work/2013/")
        assert session.lines('LIST "" *') == [
            'LIST () "/" "INBOX"',
            'LIST () "/" "Work"',
            'LIST () "/" "Work/2013"',
        ]
        assert session.say("a CREATE work/2013\r\n").startswith(b"a OK"), "capitals matter"
        assert session.say("a CREATE Work\r\n").startswith(b"a NO There is a folder 'Work' already")

    def test_list_in_levels(self, imap):
        session = imap()
        session.lines("CREATE a/b/c")
        assert session.lines('LIST "" %') == ['LIST () "/" "INBOX"', 'LIST () "/" "a"']
        assert session.lines("LIST a/ %") == ['LIST () "/" "a/b"']
        assert session.lines('LIST "" inbox') == ['LIST () "/" "INBOX"']
        assert session.lines('LIST "" nothing*') == []

    def test_an_empty_pattern_asks_for_the_separator(self, imap):
        assert imap().lines('LIST "" ""') == ['LIST (\\Noselect) "/" ""']

    def test_a_level_that_is_no_folder_can_be_listed_but_not_selected(self, imap):
        session = imap()
        session.lines("CREATE a/b")
        session.lines("DELETE a")
        assert session.lines('LIST "" a*') == ['LIST (\\Noselect) "/" "a"', 'LIST () "/" "a/b"']
        assert session.say("a SELECT a\r\n").startswith(b"a NO [NONEXISTENT]")
        assert session.say("a DELETE a\r\n").startswith(b"a NO There is no folder 'a'")

    def test_names_in_any_script(self, imap, mailbox):
        session = imap()
        session.lines("CREATE B&APY-rse/&U,BTFw-")
        assert 'LIST () "/" "B&APY-rse/&U,BTFw-"' in session.lines('LIST "" *')
        assert session.lines('LIST "" B&APY-%') == ['LIST () "/" "B&APY-rse"']
        assert "Börse/台北" in mailbox[ADA].folders

    @pytest.mark.parametrize(
        "name", ['""', "/a", "a//b", '"a*"', '"a%b"', "&AAo-", "x" * 101, "INBOX", "inbox"]
    )
    def test_names_that_will_not_do(self, imap, name):
        assert imap().say(f"a CREATE {name}\r\n").startswith(b"a NO ")

    def test_a_folder_made_anew_numbers_anew_and_says_so(self, imap):
        session = imap()
        session.lines("CREATE x")
        first = session.lines("STATUS x (UIDVALIDITY)")
        session.lines("DELETE x")
        session.lines("CREATE x")
        assert session.lines("STATUS x (UIDVALIDITY)") != first

    def test_rename_takes_the_folders_inside_along(self, imap, mailbox):
        session = imap()
        session.lines("CREATE a/b")
        session.lines("CREATE ab")
        session.lines("RENAME a x/y")
        assert list(mailbox[ADA].folders) == ["INBOX", "x/y", "x/y/b", "ab", "x"]
        assert mailbox[ADA].folders["x/y/b"].name == "x/y/b"

    @pytest.mark.parametrize(
        ("old", "new"),
        [("nowhere", "x"), ("a", "a/b/c"), ("a", "ab"), ("a", "INBOX"), ("a", "x*"), ("a", "a")],
    )
    def test_renames_that_make_no_sense(self, imap, mailbox, old, new):
        session = imap()
        session.lines("CREATE a/b")
        session.lines("CREATE ab")
        before = list(mailbox[ADA].folders)
        assert session.say(f'a RENAME {old} "{new}"\r\n').startswith(b"a NO ")
        assert list(mailbox[ADA].folders) == before

    def test_renaming_the_inbox_moves_its_messages(self, imap, inbox, mailbox):
        session = imap("INBOX")
        assert session.lines("RENAME INBOX old") == [f"{n} EXPUNGE" for n in (4, 3, 2, 1)]
        assert (len(inbox), len(mailbox[ADA].folders["old"])) == (0, 4)

    def test_the_inbox_cannot_be_deleted(self, imap, inbox):
        assert imap().say("a DELETE inbox\r\n").startswith(b"a NO The inbox cannot be deleted")

    def test_who_has_a_deleted_folder_open_sees_its_messages_go(self, imap):
        imap().lines("CREATE x")
        watcher = imap()
        assert watcher.say("a APPEND x {4+}\r\nmail\r\n").startswith(b"a OK")
        watcher.lines("SELECT x")
        imap().lines("DELETE x")
        assert watcher.lines("NOOP") == ["1 EXPUNGE"]

    def test_subscriptions_are_kept_apart_from_folders(self, imap):
        session = imap()
        session.lines("CREATE a/b")
        session.lines("SUBSCRIBE a/b")
        assert session.lines('LSUB "" *') == ['LSUB () "/" "INBOX"', 'LSUB () "/" "a/b"']
        assert session.lines('LSUB "" %') == ['LSUB () "/" "INBOX"', 'LSUB (\\Noselect) "/" "a"']
        session.lines("DELETE a/b")
        assert 'LSUB () "/" "a/b"' in session.lines('LSUB "" *')
        session.lines("UNSUBSCRIBE a/b")
        assert session.lines('LSUB "" *') == ['LSUB () "/" "INBOX"']

    def test_status_tells_without_opening(self, imap, inbox):
        inbox.flag([inbox[1]], lambda flags: flags | {"\\Seen"})
        assert imap().lines("STATUS inbox (UNSEEN messages RECENT UIDNEXT)") == [
            'STATUS "INBOX" (UNSEEN 3 MESSAGES 4 RECENT 4 UIDNEXT 5)'
        ]
        assert "4 RECENT" in imap().lines("SELECT INBOX")

    def test_append_keeps_flags_and_time(self, imap, inbox):
        session = imap("INBOX")
        command = 'a APPEND INBOX (\\Seen work) "01-Mar-2013 16:00:00 -0500" {4}\r\n'
        assert session.say(command) == b"+ go ahead\r\n"
        assert session.say("mail\r\n") == b"* 5 EXISTS\r\n* 5 RECENT\r\na OK APPEND completed\r\n"
        assert session.lines("FETCH 5 (FLAGS INTERNALDATE RFC822.SIZE)") == [
            '5 FETCH (FLAGS (\\Recent \\Seen work) INTERNALDATE " 1-Mar-2013 16:00:00 -0500" RFC822.SIZE 4)'
        ]

    def test_a_client_may_create_the_folder_it_misses(self, imap):
        assert imap().say("a APPEND x {1+}\r\nm\r\n").startswith(b"a NO [TRYCREATE]")

    def test_an_append_that_is_cut_off_adds_nothing(self, imap, inbox):
        session = imap()
        session.say("a APPEND INBOX {100+}\r\nhalf a mai")
        session.session.end()
        assert len(inbox) == 4


class TestFlagsAndMessages:
    def test_store_replaces_adds_and_removes(self, imap, inbox):
        session = imap("INBOX")
        assert session.lines("STORE 1 FLAGS (\\seen work)") == ["1 FETCH (FLAGS (\\Recent \\Seen work))"]
        assert session.lines("STORE 1 +FLAGS \\Flagged") == [
            "1 FETCH (FLAGS (\\Flagged \\Recent \\Seen work))"
        ]
        assert session.lines("STORE 1 -FLAGS (\\Seen work)") == ["1 FETCH (FLAGS (\\Flagged \\Recent))"]
        assert session.lines("STORE 1 FLAGS ()") == ["1 FETCH (FLAGS (\\Recent))"]

    def test_store_may_be_silent(self, imap, inbox):
        assert imap("INBOX").lines("STORE 1:2 +FLAGS.SILENT \\Seen") == []
        assert ["\\Seen" in each.flags for each in inbox] == [True, True, False, False]

    def test_with_uid_the_answers_have_uids(self, imap, inbox):
        inbox.remove([inbox[0]])
        session = imap("INBOX")
        assert session.lines("UID STORE 2 +FLAGS (\\Seen)") == ["1 FETCH (UID 2 FLAGS (\\Recent \\Seen))"]
        assert session.lines("UID FETCH 2 FLAGS") == ["1 FETCH (UID 2 FLAGS (\\Recent \\Seen))"]
        assert session.lines("UID FETCH 3:4 (UID)") == ["2 FETCH (UID 3)", "3 FETCH (UID 4)"]
        assert session.lines("UID SEARCH UNSEEN") == ["SEARCH 3 4"]

    def test_a_uid_that_nobody_has_does_not_matter(self, imap, inbox):
        session = imap("INBOX")
        assert session.lines("UID FETCH 100 FLAGS") == []
        assert session.lines("UID FETCH 100:* UID") == ["4 FETCH (UID 4)"], (
            "* is the last one, on whichever side"
        )

    def test_expunge_tells_each_number_as_it_is_at_that_moment(self, imap, inbox):
        session = imap("INBOX")
        session.lines("STORE 1,3:4 +FLAGS.SILENT (\\Deleted)")
        assert session.lines("EXPUNGE") == ["4 EXPUNGE", "3 EXPUNGE", "1 EXPUNGE"]
        assert [each.uid for each in inbox] == [2]

    def test_close_expunges_without_a_word(self, imap, inbox):
        session = imap("INBOX")
        session.lines("STORE 2 +FLAGS.SILENT (\\Deleted)")
        assert session.lines("CLOSE") == []
        assert [each.uid for each in inbox] == [1, 3, 4]
        assert session.session.state == "authenticated"

    def test_selecting_another_folder_does_not_expunge(self, imap, inbox):
        session = imap("INBOX")
        session.lines("STORE 2 +FLAGS.SILENT (\\Deleted)")
        session.lines("SELECT INBOX")
        assert len(inbox) == 4

    def test_copies_keep_flags_and_time(self, imap, inbox, mailbox):
        session = imap("INBOX")
        session.lines("CREATE x")
        session.lines("STORE 2 +FLAGS.SILENT (work)")
        assert session.lines("COPY 2:3 x") == []
        copies = mailbox[ADA].folders["x"]
        assert [(each.uid, each.flags, each.received) for each in copies] == [
            (1, frozenset({"work"}), inbox[1].received),
            (2, frozenset(), inbox[2].received),
        ]
        assert len(inbox) == 4

    def test_a_folder_may_be_copied_into_itself(self, imap, inbox):
        assert imap("INBOX").lines("COPY 1 INBOX") == ["5 EXISTS", "5 RECENT"]

    def test_move_takes_them_out_here(self, imap, inbox, mailbox):
        session = imap("INBOX")
        session.lines("CREATE x")
        assert session.lines("UID MOVE 1:2 x") == ["2 EXPUNGE", "1 EXPUNGE"]
        assert (len(inbox), len(mailbox[ADA].folders["x"])) == (2, 2)


class TestOtherSessions:
    """What others do comes as news, and a message's number changes only when its session has been told."""

    def test_new_mail_is_told_with_the_next_command(self, imap, inbox):
        session = imap("INBOX")
        inbox.add(MAIL)
        assert session.lines("NOOP") == ["5 EXISTS", "5 RECENT"]
        assert session.lines("NOOP") == []

    def test_flags_that_others_change_are_told(self, imap, inbox):
        one, other = imap("INBOX"), imap("INBOX")
        one.lines("STORE 2 +FLAGS (\\Flagged)")
        assert other.lines("NOOP") == ["2 FETCH (FLAGS (\\Flagged))"]
        assert one.lines("NOOP") == [], "who changed them knows"

    def test_a_silent_change_is_silent_only_for_who_asked(self, imap, inbox):
        one, other = imap("INBOX"), imap("INBOX")
        one.lines("STORE 2 +FLAGS.SILENT (\\Flagged)")
        assert other.lines("NOOP") == ["2 FETCH (FLAGS (\\Flagged))"]
        assert one.lines("NOOP") == []

    def test_a_silent_change_does_not_hide_what_another_did_meanwhile(self, imap, inbox):
        one, other = imap("INBOX"), imap("INBOX")
        other.lines("STORE 2 +FLAGS.SILENT (work)")
        assert one.lines("STORE 2 +FLAGS.SILENT (\\Flagged)") == ["2 FETCH (FLAGS (\\Flagged \\Recent work))"]

    def test_reading_in_one_session_is_seen_in_the_other(self, imap, inbox):
        one, other = imap("INBOX"), imap("INBOX")
        one.lines("FETCH 1 BODY[TEXT]")
        assert other.lines("NOOP") == ["1 FETCH (FLAGS (\\Seen))"]

    def test_numbers_hold_until_the_expunge_is_told(self, imap, inbox):
        one, other = imap("INBOX"), imap("INBOX")
        one.lines("STORE 1 +FLAGS.SILENT (\\Deleted)")
        one.lines("EXPUNGE")
        assert other.lines("FETCH 2 UID") == ["2 FETCH (UID 2)", "1 FETCH (FLAGS (\\Deleted))"]
        assert other.lines("FETCH 1 (UID RFC822.SIZE)") == [f"1 FETCH (UID 1 RFC822.SIZE {len(MAIL)})"]
        assert other.lines("SEARCH ALL") == ["SEARCH 1 2 3 4"]
        assert other.lines("NOOP") == ["1 EXPUNGE"]
        assert other.lines("FETCH 1 UID") == ["1 FETCH (UID 2)"]

    def test_a_uid_command_may_tell_of_an_expunge(self, imap, inbox):
        session = imap("INBOX")
        inbox.remove([inbox[0]])
        assert session.lines("UID SEARCH ALL") == ["SEARCH 1 2 3 4", "1 EXPUNGE"]

    def test_what_is_gone_cannot_be_copied_any_more(self, imap, inbox, mailbox):
        session = imap("INBOX")
        session.lines("CREATE x")
        inbox.remove([inbox[0]])
        session.lines("COPY 1:2 x")
        assert len(mailbox[ADA].folders["x"]) == 1

    def test_pop3_deletions_are_told(self, imap, inbox, mailbox, spoken):
        from netlab.servers.pop3 import POP3Session

        session = imap("INBOX")
        spoken(POP3Session(mailbox)).say(f"USER {ADA}\r\nPASS lovelace\r\nDELE 4\r\nQUIT\r\n")
        assert session.lines("NOOP") == ["4 EXPUNGE"]

    def test_idle_tells_at_once(self, imap, inbox):
        woken = []
        session = imap("INBOX", wake=lambda: woken.append(session.hear()))
        assert session.say("a IDLE\r\n") == b"+ idling\r\n"
        inbox.add(MAIL)
        inbox.flag([inbox[0]], lambda flags: flags | {"\\Flagged"})
        inbox.remove([inbox[1]])
        assert woken == [
            b"* 5 EXISTS\r\n* 5 RECENT\r\n",
            b"* 1 FETCH (FLAGS (\\Flagged \\Recent))\r\n",
            b"* 2 EXPUNGE\r\n",
        ]
        assert session.say("done\r\n") == b"a OK IDLE completed\r\n"
        inbox.add(MAIL)
        assert len(woken) == 3, "after DONE nobody is woken"

    def test_idle_tells_first_what_happened_before(self, imap, inbox):
        session = imap("INBOX")
        inbox.add(MAIL)
        assert session.say("a IDLE\r\n") == b"+ idling\r\n* 5 EXISTS\r\n* 5 RECENT\r\n"

    def test_idle_ends_only_with_done(self, imap, inbox):
        session = imap("INBOX")
        session.say("a IDLE\r\n")
        assert session.say("b NOOP\r\n") == b"a BAD IDLE ends with DONE\r\n"
        assert inbox.watchers == set()

    def test_idle_without_a_folder_waits_for_done(self, imap):
        assert imap().say("a IDLE\r\nDONE\r\n") == b"+ idling\r\na OK IDLE completed\r\n"

    def test_a_client_that_goes_while_it_idles_is_forgotten(self, imap, inbox):
        session = imap("INBOX")
        session.say("a IDLE\r\n")
        session.session.end()
        assert inbox.watchers == set()


numbers = st.sampled_from(["1", "2:3", "*", "1:*", "7"])
flags = st.sampled_from(["\\Seen", "\\Deleted", "\\Flagged", "work"])
actions = st.one_of(
    st.builds("STORE {} {}FLAGS{} ({})".format, numbers, st.sampled_from(["+", "-", ""]),
              st.sampled_from(["", ".SILENT"]), flags),
    st.builds("UID STORE {} +FLAGS ({})".format, numbers, flags),
    st.builds("{}MOVE {} x".format, st.sampled_from(["", "UID "]), numbers),
    st.builds("COPY {} INBOX".format, numbers),
    st.builds("FETCH {} (UID BODY[TEXT])".format, numbers),
    st.sampled_from(["EXPUNGE", "NOOP", "SEARCH DELETED", "UID SEARCH ALL", "APPEND INBOX {4+}\r\nmail"]),
)  # fmt: skip


@given(st.lists(st.tuples(st.integers(0, 2), actions), max_size=30))
def test_every_session_can_follow_what_all_of_them_do(steps):
    """Three clients that believe what they are told end with the same picture, which is the right one."""
    mailbox = Mailbox({ADA: "lovelace"})
    account = mailbox[ADA]
    account.create("x")
    for _ in range(4):
        account.inbox.add(MAIL)
    clients = [Client(mailbox) for _ in range(3)]
    for number, action in steps:
        clients[number].do(action)
    for client in clients:
        client.do("NOOP")
        client.do("UID FETCH 1:* FLAGS")
        assert [uid for uid, _ in client.picture] == [message.uid for message in account.inbox]
        assert [told for _, told in client.picture] == [message.flags for message in account.inbox]


class Client:
    """A mail program that keeps a picture of the inbox: for each number the UID and the flags, None if unknown."""

    def __init__(self, mailbox):
        self.session = IMAPSession(mailbox)
        self.picture = []
        self.do(f"LOGIN {ADA} lovelace")
        self.do("SELECT INBOX")
        self.do("FETCH 1:* (UID FLAGS)")

    def do(self, command: str) -> None:
        self.session.feed(b"t " + command.encode() + b"\r\n")
        heard = b"".join(iter(self.session.answer, None)).decode()
        keeps_numbers = command.startswith(("FETCH", "STORE", "SEARCH"))
        for line in re.findall(r"^\* (\d+ .*)\r$", heard, re.MULTILINE):
            number, what, *rest = line.split(" ", 2)
            index = int(number) - 1
            if what == "EXPUNGE":
                assert not keeps_numbers
                del self.picture[index]
            elif what == "EXISTS":
                assert int(number) >= len(self.picture)
                self.picture += [(None, None)] * (int(number) - len(self.picture))
            elif what == "FETCH":
                uid, told = self.picture[index]
                if found := re.search(r"UID (\d+)", rest[0]):
                    assert uid in (None, int(found[1])), "another message has got this number"
                    uid = int(found[1])
                if found := re.search(r"FLAGS \((.*?)\)", rest[0]):
                    told = frozenset(found[1].split()) - {"\\Recent"}
                self.picture[index] = (uid, told)


words = st.one_of(
    st.sampled_from(
        [*COMMANDS, "a", "UID", "INBOX", ADA, "lovelace", "1:*", "(FLAGS BODY[])", '"', "{3}", "{3+}", "\r\n"]
    ),
    st.text(max_size=6),
)


@given(st.lists(words, max_size=40), st.booleans())
def test_whatever_is_said_the_answers_are_lines_and_nothing_breaks(said, logged_in):
    session = IMAPSession(Mailbox({ADA: "lovelace"}), can_upgrade=True)
    if logged_in:
        session.feed(f"a LOGIN {ADA} lovelace\r\na SELECT INBOX\r\n".encode())
    session.feed(" ".join(said).encode("utf-8", "replace"))
    session.feed(b"\r\n")
    heard = b"".join(iter(session.answer, None))
    assert heard == b"" or heard.endswith(b"\r\n")


@given(st.lists(st.binary(max_size=300), max_size=10))
def test_garbage_is_survived(pieces):
    session = IMAPSession(Mailbox({ADA: "lovelace"}))
    for piece in pieces:
        session.feed(piece)
        heard = b"".join(iter(session.answer, None))
        assert heard == b"" or heard.endswith(b"\r\n")
