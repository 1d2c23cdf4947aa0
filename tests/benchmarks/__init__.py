"""Our pages and stock django-oscar's, measured in one run under one kind of server; see README.md."""
