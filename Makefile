# Every task of this project; each sets up by itself what it needs. `make` lists them.

PYTHON ?= python3
PORT ?= 8000
ARGS ?=
UV := .uv/bin/uv
RUN := .venv/bin/python
LOCK := $(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.12

# Once the developer's tools are in .venv, they are kept there and kept in step.
NEEDED := $(if $(wildcard .venv/.dev),.venv/.dev,.venv/.runtime)

# The settings of one machine's demo; the suite and the checks have their own.
DEMO := PMS_DEMO=1 DJANGO_SETTINGS_MODULE=pms.settings.development

# An installation as it should be, for the checks that only production knows.
INSTALLED = PMS_ENV_FILE=/dev/null PMS_DEMO= DEBUG= DATABASE_URL= PMS_SMTP_HOST=mail.example \
	ALLOWED_HOSTS=pms.example SECRET_KEY=$$($(RUN) -c 'import secrets; print(secrets.token_hex(32))') \
	DJANGO_SETTINGS_MODULE=pms.settings.production

# Compiled code may be kept: everything starts several times faster.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run demo-reset test lint bench lock messages

help:  ## list the tasks
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' $(MAKEFILE_LIST) | expand -t 20

run: $(NEEDED)  ## start the system with an invented company (PORT=8000)
	@$(DEMO) PORT=$(PORT) $(RUN) manage.py start

demo-reset: $(NEEDED)  ## throw the invented company away and start over
	@$(DEMO) PORT=$(PORT) $(RUN) manage.py start --over

test: .venv/.dev  ## run the suite on SQLite and PostgreSQL (ARGS="-k roster" for a part)
	@$(RUN) -m tests.run $(ARGS)

lint: .venv/.dev  ## check style, types, templates, settings, migrations and texts
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	$(RUN) -m djlint --quiet --lint templates
	$(RUN) -m mypy
	$(INSTALLED) $(RUN) manage.py check --deploy --fail-level WARNING
	DJANGO_SETTINGS_MODULE=pms.settings.test TEST_DB=sqlite $(RUN) manage.py makemigrations --check --dry-run
	$(RUN) -m scripts.texts check

bench: .venv/.dev  ## measure the speed on both engines
	@$(RUN) -m tests.benchmarks.run $(ARGS)

lock: $(UV)  ## choose the newest allowed versions of all libraries
	$(LOCK) --upgrade pyproject.toml -o requirements.txt
	$(LOCK) --upgrade --constraint requirements.txt --group dev --group bench pyproject.toml -o requirements-dev.txt

messages: .venv/.dev  ## collect the texts into the Japanese catalogue and compile it
	@$(RUN) -m scripts.texts collect

# --- Set-up -------------------------------------------------------------------------------------

# uv lives in an environment of its own: a distribution's managed Python stays as it is.
$(UV):
	@echo 'Preparing an environment …'
	@$(PYTHON) -m venv --clear .uv || { rm -rf .uv; echo 'Python cannot make virtual environments here. On Debian and Ubuntu, install the package python3-venv; then run make again.' >&2; exit 1; }
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'

# The Python of .python-version if it is here, else the present one if it will do, else a download.
$(RUN): | $(UV)
	@$(UV) venv --quiet --clear --no-python-downloads .venv 2>/dev/null \
		|| { .uv/bin/python -c 'import sys; sys.exit(not (3, 12) <= sys.version_info[:2] <= (3, 14))' \
			&& $(UV) venv --quiet --clear --python .uv/bin/python .venv; } \
		|| $(UV) venv --clear .venv

.venv/.runtime: requirements.txt | $(RUN)
	@echo 'Installing the libraries of requirements.txt …'
	@$(UV) pip sync --quiet --python $(RUN) --require-hashes requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.runtime
	@echo 'Installing the libraries of requirements-dev.txt …'
	@$(UV) pip sync --quiet --python $(RUN) --require-hashes requirements-dev.txt
	@touch $@
