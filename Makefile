# Everything a developer does, on a machine with Python >= 3.11 (with venv) and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
T ?= tests
# Tests commit durably thousands of times: files of tests stand in memory where the machine offers it.
PYTEST = folder=$$(mktemp -d -p $$(test -w /dev/shm && echo /dev/shm || echo /tmp)); \
	$(BIN)/python -m pytest --basetemp=$$folder/t -q $(1); status=$$?; rm -rf $$folder; exit $$status

ON_BOTH := $(addprefix tests/,plugin/people plugin/workload plugin/notifications plugin/mentoring \
	plugin/reviews plugin/credentials lti discourse_hooks contracts flows)

.PHONY: run reset demo test test-slow test-peers test-postgres coverage check format bench migration install
.DEFAULT_GOAL := run

# The environment is made again when what it is made of changes.
$(STAMP): setup.cfg pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Lantern needs Python 3.11 or newer; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python has no venv here. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what Lantern needs into $(VENV) ..."
	@$(BIN)/python -m pip --disable-pip-version-check -q install -e '.[postgres,redis,dev]'
	@touch $@

install: $(STAMP)

run: $(STAMP)  ## Lantern, a practice LMS and a practice forum with a community in them
	@exec $(BIN)/lantern demo

reset:  ## forget everything that `make run` made
	@rm -rf var
	@echo "Emptied. The next 'make run' starts anew."

test: $(STAMP)  ## the suite (T=tests/lti for a part)
	@$(call PYTEST,$(T) -m "not slow and not peer" -n 2 --dist loadgroup)

coverage: $(STAMP)  ## which lines and branches the suite reaches (T=tests/lti for a part)
	@$(call PYTEST,$(T) -m "not slow and not peer" -n 2 --dist loadgroup --cov --cov-report=term)

test-postgres: $(STAMP)  ## what touches the database most, on PostgreSQL
	@export LANTERN_TEST_ON=postgresql; $(call PYTEST,-m "not slow and not peer" -n 2 $(ON_BOTH))

test-slow: $(STAMP)  ## fault runs: processes killed at random, nothing lost, nothing twice
	@$(call PYTEST,$(T) -m slow)

test-peers: $(STAMP)  ## launches by programs nobody here wrote, in environments of their own
	@$(call PYTEST,$(T) -m peer)

check: $(STAMP)  ## format, lint, types, contracts, migrations, generated documents
	@$(BIN)/ruff format --check -q .
	@$(BIN)/ruff check -q .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/codespell -q 3 --skip '*.po,*.toml,*.json,*.lock,./var,./.venv,./.cache,./*.egg-info' .
	@$(BIN)/python -m tests.support.documents --check
	@$(BIN)/python -m tests.support.migrations

format: $(STAMP)
	@$(BIN)/ruff check -q --fix .
	@$(BIN)/ruff format -q .
	@$(BIN)/python -m tests.support.documents

bench: $(STAMP)  ## one JSON line a benchmark: ours, the peer's or limit's, the ratio
	@$(BIN)/python -m tests.benchmarks
