"""Pictures for the lessons: figures with text alternatives, and drawings of networks."""

from typing import TYPE_CHECKING

from netlab._lazy import attach

if TYPE_CHECKING:
    from netlab.charts.figures import Picture as Picture
    from netlab.charts.figures import picture as picture

__all__ = ["Picture", "picture"]

__getattr__, __dir__ = attach(__name__, {"Picture": "figures", "picture": "figures"})
