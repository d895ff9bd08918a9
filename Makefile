# Everything is set up on first use: only Python 3.11+, pip and make are needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PORT ?= 8000

.PHONY: run test lint format messages clean

run: $(VENV)/.run-ready
	@$(BIN)/python manage.py demo

test: $(VENV)/.dev-ready
	@$(BIN)/python -m tests

lint: $(VENV)/.dev-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --check --target-version 5.2 $$(git ls-files 'crm/templates/*.html')
	$(BIN)/python manage.py demo --check

format: $(VENV)/.dev-ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	-$(BIN)/djade --target-version 5.2 $$(git ls-files 'crm/templates/*.html')

messages: $(VENV)/.dev-ready
	cd crm && CRM_DEMO=1 ../$(BIN)/python ../manage.py makemessages -l zh_Hans --add-location file --no-wrap --no-obsolete

clean:
	rm -rf $(VENV) .data

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; say which: make PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run-ready: requirements.txt | $(VENV)/bin/python
	@test -f $(VENV)/.dev-ready || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev-ready: requirements-dev.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
