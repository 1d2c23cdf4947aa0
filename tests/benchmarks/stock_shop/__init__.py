"""Stock django-oscar: its own settings, templates and search, nothing of ours. Runs in its own virtual environment."""
