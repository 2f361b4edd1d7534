"""Django's settings: `base` for all, `local` for one's own machine, `production` for a site that others reach."""
