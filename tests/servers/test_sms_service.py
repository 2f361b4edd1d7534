"""What the SMS gateway does, apart from HTTP: messages, templates, codes, and each request once."""

import threading

import pytest

from netlab.errors import OptionError
from netlab.servers.sms_codes import random_code
from netlab.servers.sms_message import Answer
from netlab.servers.sms_rules import (
    CODE_LIFE,
    CODE_TRIES,
    CODE_WINDOW,
    CODES_PER_NUMBER,
    KEY_LIFE,
    KEYS_KEPT,
    TEMPLATES,
    RefusedError,
    Result,
)
from netlab.servers.sms_service import SMSService

ADA, BOB = "+12025550123", "+447700900123"
SENT = {"to": ADA, "text": "AAPL 430.47"}


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def told():
    return []


@pytest.fixture
def make(clock, told):
    """Make a service; its codes are 000001, 000002 and so on."""

    def make(credit=1000, templates=TEMPLATES, senders=("Ticker", "Alerts")):
        codes = iter(range(1, 1000))
        return SMSService(senders, templates, credit, clock, lambda: f"{next(codes):06}", told.append)

    return make


@pytest.fixture
def service(make):
    return make()


def at_once(count, work):
    """Do something in so many threads that begin together, and return what came of each."""
    barrier, results = threading.Barrier(count, timeout=10), []

    def run(number):
        barrier.wait()
        results.append(work(number))

    threads = [threading.Thread(target=run, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(results) == count
    return results


class TestSending:
    def test_a_message_is_accepted_and_delivered(self, service):
        answer = service.send(SENT)
        assert answer.content == {
            "code": 0, "message": "accepted", "id": "msg-1", "status": "queued", "to": ADA, "encoding": "GSM-7",
            "parts": 1,
        }  # fmt: skip
        assert service.find("msg-1").data == {
            "id": "msg-1", "from": "Ticker", "to": ADA, "text": "AAPL 430.47", "encoding": "GSM-7", "parts": 1,
            "status": "delivered",
        }  # fmt: skip

    def test_each_part_costs_a_credit_and_what_is_too_dear_costs_none(self, make):
        service = make(credit=3)
        assert service.send({**SENT, "text": "苹" * 71}).data["parts"] == 2
        assert service.credit == 1
        assert service.send({**SENT, "text": "苹" * 71}).result is Result.NO_CREDIT
        assert service.send(SENT).result is Result.OK
        assert service.send(SENT).result is Result.NO_CREDIT
        assert service.credit == 0
        assert list(service.messages) == ["msg-1", "msg-2"]

    def test_the_sender_may_be_chosen_among_the_accounts_own(self, service):
        service.send({**SENT, "from": "Alerts"})
        assert service.messages["msg-1"].sender == "Alerts"
        with pytest.raises(RefusedError) as refusal:
            service.send({**SENT, "from": "Bank"})
        assert refusal.value.result is Result.FOREIGN_SENDER

    @pytest.mark.parametrize("text", ["", " ", "\n\t "])
    def test_an_empty_text_is_refused(self, service, text):
        assert service.send({"to": ADA, "text": text}).result is Result.EMPTY_TEXT
        assert service.send({"to": ADA}).result is Result.EMPTY_TEXT

    def test_six_parts_are_taken_and_seven_are_not(self, service):
        assert service.send({**SENT, "text": "a" * 153 * 6}).data["parts"] == 6
        assert service.send({**SENT, "text": "a" * 153 * 6 + "b"}).result is Result.LONG_TEXT

    def test_a_phone_that_is_off_gets_nothing(self, service, told):
        service.switched_off.add(ADA)
        service.send({**SENT, "callback": "http://127.0.0.1:8000/"})
        assert service.messages["msg-1"].status == "undelivered"
        assert told == [service.messages["msg-1"]]

    def test_only_who_names_a_callback_is_told(self, service, told):
        service.send(SENT)
        service.send({**SENT, "callback": ""})
        assert told == []

    def test_the_api_does_not_show_callbacks(self, service):
        service.send({**SENT, "callback": "http://127.0.0.1:8000/secret"})
        assert "secret" not in str(service.find("msg-1"))

    def test_credit_is_not_overdrawn_by_many_at_once(self, make):
        service = make(credit=10)
        results = [answer.result for answer in at_once(30, lambda _: service.send(SENT))]
        assert results.count(Result.OK) == 10
        assert results.count(Result.NO_CREDIT) == 20
        assert list(service.messages) == [f"msg-{n}" for n in range(1, 11)]

    @pytest.mark.parametrize("senders", [(), "Ticker"])
    def test_an_account_without_a_list_of_senders_is_none(self, make, senders):
        with pytest.raises(OptionError, match=r'senders=\["Ticker"\]'):
            make(senders=senders)


class TestTemplates:
    def test_values_fill_the_places(self, service):
        values = {"share": "AAPL", "price": "430.47", "side": "above", "limit": "430.00", "more": "unused"}
        service.send({"to": ADA, "template": "price-alert", "values": values})
        assert (
            service.messages["msg-1"].text == "AAPL closed at 430.47 US dollars, above your limit of 430.00."
        )

    def test_what_stands_in_a_value_is_not_filled_again(self, make):
        service = make(templates={"hello": "Hello {name}, {name}: {other}"})
        service.send({"to": ADA, "template": "hello", "values": {"name": r"{other} \1 %s", "other": "x"}})
        assert service.messages["msg-1"].text == r"Hello {other} \1 %s, {other} \1 %s: x"

    def test_an_unknown_template(self, service):
        assert service.send({"to": ADA, "template": "x"}).result is Result.NO_TEMPLATE

    @pytest.mark.parametrize("values", [{}, {"values": {}}, {"values": {"nome": "Ada"}}])
    def test_a_value_that_is_missing_is_named(self, service, values):
        answer = service.send({"to": ADA, "template": "welcome", **values})
        assert answer.result is Result.MISSING_VALUE
        assert answer.content["message"] == "the template needs a value 'name'"

    def test_a_text_besides_a_template_is_refused(self, service):
        with pytest.raises(RefusedError, match="not both"):
            service.send({**SENT, "template": "welcome"})


class TestOnce:
    def test_the_second_time_the_answer_is_the_same_and_nothing_is_done(self, service):
        first = service.once("k", SENT, lambda: service.send(SENT))
        second = service.once("k", dict(SENT), lambda: service.send(SENT))
        assert second == (first[0], True)
        assert len(service.messages) == 1

    def test_of_two_requests_at_once_one_is_done_and_the_other_hears_the_same(self, service):
        entered, go_on, answers = threading.Event(), threading.Event(), {}

        def slowly():
            entered.set()
            assert go_on.wait(10)
            return service.send(SENT)

        def ask(who, action):
            answers[who] = service.once("k", SENT, action)

        first = threading.Thread(target=ask, args=("first", slowly))
        first.start()
        assert entered.wait(10)
        second = threading.Thread(target=ask, args=("second", lambda: service.send(SENT)))
        second.start()
        go_on.set()
        first.join(10)
        second.join(10)
        answer, _ = answers["first"]
        assert answers == {"first": (answer, False), "second": (answer, True)}
        assert list(service.messages) == ["msg-1"]

    def test_of_thirty_at_once_one_is_done(self, service):
        answers = at_once(30, lambda _: service.once("k", SENT, lambda: service.send(SENT)))
        assert sorted(replayed for _, replayed in answers) == [False] + [True] * 29
        assert {answer.data["id"] for answer, _ in answers} == {"msg-1"}
        assert service.credit == 999

    def test_without_a_key_each_request_is_a_new_one(self, service):
        for _ in range(2):
            assert service.once("", SENT, lambda: service.send(SENT))[1] is False
        assert len(service.messages) == 2

    def test_a_key_belongs_to_one_request(self, service):
        service.once("k", SENT, lambda: service.send(SENT))
        with pytest.raises(RefusedError) as refusal:
            service.once("k", {**SENT, "to": BOB}, lambda: service.send({**SENT, "to": BOB}))
        assert refusal.value.result is Result.KEY_REUSED
        assert len(service.messages) == 1

    def test_a_refused_request_may_be_mended_and_sent_again(self, service):
        bad = {**SENT, "from": "Bank"}
        with pytest.raises(RefusedError):
            service.once("k", bad, lambda: service.send(bad))
        assert service.once("k", SENT, lambda: service.send(SENT))[0].result is Result.OK

    def test_a_key_is_forgotten_after_a_day(self, service, clock):
        service.once("k", SENT, lambda: service.send(SENT))
        clock.now += KEY_LIFE - 1
        assert service.once("k", SENT, lambda: service.send(SENT))[1] is True
        clock.now += 1
        assert service.once("k", SENT, lambda: service.send(SENT))[1] is False
        assert len(service.messages) == 2

    def test_keys_do_not_fill_the_memory(self, service):
        for number in range(KEYS_KEPT + 5):
            service.once(str(number), number, lambda: Answer(Result.OK))
        assert len(service._answered) == KEYS_KEPT
        assert service.once("5", 5, lambda: Answer(Result.OK))[1] is True
        assert service.once("4", 4, lambda: Answer(Result.OK))[1] is False


class TestCodes:
    def check(self, service, name, code):
        return service.check({"id": name, "code": code})

    def test_a_code_is_sent_and_approved_once(self, service):
        answer = service.verify({"to": ADA})
        assert answer.data == {"id": "ver-1", "to": ADA, "expires_in": 300}
        assert service.messages["msg-1"].text.startswith("000001 is your Ticker code, good for 5 minutes.")
        assert self.check(service, "ver-1", "000001").data == {"id": "ver-1", "status": "approved", "to": ADA}
        assert self.check(service, "ver-1", "000001").result is Result.CODE_USED

    def test_the_answer_does_not_tell_the_code(self, service):
        assert "000001" not in str(service.verify({"to": ADA}))
        assert "000001" not in repr(service._verifications._all)

    def test_a_few_guesses_are_allowed(self, service):
        service.verify({"to": ADA})
        for left in reversed(range(CODE_TRIES)):
            answer = self.check(service, "ver-1", "999999")
            assert (answer.result, answer.data) == (Result.WRONG_CODE, {"tries_left": left})
        assert self.check(service, "ver-1", "000001").result is Result.TOO_MANY_TRIES

    def test_many_guesses_at_once_are_no_more_than_a_few(self, service):
        service.verify({"to": ADA})
        results = [
            answer.result for answer in at_once(20, lambda n: self.check(service, "ver-1", f"{n + 100:06}"))
        ]
        assert results.count(Result.WRONG_CODE) == CODE_TRIES
        assert results.count(Result.TOO_MANY_TRIES) == 20 - CODE_TRIES

    def test_a_code_is_approved_once_also_for_many_at_once(self, service):
        service.verify({"to": ADA})
        results = [answer.result for answer in at_once(20, lambda _: self.check(service, "ver-1", "000001"))]
        assert results.count(Result.OK) == 1
        assert results.count(Result.CODE_USED) == 19

    @pytest.mark.parametrize("code", ["", "000001 ", "00001", "０００００１", "1"])
    def test_almost_is_not_the_code(self, service, code):
        service.verify({"to": ADA})
        assert self.check(service, "ver-1", code).result is Result.WRONG_CODE

    def test_it_holds_five_minutes(self, service, clock):
        service.verify({"to": ADA})
        service.verify({"to": BOB})
        clock.now += CODE_LIFE - 0.1
        assert self.check(service, "ver-1", "000001").result is Result.OK
        clock.now += 0.1
        assert self.check(service, "ver-2", "000002").result is Result.EXPIRED

    def test_a_new_code_replaces_the_old_one_of_that_number_only(self, service):
        for number in (ADA, BOB, ADA):
            service.verify({"to": number})
        assert self.check(service, "ver-1", "000001").result is Result.EXPIRED
        assert self.check(service, "ver-2", "000002").result is Result.OK
        assert self.check(service, "ver-3", "000003").result is Result.OK

    def test_a_new_code_does_not_bring_endless_new_tries(self, service, clock):
        for _ in range(CODES_PER_NUMBER):
            assert service.verify({"to": ADA}).result is Result.OK
        assert service.verify({"to": ADA}).result is Result.TOO_MANY_CODES
        assert service.verify({"to": BOB}).result is Result.OK
        clock.now += CODE_WINDOW
        assert service.verify({"to": ADA}).result is Result.OK

    def test_a_code_that_could_not_be_sent_does_not_count(self, make):
        service = make(credit=0)
        for _ in range(CODES_PER_NUMBER + 1):
            assert service.verify({"to": ADA}).result is Result.NO_CREDIT
        service.credit = 1
        assert service.verify({"to": ADA}).result is Result.OK

    def test_a_verification_that_was_never_begun(self, service):
        with pytest.raises(RefusedError) as refusal:
            self.check(service, "ver-1", "000001")
        assert refusal.value.result is Result.NOT_FOUND

    def test_a_random_code_has_six_digits_and_is_another_each_time(self):
        codes = [random_code() for _ in range(200)]
        assert all(len(code) == 6 and code.isascii() and code.isdigit() for code in codes)
        assert len(set(codes)) > 190
