"""Accounts: sign up."""

from argon2 import PasswordHasher
from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy.exc import IntegrityError

from ticker import db
from ticker.forms import SignUpForm
from ticker.models import User

pages = Blueprint("accounts", __name__)
hasher = PasswordHasher()


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
    flash(f"Welcome, {user.email}.")
    return redirect(url_for("quotes.front"), 303)
