"""The forms: what may be sent, and what to say about what may not."""

from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, Regexp


class SignUpForm(FlaskForm):
    """A new account."""

    email = EmailField(
        "Mail address",
        [
            InputRequired(),
            Length(max=254),
            Regexp(r"[^@\s]+@[^@\s]+\.[a-z]+\Z", message="Write name@host."),
        ],
    )
    password = PasswordField(
        "Password", [InputRequired(), Length(12, 128, "Use 12 characters or more.")]
    )


class LogInForm(FlaskForm):
    """Who comes back."""

    email = EmailField("Mail address", [InputRequired()])
    password = PasswordField("Password", [InputRequired(), Length(max=128)])


class WatchForm(FlaskForm):
    """A share to watch, and why."""

    ticker = StringField(
        "Ticker", [InputRequired(), Regexp(r"[A-Z]{1,5}\Z", message="One to five capitals.")]
    )
    note = StringField("Note", [Length(max=200)], default="")
