"""The login of the staff: a password, and a code that is worth half a minute, and once."""

import time

import pyotp
from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError

STEP = 30  # seconds that a code is worth (RFC 6238)


class SecondFactorForm(AdminAuthenticationForm):
    """Who has a second factor, needs it; who has none, is not let in."""

    code = forms.CharField(max_length=6, widget=forms.TextInput(attrs={"inputmode": "numeric"}))

    def confirm_login_allowed(self, user):
        """Asked once the password is right."""
        super().confirm_login_allowed(user)
        now = int(time.time()) // STEP
        code = self.cleaned_data.get("code", "")
        step = next((s for s in (now, now - 1) if self.matches(user, code, s)), 0)
        used = type(user).objects.filter(pk=user.pk, last_code_at__lt=step)
        if not step or not used.update(last_code_at=step):
            raise ValidationError("The code is wrong, or was used.", code="second_factor")

    def matches(self, user, code, step):
        """Whether a code is the one of a half minute."""
        totp = pyotp.TOTP(user.second_factor) if user.second_factor else None
        return totp is not None and totp.verify(code, for_time=step * STEP)
