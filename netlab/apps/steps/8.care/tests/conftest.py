"""What every test begins with: an application, its database, a client."""

from datetime import date

import pytest
from argon2 import PasswordHasher

from ticker import accounts, create_app, db
from ticker.models import Price, Stock

PASSWORD = "a long password"


@pytest.fixture
def app(tmp_path, monkeypatch):
    """An application of its own for each test, with one share; its passwords are hashed quickly."""
    monkeypatch.setattr(accounts, "hasher", PasswordHasher(1, 8, 1))
    path = tmp_path / "test.sqlite3"
    app = create_app(
        {"TESTING": True, "DATABASE": path, "SECRET_KEY": "test", "WTF_CSRF_ENABLED": False}
    )
    with app.app_context():
        db.upgrade()
        prices = [
            Price(day=date(2013, 3, 1), close=430.47),
            Price(day=date(2013, 2, 28), close=441.40),
        ]
        db.session().add(Stock(ticker="AAPL", name="Apple", prices=prices))
        db.session().commit()
    return app


@pytest.fixture
def client(app):
    """A browser without a screen."""
    return app.test_client()


@pytest.fixture
def ada(app):
    """Another browser, in which Ada is logged in."""
    client = app.test_client()
    client.post("/account/sign-up", data={"email": "ada@ticker.example", "password": PASSWORD})
    return client
