"""What people may send, and what must hold of it."""

from django import forms
from django.contrib.auth.forms import UserCreationForm

from people.models import Alert, User


class SignUpForm(UserCreationForm):
    """A name, a mail address, and a password, twice."""

    class Meta:
        model = User
        fields = ["username", "email"]

    def clean_email(self):
        """Addresses that differ in capitals only are one."""
        return self.cleaned_data["email"].lower()


class AlertForm(forms.ModelForm):
    """An alert; whose it is, no form may say."""

    class Meta:
        model = Alert
        fields = ["stock", "side", "limit_price", "by_mail", "by_sms"]

    def clean(self):
        """What concerns several fields: the limit lies within reach of the last close."""
        data = super().clean()
        if data.get("stock") and data.get("limit_price"):
            last = data["stock"].prices.first()
            if last and not last.close / 10 <= data["limit_price"] <= last.close * 10:
                self.add_error("limit_price", f"The last close was {last.close:.2f}.")
        return data
