"""The staff's own door: logging in, guessing, and that nobody gives themselves more than they have."""

from __future__ import annotations

import pytest

PASSWORD = "four calm horses"
LOGIN = "/admin/login/"


@pytest.fixture
def door(visitor):
    """Try to log in; returns the reply."""

    def knock(name="anna", password=PASSWORD, **extra):
        somebody = visitor()
        return somebody.post(LOGIN, follow=False, username=name, password=password, **extra)

    return knock


def test_the_right_password_lets_in(door):
    reply = door()
    assert (reply.status_code, reply["Location"]) == (302, "/admin/")


def test_a_customer_does_not_come_in_by_this_door(door, admin):
    form = {"name": "Ada", "email": "ada@ticker.example", "phone": "", "password": PASSWORD}
    admin.post("/admin/backoffice/customer/add/", **form)
    assert "Please enter the correct" in door("ada@ticker.example").text


def test_who_guesses_too_often_must_wait_even_with_the_right_password(door):
    for _ in range(8):
        assert door(password="wrong").status_code == 200
    refused = door()
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 15 * 60
    assert "Too many tries. Wait 15 minutes, then try again." in refused.text
    assert door("alan").status_code == 302  # who is somebody else


def test_an_empty_password_forgets_nothing_of_what_was_tried(door):
    for _ in range(4):
        door(password="wrong")
        door(password="")
    assert door().status_code == 429


def test_a_name_in_other_letters_is_the_same_name(door):
    for name in ("anna", "ANNA", "Anna", "aNNA") * 2:
        door(name, password="wrong")
    assert door("annA").status_code == 429


def test_an_address_that_tries_many_names_must_wait_too(door, monkeypatch):
    from netlab.apps.backoffice import staff

    monkeypatch.setattr(staff, "MOST_PER_ADDRESS", 5)
    for number in range(5):
        door(f"name{number}", password="wrong")
    assert door().status_code == 429


def test_getting_in_forgets_what_was_tried(door):
    for _ in range(7):
        door(password="wrong")
    assert door().status_code == 302
    for _ in range(7):
        door(password="wrong")
    assert door().status_code == 302


def test_old_tries_count_no_more(door):
    from datetime import timedelta

    from django.utils import timezone

    from netlab.apps.backoffice.models import LoginAttempt

    for _ in range(8):
        door(password="wrong")
    LoginAttempt.objects.update(at=timezone.now() - timedelta(minutes=16))
    assert door().status_code == 302


def test_each_log_in_is_written_down(door, office):
    from netlab.apps.backoffice.models import AuditEntry

    door(password="wrong-password")
    door()
    failed, came = AuditEntry.objects.filter(action__startswith="log").order_by("pk")
    assert (failed.action, failed.changes) == ("log-in failed", {"name": "anna"})
    assert (came.action, came.staff) == ("log in", "anna")


def test_without_a_token_nothing_is_done(admin):
    reply = admin.client.post("/admin/logout/")
    assert reply.status_code == 403
    assert admin.get("/admin/").status_code == 200


# who may make whom


def user(name):
    from django.contrib.auth.models import User

    return User.objects.get(username=name)


def fields(name, **changed):
    person = user(name)
    groups = [each.pk for each in person.groups.all()]
    form = {"username": name, "first_name": "", "last_name": "", "email": "", "groups": groups}
    return {**form, "is_active": "on", "is_staff": "on", **changed}


def test_an_administrator_cannot_make_a_superuser(admin):
    page = f"/admin/auth/user/{user('sue').pk}/change/"
    assert "is_superuser" not in admin.get(page).text
    reply = admin.post(page, **fields("sue", is_superuser="on", user_permissions=[1], first_name="Sue"))
    assert "was changed successfully" in reply.text
    assert (user("sue").first_name, user("sue").is_superuser) == ("Sue", False)
    assert not user("sue").user_permissions.exists()


def test_nor_change_one_or_its_password(admin):
    from django.contrib.auth.models import User

    root = User.objects.create_superuser("root", password=PASSWORD)
    for page in ("change/", "delete/", "password/"):
        assert admin.client.get(f"/admin/auth/user/{root.pk}/{page}").status_code in (302, 404)
    admin.post(
        f"/admin/auth/user/{root.pk}/password/", form_at="/admin/", password1="x" * 12, password2="x" * 12
    )
    root.refresh_from_db()
    assert root.check_password(PASSWORD)


def test_nobody_changes_their_own_rights_or_locks_themselves_out(admin):
    page = f"/admin/auth/user/{user('anna').pk}/change/"
    admin.post(page, **fields("anna", is_active="", groups=[], first_name="Anna"))
    anna = user("anna")
    assert (anna.first_name, anna.is_active, anna.groups.count()) == ("Anna", True, 1)
    assert admin.get(f"/admin/auth/user/{anna.pk}/delete/").status_code == 403


def test_an_administrator_hires_one_of_the_staff_with_a_role(admin, visitor):
    from django.contrib.auth.models import Group

    long = {"password1": "seven slow trains", "password2": "seven slow trains", "usable_password": "true"}
    admin.post("/admin/auth/user/add/", username="nora", **long)
    group = Group.objects.get(name="analyst")
    admin.post(f"/admin/auth/user/{user('nora').pk}/change/", **fields("nora", groups=[group.pk]))
    assert visitor("nora").get("/admin/backoffice/price/").status_code == 200
    from netlab.apps.backoffice.models import AuditEntry

    assert "trains" not in str(list(AuditEntry.objects.values_list("changes", flat=True)))


def test_superusers_see_all(visitor):
    from django.contrib.auth.models import User

    User.objects.create_superuser("root", password=PASSWORD)
    root = visitor("root")
    assert "is_superuser" in root.get(f"/admin/auth/user/{user('sue').pk}/change/").text
    assert "root" in root.get("/admin/auth/user/").text
    assert "root" not in visitor("anna").get("/admin/auth/user/").text.replace("root_", "")


@pytest.mark.parametrize(
    ("name", "password", "words"),
    [
        ("Anna", PASSWORD, "There is a user Anna already."),
        ("na me", PASSWORD, "Enter a valid username"),
        ("nora", "password", "at least 10 characters"),
        ("nora", "1234567890", "too common"),
        ("nora.berg", "nora.berg1", "too similar"),
    ],
)
def test_the_command_refuses_whom_it_must(office, monkeypatch, name, password, words):
    from django.core.management import CommandError, call_command

    monkeypatch.setenv("STAFF_PASSWORD", password)
    with pytest.raises(CommandError, match=words):
        call_command("createuser", name, role="analyst")
