# Two commands: `make demo` and `make test`. Everything is kept in .venv, .cache and var; `make reset` clears var.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
RUN := $(VENV)/bin/python
JOBS ?= auto

.PHONY: demo test reset install lint types check bench

install: $(VENV)/.installed

$(VENV)/.installed: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 …")'
	@[ -x $(RUN) ] || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked dependencies (once, a minute or two) …"
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

demo: install
	@DJANGO_SETTINGS_MODULE=shop.settings.local $(RUN) manage.py demo --port $(PORT)

reset: install
	@DJANGO_SETTINGS_MODULE=shop.settings.local $(RUN) manage.py demo --reset

test: install
	$(RUN) -m pytest -n $(JOBS) -q

lint: install
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(VENV)/bin/djlint --lint --quiet templates
	$(VENV)/bin/lint-imports
	! grep -q '://' requirements.lock

types: install
	$(RUN) -m mypy merchants catalogue shop cms

check: install
	DJANGO_SETTINGS_MODULE=shop.settings.test $(RUN) manage.py makemigrations --check --dry-run
	DJANGO_SETTINGS_MODULE=shop.settings.production SECRET_KEY=$$($(RUN) -c 'import secrets; print(secrets.token_urlsafe(60))') \
	  FIELD_ENCRYPTION_KEY=only-for-the-check ALLOWED_HOSTS=ocop.example SITE_URL=https://ocop.example \
	  $(RUN) manage.py check --deploy --fail-level WARNING
	$(RUN) manage.py translations --check

# Our pages beside stock django-oscar's, in one run (tests/benchmarks/README.md): make bench BENCH="--goods 10000"
bench: install
	@$(RUN) -m tests.benchmarks $(BENCH)
