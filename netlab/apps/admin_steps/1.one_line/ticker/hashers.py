"""How passwords are hashed in development, where nobody steals them."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """Argon2 with little time and memory: logins of tests and lessons do not wait."""

    time_cost, memory_cost, parallelism = 1, 1024, 1
