"""Accounts: sign up, log in and out, name and phone, another password, the end of an account.

With a mail server, a sign-up only writes a letter, and its answer is the same whether or not the address has an
account: its owner gets a mail that says so. Without one the account is made at once.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from netlab.apps.ticker import letters, logins
from netlab.apps.ticker.context import db, ticker
from netlab.apps.ticker.forms import DeleteForm, Form, LogInForm, PasswordForm, ProfileForm, SignUpForm
from netlab.apps.ticker.logins import TooManyTries, current_user, login_required, the_user
from netlab.apps.ticker.models import Alert, Purpose, User
from netlab.apps.ticker.navigation import next_page

pages = Blueprint("accounts", __name__)

HOME = "quotes.front"


@pages.route("/sign-up", methods=["GET", "POST"])
def sign_up() -> ResponseReturnValue:
    """Ask for an account."""
    form = SignUpForm()
    if current_user():
        return redirect(next_page(HOME), 303)
    if not form.validate_on_submit():
        return render_template("sign_up.html", form=form), status_of(form)
    by_mail = bool(ticker().config.smtp_host)
    refusal = _write_letter(form) if by_mail else _count(form)
    if refusal:
        form.email.errors = [str(refusal)]
        return render_template("sign_up.html", form=form), 429, refusal.headers
    return redirect(url_for("links.sent"), 303) if by_mail else _make_at_once(form)


def _write_letter(form: SignUpForm) -> TooManyTries | None:
    """Write to the address, whether it has an account or not; either takes as long."""
    user = db().scalar(select(User).where(User.email == form.email.data))
    letter = letters.ask(
        Purpose.SIGN_UP, form.email.data, name=form.name.data, user_id=user.id if user else None
    )
    if isinstance(letter, TooManyTries):
        return letter
    letter.password_hash = ticker().passwords.hash(form.password.data)  # counted before this is computed
    db().commit()
    return None


def _count(form: SignUpForm) -> TooManyTries | None:
    outcome = letters.ask(Purpose.SIGN_UP, form.email.data, error=letters.NO_MAIL)
    return outcome if isinstance(outcome, TooManyTries) else None


def _make_at_once(form: SignUpForm) -> ResponseReturnValue:
    """Make an account whose address nobody confirms, and log in."""
    password_hash = ticker().passwords.hash(form.password.data)
    user = User(name=form.name.data, email=form.email.data, password_hash=password_hash)
    db().add(user)
    try:
        db().flush()
    except IntegrityError:
        db().rollback()
        form.email.errors = ["There is an account with this address. Log in, or use another address."]
        return render_template("sign_up.html", form=form), 422
    logins.start(user)
    db().commit()
    flash(f"Welcome, {user.name}. Your account is ready.")
    return redirect(next_page(HOME), 303)


@pages.route("/log-in", methods=["GET", "POST"])
def log_in() -> ResponseReturnValue:
    """Log in with a password."""
    form = LogInForm()
    if current_user():
        return redirect(next_page(HOME), 303)
    if not form.validate_on_submit():
        return render_template("log_in.html", form=form), status_of(form)
    outcome = logins.check(form.email.data, form.password.data)
    if isinstance(outcome, User):
        logins.start(outcome)
        db().commit()
        flash(f"You are logged in, {outcome.name}.")
        return redirect(next_page(HOME), 303)
    if outcome is None:
        form.password.errors = ["The mail address or the password is wrong."]
        return render_template("log_in.html", form=form), 422
    form.password.errors = [str(outcome)]
    return render_template("log_in.html", form=form), 429, outcome.headers


@pages.post("/log-out")
def log_out() -> ResponseReturnValue:
    """Log out: a form, so that no picture on another site can do it."""
    logins.end()
    db().commit()
    flash("You are logged out.")
    return redirect(url_for(HOME), 303)


@pages.route("/", methods=["GET", "POST"])
@login_required
def profile() -> ResponseReturnValue:
    """Name and phone number."""
    user = the_user()
    form = ProfileForm(obj=user)
    if not form.validate_on_submit():
        return render_template("account.html", form=form, button=Form()), status_of(form)
    waiting = select(Alert.id).where(Alert.user_id == user.id, Alert.by_sms, Alert.triggered_at.is_(None))
    if not form.phone.data and db().scalar(waiting.limit(1)):
        form.phone.errors = [
            "An alert of yours comes by SMS. Change the alert first, then remove the number."
        ]
        return render_template("account.html", form=form, button=Form()), 422
    user.name = form.name.data
    user.phone = form.phone.data or None
    db().commit()
    flash("Your account is changed.")
    return redirect(url_for("accounts.profile"), 303)


@pages.route("/password", methods=["GET", "POST"])
@login_required
def password() -> ResponseReturnValue:
    """Change the password; every other browser is logged out, whoever sits there."""
    user = the_user()
    form = PasswordForm()
    if not form.validate_on_submit() or not _is_current(form, user):
        return render_template("password.html", form=form), status_of(form)
    user.password_hash = ticker().passwords.hash(form.password.data)
    logins.end_all(user)
    logins.start(user)
    db().commit()
    flash("Your password is changed. Every other browser is logged out.")
    return redirect(url_for("accounts.profile"), 303)


@pages.post("/log-out-everywhere")
@login_required
def log_out_everywhere() -> ResponseReturnValue:
    """Log out in every browser."""
    logins.end_all(the_user())
    logins.end()
    db().commit()
    flash("You are logged out everywhere.")
    return redirect(url_for(HOME), 303)


@pages.route("/delete", methods=["GET", "POST"])
@login_required
def delete() -> ResponseReturnValue:
    """Delete the account with all that belongs to it."""
    user = the_user()
    form = DeleteForm()
    if not form.validate_on_submit() or not _is_current(form, user):
        return render_template("delete_account.html", form=form), status_of(form)
    logins.end()
    db().delete(user)
    db().commit()
    flash("Your account is deleted, with your watch-list and your alerts.")
    return redirect(url_for(HOME), 303)


def status_of(form: Form) -> int:
    """The status of a page with a form: 422 when it was sent and not taken."""
    return 422 if form.is_submitted() else 200


def _is_current(form: PasswordForm | DeleteForm, user: User) -> bool:
    """Whether the current password is right; it can be tried as seldom as at the login."""
    outcome = logins.check(user.email, form.current.data)
    if isinstance(outcome, User):
        return True
    form.current.errors = ["The password is wrong." if outcome is None else str(outcome)]
    return False
