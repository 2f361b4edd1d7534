"""Who may do what: three roles, as groups with their rights."""

READ = ["view"]
ALL = ["view", "add", "change", "delete"]

ROLES = {
    "administrator": {
        "shares.stock": ALL,
        "shares.price": ALL,
        "people.user": [*ALL, "manage"],
        "people.watchedstock": ALL,
        "people.alert": [*ALL, "send"],
        "admin.logentry": READ,
    },
    "analyst": {
        "shares.stock": ["view", "change"],
        "shares.price": ["view", "add", "change"],
        "people.alert": READ,
    },
    "support": {
        "shares.stock": READ,
        "people.user": ["view", "change"],
        "people.watchedstock": ALL,
        "people.alert": [*ALL, "send"],
    },
}
