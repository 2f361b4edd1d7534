"""What must hold of the pages of shares."""

from datetime import date

from django.core.cache import cache
from django.test import TestCase
from django.urls import reverse

from shares.models import Price, Stock


def day(stock, number, close):
    return Price(
        stock=stock,
        day=date(2013, 3, number),
        open=close,
        high=close,
        low=close,
        close=close,
        volume=1,
    )


class SharesTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.apple = Stock.objects.create(ticker="AAPL", name="Apple")
        Price.objects.bulk_create([day(cls.apple, 1, 430.47), day(cls.apple, 2, 420.05)])

    def setUp(self):
        cache.clear()

    def test_the_front_page_has_the_newest_close(self):
        response = self.client.get(reverse("shares:front"))
        self.assertContains(response, "420.05")
        self.assertNotContains(response, "430.47")

    def test_the_front_page_asks_once_however_many_shares_there_are(self):
        Stock.objects.bulk_create(Stock(ticker=f"S{n}", name=f"Share {n}") for n in range(20))
        with self.assertNumQueries(1):
            self.client.get(reverse("shares:front"))

    def test_a_price_that_is_saved_is_shown_at_once(self):
        self.client.get(reverse("shares:front"))
        day(self.apple, 3, 431.14).save()
        self.assertContains(self.client.get(reverse("shares:front")), "431.14")

    def test_a_name_is_no_html(self):
        Stock.objects.create(ticker="X", name="<script>alert(1)</script>")
        self.assertNotContains(self.client.get(reverse("shares:front")), "<script>")
