# Every command of the project. `make demo` and `make test` need only Python 3.11+.
PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3.14 python3,$(shell command -v $(name) 2>/dev/null)))
VENV := .venv
PIP := $(VENV)/bin/python -m pip --disable-pip-version-check
INSTALL := $(PIP) install --require-hashes --no-deps --only-binary :all: --progress-bar on

.PHONY: setup setup-dev demo test check format bench lock words clean
.DEFAULT_GOAL := help

help:
	@echo "make demo    the whole school on this machine: http://127.0.0.1:8080"
	@echo "make test    every check and every test"
	@echo "make setup   only the virtual environment | check | format | bench | lock | words | clean"

setup: $(VENV)/.run
setup-dev: $(VENV)/.dev

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed."; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $(PYTHON) is older. Try: make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "[1/2] Creating the virtual environment in $(VENV) ..."
	@"$(PYTHON)" -m venv $(VENV) || { echo "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv"; exit 1; }

# ffmpeg-python and `future` come as source archives only on some indexes; everything else is a wheel.
$(VENV)/.run: requirements.lock | $(VENV)/bin/python
	@echo "[2/2] Installing the locked packages (about 200 MB the first time) ..."
	@$(INSTALL) -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock | $(VENV)/bin/python
	@echo "[2/2] Installing the locked packages with the test tools ..."
	@$(INSTALL) -r requirements-dev.lock
	@touch $(VENV)/.run $@

demo: setup
	@./truccam demo

check: setup-dev
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

test: check
	$(VENV)/bin/python -m pytest

format: setup-dev
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

bench: setup-dev
	$(VENV)/bin/python -m benchmarks

# The development set is resolved first, because aiogram holds pydantic back; the run-time set follows it.
lock:
	uv pip compile pyproject.toml --group dev --generate-hashes --universal -p 3.11 --no-header --no-annotate -o requirements-dev.lock
	uv pip compile pyproject.toml -c requirements-dev.lock --generate-hashes --universal -p 3.11 --no-header --no-annotate -o requirements.lock

words: setup-dev
	$(VENV)/bin/python -m locales

clean:
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache
