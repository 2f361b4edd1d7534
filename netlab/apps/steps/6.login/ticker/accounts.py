"""Accounts: sign up, log in, log out."""

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import LoginManager, login_user, logout_user
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ticker import db
from ticker.forms import LogInForm, SignUpForm
from ticker.models import User

pages = Blueprint("accounts", __name__)
hasher = PasswordHasher()
nobody = hasher.hash("a password that nobody has")
logins = LoginManager()
logins.login_view = "accounts.log_in"
logins.login_message = "Please log in."


@logins.user_loader
def load_user(number):
    """The user whose number stands in the session cookie."""
    return db.session().get(User, int(number))


@pages.route("/sign-up", methods=["GET", "POST"])
def sign_up():
    """Make an account."""
    form = SignUpForm()
    if not form.validate_on_submit():
        return render_template(
            "form.html", form=form, title="Sign up"
        ), 422 if form.is_submitted() else 200
    user = User(email=form.email.data.lower(), password_hash=hasher.hash(form.password.data))
    db.session().add(user)
    try:
        db.session().commit()
    except IntegrityError:
        db.session().rollback()
        form.email.errors = ["There is an account with this address."]
        return render_template("form.html", form=form, title="Sign up"), 422
    login_user(user)
    flash(f"Welcome, {user.email}.")
    return redirect(url_for("quotes.front"), 303)


@pages.route("/log-in", methods=["GET", "POST"])
def log_in():
    """Log in with a password."""
    form = LogInForm()
    if not form.validate_on_submit():
        return render_template(
            "form.html", form=form, title="Log in"
        ), 422 if form.is_submitted() else 200
    user = find_user(form.email.data.lower(), form.password.data)
    if user is None:
        form.password.errors = ["The mail address or the password is wrong."]
        return render_template("form.html", form=form, title="Log in"), 422
    login_user(user)
    flash("You are logged in.")
    return redirect(url_for("quotes.front"), 303)


@pages.post("/log-out")
def log_out():
    """Log out: a form, so that no picture on another site can do it."""
    logout_user()
    flash("You are logged out.")
    return redirect(url_for("quotes.front"), 303)


def find_user(email, password):
    """The user, if the password is right; it takes equally long if there is no such user."""
    user = db.session().scalar(select(User).where(User.email == email))
    try:
        hasher.verify(user.password_hash if user else nobody, password)
    except VerifyMismatchError:
        return None
    return user
