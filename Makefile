# Needs Python 3.11 or newer, make and git; everything else is installed into .venv.
# Options: make run PORT=8080 · make test ARGS="-k ledger" · make run PYTHON=/path/to/python3.12

PORT ?= 8000
ARGS ?=
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
IN := $(VENV)/bin/python
PIP := $(IN) -m pip --quiet --disable-pip-version-check install
MANAGE := $(IN) manage.py

TOOLS := pip-tools==7.6.2 cyclonedx-bom==7.5.0

.PHONY: help run test lint format bench messages contract lock sbom catalogues packages clean

help: ## this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

run: $(VENV)/run.done catalogues ## the portal with example data on http://127.0.0.1:8000/ (another port: PORT=8080)
	@exec $(MANAGE) start --demo --port $(PORT)

test: $(VENV)/dev.done catalogues ## every test on SQLite, and on PostgreSQL with Redis and Chromium, at the same time
	@mkdir -p -m 700 var; rm -f var/test-*.log var/test-*.status
	@echo "Testing on SQLite and on PostgreSQL at the same time; to watch: tail -f var/test-*.log"
	@for engine in sqlite postgres; do ( \
	  TEST_BOTH=1 TEST_ENGINE=$$engine $(IN) -m pytest -o cache_dir=.pytest_cache/$$engine $(ARGS) >var/test-$$engine.log 2>&1; \
	  echo $$? >var/test-$$engine.status ) & done; wait; \
	green=""; red=""; \
	for engine in sqlite postgres; do \
	  if [ "$$(cat var/test-$$engine.status)" = 0 ]; then green="$$green $$engine"; else red="$$red $$engine"; fi; done; \
	for engine in $$green $$red; do cat var/test-$$engine.log; done; \
	test -z "$$red"  # a red engine was printed last, so that it is not overlooked

lint: $(VENV)/dev.done catalogues ## style, types, Django's checks, forgotten migrations and translations
	$(IN) -m ruff check .
	$(IN) -m ruff format --check .
	$(VENV)/bin/djhtml --tabwidth 2 --check templates
	$(IN) -m mypy
	$(MANAGE) check --fail-level WARNING
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) messages --check

format: $(VENV)/dev.done ## let ruff repair what it can, and indent the templates
	$(IN) -m ruff check --fix .
	$(IN) -m ruff format .
	$(VENV)/bin/djhtml --tabwidth 2 templates

bench: $(VENV)/dev.done catalogues ## measure, as ratios to floors; more: make bench ARGS=--help
	$(IN) -m benchmarks $(ARGS)

messages: $(VENV)/run.done ## take new sentences into locale/en, ready to be translated
	$(MANAGE) messages

contract: $(VENV)/run.done ## write the API's contract anew; the difference is what changes for its users
	$(MANAGE) spectacular --validate --fail-on-warn --file docs/openapi.yaml

# The tools of a release stand in an environment of their own: no test and no installation needs them.
$(VENV)/tools/done: Makefile
	@"$(PYTHON)" -m venv $(VENV)/tools && $(VENV)/tools/bin/pip --quiet --disable-pip-version-check install $(TOOLS) && touch $@

lock: $(VENV)/run.done $(VENV)/tools/done ## write requirements.lock anew: every version of requirements.txt with its hashes
	@$(VENV)/tools/bin/pip-compile --quiet --generate-hashes --no-annotate --no-header --strip-extras --no-emit-index-url \
	  --no-emit-trusted-host --no-emit-find-links --output-file=requirements.lock requirements.txt

sbom: $(VENV)/tools/done ## list what a release is made of, as CycloneDX, in var/sbom.json
	@mkdir -p -m 700 var
	@$(VENV)/tools/bin/cyclonedx-py requirements requirements.lock --output-reproducible --output-file var/sbom.json

catalogues: $(VENV)/run.done
	@$(IN) -c '' 2>/dev/null || \
	  { echo "The packages in $(VENV) belong to a Python that is gone. Type: make clean, then the same again." >&2; exit 1; }
	@$(MANAGE) messages --compile

packages: $(VENV)/dev.done

clean: ## remove packages, caches and compiled catalogues; var/ with its data stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find locale -name '*.mo' -delete

# Stamps: packages are installed anew only when the list of them changed.
$(VENV)/run.done: requirements.txt
	@test -n "$(PYTHON)" && "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is missing: install it, or name it: make PYTHON=/path/to/python3.11 …" >&2; exit 1; }
	@test -x $(IN) || "$(PYTHON)" -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "Python's venv module is missing (Debian: apt-get install python3-venv)." >&2; exit 1; }
	@echo "Installing packages into $(VENV) …"
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/dev.done: requirements-dev.txt $(VENV)/run.done
	@echo "Installing packages for development into $(VENV) …"
	@$(PIP) -r requirements-dev.txt
	@touch $@
