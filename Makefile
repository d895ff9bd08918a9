# Everything is set up on first use: only Python 3.11+, pip and make are needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
AUDIT := .venv-audit
TEMPLATES := $$(find crm/templates -name '*.html')
export PORT ?= 8000

.PHONY: run test bench bench-report load daily lint format messages audit licences sbom clean

run: $(VENV)/.run-ready
	@$(BIN)/python manage.py demo

test: $(VENV)/.dev-ready
	@$(BIN)/python -m tests

# Ratios against floors, measured in one run; QUICK=1 takes less than ten minutes.
bench: $(VENV)/.dev-ready
	@$(BIN)/python -m tests.bench

# … and the table in both READMEs, between their marks.
bench-report: $(VENV)/.dev-ready
	@$(BIN)/python -m tests.bench --report

# Two hundred people at once for ten minutes; MINUTES=3 for less.
load: $(VENV)/.dev-ready
	@$(BIN)/python -m tests.load --minutes $(or $(MINUTES),10)

# The daily jobs in a real browser, counted; DATA=big takes a big data set.
daily: $(VENV)/.dev-ready
	@$(BIN)/python -m tests.daily --data $(or $(DATA),demo)

lint: $(VENV)/.dev-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --check --target-version 5.2 $(TEMPLATES)
	$(BIN)/python manage.py makemigrations --check --dry-run

format: $(VENV)/.dev-ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	-$(BIN)/djade --target-version 5.2 $(TEMPLATES)

# Published faults of the pinned packages; OPTIONAL=1 passes where the data cannot be reached.
audit: $(AUDIT)/.ready $(VENV)/.dev-ready
	@$(BIN)/python -m tests.supply.faults $(AUDIT)/bin/pip-audit

licences: $(VENV)/.dev-ready
	@$(BIN)/python -m tests.supply.licences

# The list of parts (SBOM) of what runs in production: CycloneDX 1.6, with the hash of every file.
sbom: $(AUDIT)/.ready
	@mkdir -p .data
	@$(AUDIT)/bin/cyclonedx-py requirements requirements.txt --pyproject pyproject.toml \
		--output-reproducible --validate -o .data/sbom.json
	@echo .data/sbom.json

# Needs GNU gettext; running and testing do not.
messages: $(VENV)/.dev-ready
	cd crm && ../$(BIN)/python ../manage.py makemessages -l zh_Hans --add-location file --no-wrap --no-obsolete

clean:
	rm -rf $(VENV) $(AUDIT) .data

# Some systems carry pip but no ensurepip: then the system's pip fills the environment.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; say which: make PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || $(PYTHON) -m venv --clear --without-pip $(VENV) || \
		{ rm -rf $(VENV); exit 1; }

INSTALL = $$($(BIN)/python -m pip --version >/dev/null 2>&1 && echo $(BIN)/python -m pip || \
	echo $(PYTHON) -m pip --python $(BIN)/python) install --quiet --disable-pip-version-check --require-hashes

$(VENV)/.run-ready: requirements.txt | $(VENV)/bin/python
	@echo "Installing packages …"
	@$(INSTALL) -r $<
	@touch $@

$(VENV)/.dev-ready: requirements-dev.txt | $(VENV)/bin/python
	@echo "Installing packages …"
	@$(INSTALL) -r $<
	@touch $@

# The tools that look at the packages stay out of the environment they look at.
$(AUDIT)/.ready: requirements-audit.txt | $(VENV)/bin/python
	@echo "Installing packages …"
	@$(PYTHON) -m venv $(AUDIT) >/dev/null 2>&1 || $(PYTHON) -m venv --clear --without-pip $(AUDIT)
	@$$($(BIN)/python -m pip --version >/dev/null 2>&1 && echo $(BIN)/python -m pip || \
		echo $(PYTHON) -m pip) --python $(AUDIT)/bin/python install --quiet \
		--disable-pip-version-check --require-hashes -r $<
	@touch $@
