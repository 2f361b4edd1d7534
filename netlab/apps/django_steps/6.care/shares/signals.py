"""What happens when something is saved: listed here, so that it can be found."""

from django.core.cache import cache
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from shares.models import Price

FRONT = "shares.front"


@receiver([post_save, post_delete], sender=Price)
def forget_the_front_page(sender, **about):
    """A price has changed: what is cached of it is old."""
    cache.delete(FRONT)
