"""What must hold of the pages of people."""

from django.contrib.auth import get_user_model
from django.test import TestCase, override_settings
from django.urls import reverse

from people.models import Alert
from shares.models import Stock

CHEAP = {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]}


@override_settings(**CHEAP)
class AlertTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        make = get_user_model().objects.create_user
        cls.ada = make("ada", "ada@ticker.example", "a long password")
        cls.bob = make("bob", "bob@ticker.example", "another password")
        cls.apple = Stock.objects.create(ticker="AAPL", name="Apple")
        cls.alert = Alert.objects.create(
            user=cls.ada, stock=cls.apple, side="above", limit_price=450
        )

    def delete(self, user):
        self.client.force_login(user)
        return self.client.post(reverse("people:delete-alert", args=[self.alert.pk])).status_code

    def test_its_owner_deletes_it(self):
        self.assertEqual(self.delete(self.ada), 302)
        self.assertFalse(Alert.objects.exists())

    def test_nobody_else_deletes_it(self):
        self.assertEqual(self.delete(self.bob), 404)
        self.assertTrue(Alert.objects.exists())

    def test_an_alert_belongs_to_who_has_set_it(self):
        self.client.force_login(self.bob)
        sent = {"stock": self.apple.pk, "side": "below", "limit_price": 400, "by_mail": "on"}
        self.client.post(reverse("people:new-alert"), {**sent, "user": self.ada.pk})
        self.assertEqual(self.bob.alerts.count(), 1)

    def test_who_is_not_logged_in_is_asked_to(self):
        response = self.client.get(reverse("people:watchlist"))
        self.assertRedirects(response, "/log-in/?next=/my/watch-list/")
