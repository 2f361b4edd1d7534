"""The forms. Flask-WTF gives each a CSRF token; every message says how to mend what is wrong."""

from __future__ import annotations

import re
from decimal import Decimal

from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, PasswordField, RadioField, SelectField, StringField, TelField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, StopValidation, ValidationError

from netlab.apps.ticker.logins import the_user
from netlab.apps.ticker.models import Side
from netlab.apps.ticker.passwords import weakness
from netlab.servers.sms_rules import is_fictional

LONGEST_EMAIL = 254  # RFC 5321, section 4.5.3.1.3, without its angle brackets
LONGEST_NAME = 80
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_EMAIL = re.compile(
    rf"[a-z0-9!#$%&'*+/=?^_`{{|}}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{{|}}~-]+)*@(?:{_LABEL}\.)+{_LABEL}"
)
_PRICE = re.compile(r"\d{1,6}(\.\d{1,4})?", re.ASCII)
FICTIONAL_ONLY = (
    "Use a number kept for fiction: +12025550100 to +12025550199, or +447700900000 to +447700900999."
)


def stripped(text: str | None) -> str:
    """What was typed, without space around it."""
    return (text or "").strip()


def lowered(text: str | None) -> str:
    """A mail address as we keep it: in small letters, as everybody in practice compares them."""
    return stripped(text).lower()


def dialled(text: str | None) -> str:
    """A telephone number without the characters that people put in to read it."""
    return re.sub(r"[\s().\-/]", "", text or "")


def needed(message: str) -> DataRequired:
    """Something must be typed in; space alone is nothing."""
    return DataRequired(message)


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """The base of all forms; one without fields is a button that changes something."""

    @property
    def whose(self) -> str:
        """The mail address of whose form it is."""
        return the_user().email


class EmailText(EmailField):  # type: ignore[misc]
    """A mail address."""

    def pre_validate(self, form: Form) -> None:  # noqa: ARG002
        """Refuse what no mail server takes."""
        if len(self.data) > LONGEST_EMAIL or not _EMAIL.fullmatch(self.data):
            raise StopValidation("Write a mail address such as ada@ticker.example.")


class PriceText(StringField):  # type: ignore[misc]
    """A price in US dollars; its data is a Decimal, or None if it cannot be read."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read it."""
        self.typed = stripped(valuelist[0] if valuelist else "")
        plain = self.typed.removeprefix("$").strip()
        self.data = Decimal(plain) if _PRICE.fullmatch(plain) else None

    def _value(self) -> str:
        return self.typed if hasattr(self, "typed") else "" if self.data is None else f"{self.data:f}"

    def pre_validate(self, form: Form) -> None:  # noqa: ARG002
        """Refuse what is no price."""
        if not self.data:
            raise StopValidation("Write a price in US dollars, such as 430.50, above 0 and below a million.")


class NewPassword(PasswordField):  # type: ignore[misc]
    """A password to be set."""

    def pre_validate(self, form: Form) -> None:
        """Refuse what is easy to guess."""
        if problem := weakness(self.data or "", form.whose or ""):
            raise StopValidation(problem)


def check_name(_: Form, field: StringField) -> None:
    """Refuse a name that is too long, or has a line break in it."""
    if len(field.data) > LONGEST_NAME or not field.data.isprintable():
        raise ValidationError(f"Write a name on one line, at most {LONGEST_NAME} characters.")


def check_phone(_: Form, field: StringField) -> None:
    """Refuse a number that could be somebody's."""
    if field.data and not is_fictional(field.data):
        raise ValidationError(FICTIONAL_ONLY)


class SignUpForm(Form):
    """A new account."""

    name = StringField("Name", [needed("Write your name."), check_name], [stripped])
    email = EmailText("Mail address", [needed("Write your mail address.")], [lowered])
    password = NewPassword("Password", [needed("Choose a password.")])

    @property
    def whose(self) -> str:
        """Theirs who sign up."""
        return self.email.data or ""


class ConfirmForm(Form):
    """Who has signed up and opens the link."""

    password = PasswordField("Password", [needed("Write the password that you chose.")])


class ResetForm(Form):
    """Who has forgotten their password."""

    email = EmailText("Mail address", [needed("Write your mail address.")], [lowered])


class NewPasswordForm(Form):
    """Another password in the place of one forgotten."""

    password = NewPassword("New password", [needed("Choose a new password.")])
    whose = ""


class LogInForm(Form):
    """Who comes back."""

    email = EmailText("Mail address", [needed("Write your mail address.")], [lowered])
    password = PasswordField("Password", [needed("Write your password.")])


class ProfileForm(Form):
    """What a user says about themselves."""

    name = StringField("Name", [needed("Write your name."), check_name], [stripped])
    phone = TelField("Phone number, for alerts by SMS", [check_phone], [dialled])


class PasswordForm(Form):
    """Another password."""

    current = PasswordField("Current password", [needed("Write your current password.")])
    password = NewPassword("New password", [needed("Choose a new password.")])


class DeleteForm(Form):
    """The end of an account."""

    current = PasswordField("Current password", [needed("Write your current password.")])
    sure = BooleanField("Delete my account with all it holds", [needed("Tick the box if you are sure.")])


class ApiKeyForm(Form):
    """A key for a program."""

    name = StringField("What is it for?", [needed("Give the key a name."), check_name], [stripped])


class AlertForm(Form):
    """When to tell, and how."""

    ticker = SelectField("Share")
    side = RadioField(
        "Tell me when it closes",
        [needed("Choose one.")],
        choices=[
            SelectChoice(Side.ABOVE.value, "at the limit or above"),
            SelectChoice(Side.BELOW.value, "at the limit or below"),
        ],
    )
    limit_price = PriceText("Limit in US dollars", [needed("Write a price, such as 430.50.")])
    by_mail = BooleanField("By mail")
    by_sms = BooleanField("By SMS")

    def validate_by_sms(self, field: BooleanField) -> None:
        """An alert needs a way, and an SMS a number."""
        if not field.data and not self.by_mail.data:
            raise ValidationError("Choose at least one way: by mail, by SMS, or both.")
        if field.data and not the_user().phone:
            raise ValidationError("Write your phone number into your account first.")
