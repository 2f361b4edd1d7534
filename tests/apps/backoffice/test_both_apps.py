"""Two apps on the same data: tables that either has made, and rows that either sees."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import delete, select

from netlab.apps.ticker import models as ticker
from netlab.apps.ticker.app import prepare
from netlab.apps.ticker.config import Config
from netlab.apps.ticker.context import Ticker
from netlab.apps.ticker.database import Database
from netlab.apps.ticker.importer import import_prices
from netlab.apps.ticker.jobs import watch_prices
from netlab.apps.ticker.passwords import Passwords
from netlab.paths import data_dir

both = pytest.mark.parametrize("backend", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def database(empty_url):
    """Ticker's view of a database without tables."""
    database = Database(empty_url)
    yield database
    database.close()


@pytest.fixture
def django(on_database, empty_url):
    """Django's commands on the same database."""
    from django.core.management import call_command

    with on_database(empty_url):
        yield lambda *words, **options: call_command(*words, stdout=io.StringIO(), verbosity=0, **options)


def differences(database):
    """What Ticker's tables are not, compared with its models; the back office's own are none of its business."""
    ours = ("backoffice_", "auth_", "django_")

    def is_tickers(obj, name, kind, reflected, other):
        return not (kind == "table" and name.startswith(ours))

    with database.engine.connect() as connection:
        options = {"compare_server_default": True, "include_object": is_tickers}
        context = MigrationContext.configure(connection, opts=options)
        return compare_metadata(context, ticker.Base.metadata)


def ours(model, **fields):
    """A row, made by Django."""
    return model.objects.create(**fields)


def small_file(folder):
    """Some years of Apple, with two splits."""
    path = folder / "apple.csv"
    path.write_text("\n".join((data_dir() / "stocks.csv").read_text().splitlines()[:1400]))
    return path


@both
def test_alone_the_back_office_makes_the_tables_that_ticker_needs(database, django):
    django("migrate")
    assert database.is_current
    assert differences(database) == []


@both
def test_on_tables_that_ticker_has_made_it_makes_only_its_own(database, django):
    database.upgrade()
    with database.begin() as session:
        session.add(ticker.Stock(ticker="TICK", name="Ticker"))
    django("migrate")
    assert differences(database) == []
    from netlab.apps.backoffice.models import Stock

    assert [str(each) for each in Stock.objects.all()] == ["TICK, Ticker"]


def test_ticker_starts_on_a_database_that_the_back_office_has_made(database, django, empty_url):
    django("migrate")
    config = Config(database_url=empty_url, secret_key="k" * 32)
    prepare(Ticker(config, database, Passwords(1, 8, 1)))
    from netlab.apps.backoffice.models import Price

    assert Price.objects.count() == 12_154


@both
def test_both_import_the_same(database, django, tmp_path):
    path = small_file(tmp_path)
    django("migrate")
    django("seed", path)
    from netlab.apps.backoffice.models import Price

    fields = ("stock__ticker", "day", "open", "high", "low", "close", "volume", "adjusted_close", "split")
    mine = list(Price.objects.order_by("stock__ticker", "day").values_list(*fields))
    Price.objects.all().delete()
    with database.begin() as session:
        import_prices(session, path)
    theirs = list(Price.objects.order_by("stock__ticker", "day").values_list(*fields))
    assert len(mine) == 1399
    assert [row[1].isoformat() for row in mine if row[-1] != 1] == ["2000-06-21", "2005-02-28"]
    assert mine == theirs


@both
def test_a_row_made_in_one_is_seen_in_the_other(database, django):
    django("migrate")
    from netlab.apps.backoffice.models import Alert, Customer, Stock

    stock = ours(Stock, ticker="TICK", name="Ticker")
    eve = ours(Customer, name="Eve", email="eve@ticker.example", password_hash="!")
    with database.begin() as session:
        user = session.scalars(select(ticker.User)).one()
        assert (user.id, user.name, user.is_active) == (eve.pk, "Eve", True)
        assert user.created_at == eve.created_at
        session.add(
            ticker.Alert(
                user_id=user.id,
                stock_id=stock.pk,
                side=ticker.Side.BELOW,
                limit_price=Decimal("12.3456"),
                by_mail=True,
                by_sms=False,
            )
        )
    alert = Alert.objects.get()
    assert (alert.user, alert.stock, alert.side, alert.limit_price) == (
        eve,
        stock,
        "below",
        Decimal("12.3456"),
    )
    assert (alert.by_mail, alert.by_sms, alert.triggered_at) == (True, False, None)


@both
def test_ticker_sends_what_the_back_office_has_put_on_its_way(database, django, tmp_path):
    django("migrate")
    django("seed", small_file(tmp_path), demo=True)
    from netlab.apps.backoffice.models import Notification
    from netlab.apps.ticker.notifications import send_due

    waiting = set(
        Notification.objects.filter(state="waiting")
        .exclude(channel="mail", user__email_confirmed_at=None)
        .values_list("pk", flat=True)
    )
    sent = []

    class Sender:
        def send(self, notification):
            sent.append(notification.id)

    outcome = send_due(database, dict.fromkeys(ticker.Channel, Sender()))
    assert (set(sent), outcome.sent) == (waiting, len(waiting))
    assert waiting
    assert not Notification.objects.filter(pk__in=waiting).exclude(state="sent").exists()


@both
def test_alerts_wait_while_a_share_is_suspended(database, django, come, empty_url, tmp_path):
    django("migrate")
    django("seed", small_file(tmp_path))
    from django.contrib.auth.models import User

    from netlab.apps.backoffice.models import Customer, Notification, Stock

    User.objects.create_superuser("anna")
    anna, apple = come("anna"), Stock.objects.get()
    eve = ours(Customer, name="Eve", email="eve@ticker.example", password_hash="!")
    job = Ticker(Config(database_url=empty_url, secret_key="k" * 32), database, Passwords(1, 8, 1))

    def wait_for_a_cent():
        eve.alerts.create(stock=apple, side="above", limit_price=Decimal("0.01"))

    wait_for_a_cent()
    assert "1 share is suspended." in anna.act("stock", "suspend", apple).text
    assert watch_prices(job) == "0 alerts met"
    assert not Notification.objects.exists()
    assert "1 share trades again." in anna.act("stock", "resume", apple).text
    assert watch_prices(job) == "1 alert met"
    assert Notification.objects.get().alert.triggered_at

    wait_for_a_cent()
    anna.act("stock", "suspend", apple)
    django("migrate", "backoffice", "zero")
    assert watch_prices(job) == "1 alert met", "nobody says any more that it is suspended"


@both
@pytest.mark.parametrize("by", ["ticker", "the back office"])
def test_an_account_that_is_assigned_can_be_deleted_by_either(database, django, by):
    django("migrate")
    from django.contrib.auth.models import User

    from netlab.apps.backoffice.models import Assignment, Customer

    eve = ours(Customer, name="Eve", email="eve@ticker.example", password_hash="!")
    sue = User.objects.create_user("sue")
    Assignment.objects.create(customer=eve, staff=sue)
    if by == "ticker":
        with database.begin() as session:
            session.execute(delete(ticker.User))
    else:
        eve.delete()
    assert not Assignment.objects.exists()
    assert not Customer.objects.exists()


@both
def test_what_the_database_checks_django_cannot_get_past(database, django):
    django("migrate")
    from django.db import IntegrityError, transaction

    from netlab.apps.backoffice.models import Customer, Stock

    for model, fields in (
        (Stock, {"ticker": "tick", "name": "in small letters"}),
        (Customer, {"email": "Eve@ticker.example", "name": "Eve", "password_hash": "!"}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ours(model, **fields)


@both
def test_migrating_again_changes_nothing_and_back_leaves_tickers_tables(database, django):
    django("migrate")
    from netlab.apps.backoffice.models import Stock

    ours(Stock, ticker="TICK", name="Ticker")
    django("migrate")
    django("migrate", "backoffice", "zero")
    with database.session() as session:
        assert [each.ticker for each in session.scalars(select(ticker.Stock))] == ["TICK"]
    django("migrate")
    from django.contrib.auth.models import Group

    assert set(Group.objects.values_list("name", flat=True)) == {"administrator", "analyst", "support"}


def test_every_column_of_the_models_is_one_of_tickers(prepared_file):
    from django.apps import apps

    for model in apps.get_app_config("backoffice").get_models():
        if model._meta.managed:
            continue
        table = ticker.Base.metadata.tables[model._meta.db_table]
        for field in model._meta.concrete_fields:
            column = table.columns[field.column]
            assert column.nullable == field.null, field
            length = getattr(column.type, "length", None)
            if length and not field.is_relation:
                assert field.max_length == length, field


def test_no_migration_is_missing(django):
    django("makemigrations", check=True, dry_run=True)
