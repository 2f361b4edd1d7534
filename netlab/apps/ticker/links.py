"""What the links in letters open: an account made, an address confirmed, another password set.

To look at a link changes nothing, since programs look at mails, too: a button uses it.
"""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from netlab.apps.ticker import letters, logins
from netlab.apps.ticker.accounts import HOME, status_of
from netlab.apps.ticker.columns import now
from netlab.apps.ticker.context import db, ticker
from netlab.apps.ticker.forms import ConfirmForm, Form, NewPasswordForm, ResetForm
from netlab.apps.ticker.logins import TooManyTries, login_required, the_user
from netlab.apps.ticker.models import Letter, Purpose, User

pages = Blueprint("links", __name__)


@pages.after_request
def keep_nowhere(response: Response) -> Response:
    """A page whose address holds a token is kept nowhere."""
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.get("/sent")
def sent() -> ResponseReturnValue:
    """What to do next, whether or not there is such an account."""
    return render_template("sent.html")


@pages.route("/sign-up/confirm", methods=["GET", "POST"])
def sign_up() -> ResponseReturnValue:
    """Make the account that a letter keeps.

    The link proves who reads the mail, the password that it was they who signed up: otherwise somebody could sign up
    with another's address and, once that person opens the link in good faith, share the account.
    """
    letter = _letter(Purpose.SIGN_UP)
    if letter is None or letter.password_hash is None:
        return _over()
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_template("confirm_sign_up.html", form=form, letter=letter), status_of(form)
    if refusal := logins.count_try(letter.email):
        form.password.errors = [str(refusal)]
        return render_template("confirm_sign_up.html", form=form, letter=letter), 429, refusal.headers
    if not ticker().passwords.is_right(form.password.data, kept := letter.password_hash):
        form.password.errors = ["This is not the password that you chose when you signed up."]
        return render_template("confirm_sign_up.html", form=form, letter=letter), 422
    user = User(name=letter.name, email=letter.email, password_hash=kept, email_confirmed_at=now())
    if not letters.use(letter) or not _add(user):
        return _over()
    letter.user_id = user.id  # it goes with the account
    logins.forget_tries(user.email)
    logins.start(user)
    db().commit()
    flash(f"Welcome, {user.name}. Your account is ready.")
    return redirect(url_for(HOME), 303)


@pages.post("/confirm/ask")
@login_required
def ask_to_confirm() -> ResponseReturnValue:
    """Send the user a link that confirms their address."""
    user = the_user()
    if not ticker().config.smtp_host or user.email_confirmed_at:
        return redirect(url_for("accounts.profile"), 303)
    outcome = letters.ask(Purpose.CONFIRM, user.email, user_id=user.id)
    if isinstance(outcome, TooManyTries):
        flash(str(outcome))
        return redirect(url_for("accounts.profile"), 303)
    return redirect(url_for("links.sent"), 303)


@pages.route("/confirm", methods=["GET", "POST"])
@login_required
def confirm() -> ResponseReturnValue:
    """Confirm the address of the user who is logged in: nobody confirms one for another's account."""
    letter = _letter(Purpose.CONFIRM)
    user = the_user()
    if letter is None or letter.user_id != user.id or letter.email != user.email:
        return _over()
    form = Form()
    if not form.validate_on_submit():
        return render_template("confirm.html", form=form), status_of(form)
    if not letters.use(letter):
        return _over()
    user.email_confirmed_at = now()
    letters.void(db(), user, Purpose.CONFIRM)
    db().commit()
    flash("Your mail address is confirmed.")
    return redirect(url_for("accounts.profile"), 303)


@pages.route("/reset", methods=["GET", "POST"])
def reset() -> ResponseReturnValue:
    """Send a link that sets another password, and say the same if there is nobody to send it to."""
    if not ticker().config.smtp_host:
        return render_template("no_reset.html"), 200 if request.method == "GET" else 404
    form = ResetForm()
    if not form.validate_on_submit():
        return render_template("reset.html", form=form), status_of(form)
    user = db().scalar(select(User).where(User.email == form.email.data, User.is_active))
    to_whom = {"user_id": user.id} if user else {"error": letters.NOBODY}
    outcome = letters.ask(Purpose.RESET, form.email.data, **to_whom)
    if isinstance(outcome, TooManyTries):
        form.email.errors = [str(outcome)]
        return render_template("reset.html", form=form), 429, outcome.headers
    return redirect(url_for("links.sent"), 303)


@pages.route("/reset/new", methods=["GET", "POST"])
def new_password() -> ResponseReturnValue:
    """Set another password; whoever is logged in with the old one is out, and so is who guessed at it."""
    letter = _letter(Purpose.RESET)
    if letter is None or letter.user_id is None:
        return _over()
    form = NewPasswordForm()
    form.whose = letter.email
    if not form.validate_on_submit():
        return render_template("new_password.html", form=form), status_of(form)
    password_hash = ticker().passwords.hash(form.password.data)
    user = db().scalar(select(User).where(User.id == letter.user_id, User.is_active))
    if user is None or user.email != letter.email or not letters.use(letter):
        return _over()
    user.password_hash = password_hash
    user.email_confirmed_at = user.email_confirmed_at or now()
    letters.void(db(), user, Purpose.RESET)
    logins.forget_tries(user.email, everywhere=True)
    logins.end_all(user)
    logins.end()
    db().commit()
    flash("Your password is changed, and every browser is logged out. Log in with the new one.")
    return redirect(url_for("accounts.log_in"), 303)


def _letter(purpose: Purpose) -> Letter | None:
    return letters.find(purpose, request.args.get("token", ""))


def _over() -> ResponseReturnValue:
    """The reply to a link that opens nothing, whatever the reason."""
    db().rollback()
    return render_template("over.html"), 410


def _add(user: User) -> bool:
    """Add a user; false if the address has an account by now."""
    db().add(user)
    try:
        db().flush()
    except IntegrityError:
        return False
    return True
