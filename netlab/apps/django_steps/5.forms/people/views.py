"""The pages of people: for who is logged in, and of what is theirs."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.views.generic import CreateView, DeleteView

from people.forms import AlertForm, SignUpForm
from people.models import Alert
from shares.models import Stock


class SignUp(CreateView):
    """Make an account."""

    form_class = SignUpForm
    template_name = "people/sign_up.html"
    success_url = reverse_lazy("login")


@login_required
def watchlist(request):
    """Show the list; a POST puts a share on it, or takes it off."""
    if request.method == "POST":
        stock = get_object_or_404(Stock, ticker=request.POST.get("ticker", ""))
        if request.POST.get("action") == "remove":
            request.user.watched.remove(stock)
        else:
            request.user.watched.add(stock)
        return redirect("people:watchlist")
    mine = {
        "stocks": request.user.watched.with_last_close(),
        "alerts": request.user.alerts.select_related("stock"),
    }
    return render(request, "people/watchlist.html", mine)


class NewAlert(LoginRequiredMixin, CreateView):
    """Set an alert."""

    model = Alert
    form_class = AlertForm
    success_url = reverse_lazy("people:watchlist")

    def form_valid(self, form):
        """A good form: it belongs to who has sent it."""
        form.instance.user = self.request.user
        messages.success(self.request, "The alert is set.")
        return super().form_valid(form)


class DeleteAlert(LoginRequiredMixin, DeleteView):
    """Delete an alert: one of mine, or 404."""

    success_url = reverse_lazy("people:watchlist")

    def get_queryset(self):
        """Among which alerts it is looked for."""
        return self.request.user.alerts.all()
