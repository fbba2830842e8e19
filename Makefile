# make run        install, start everything, load the demo; then open the address it prints
# make test       run every test          make lint     check the code
# make install    install only            make bench    measure
# make fresh      delete all data kept in var/

HOST ?= 127.0.0.1
PORT ?= 8000
JOBS ?= 2

# A wish that compiled code is not kept makes every start compile it all again.
export PYTHONDONTWRITEBYTECODE =

FIND_PYTHON = for each in python3.13 python3.12 python3.14 python3 "$$HOME"/.pyenv/versions/3.1[2-9]*/bin/python; do \
	"$$each" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 12))' 2>/dev/null && echo "$$each" && exit; done
TEST_PACKAGES = chromium-headless-shell gettext poppler-utils fonts-dejavu-core janus
BIN = .venv/bin

.PHONY: run test install lint bench fresh janus messages

run: install janus messages
	@exec $(BIN)/hearth serve --host $(HOST) --port $(PORT)

test: install messages node_modules/.package-lock.json
	@.ci/packages $(TEST_PACKAGES)
	@$(BIN)/python -m pytest -q -n $(JOBS) --dist worksteal

lint: install
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy --no-error-summary .
	@found=$$($(BIN)/lint-imports --no-logo 2>&1) || { echo "$$found"; exit 1; }
	@$(BIN)/hearth makemigrations --check --dry-run
	@echo "Lint: all well."

bench: install
	@status=0; for each in $(wildcard bench/*.py); do $(BIN)/python "$$each" $(BENCH) || status=1; done; exit $$status

fresh: install
	@$(BIN)/hearth database stop
	@rm -rf var

install: .venv/installed

.venv/installed: requirements.lock pyproject.toml
	@python=$$($(FIND_PYTHON)); \
	if [ -z "$$python" ]; then echo "Hearth needs Python 3.12 or newer with its venv module; none was found." >&2; exit 1; fi; \
	echo "Installing into .venv ..."; \
	"$$python" -m venv .venv
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# Another FHIR client, in which tests fill in our questionnaires. What npm publishes of it is whole: the lock names it alone.
node_modules/.package-lock.json: package.json package-lock.json
	@command -v npm >/dev/null || .ci/packages npm
	@npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# Video is an extra: tried once where packages may be installed, and never a reason not to start.
janus: install
	@if [ "$${HEARTH_JANUS:-1}" = 1 ] && [ ! -e .venv/janus-tried ] && ! command -v janus >/dev/null; then \
		touch .venv/janus-tried; [ "$$(id -u)" != 0 ] || .ci/packages janus || true; fi

messages: install
	@$(BIN)/python -m hearth.lib.catalogues >/dev/null
