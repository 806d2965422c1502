# What a person does here: demo, quick, test, bundle, bench, lock. Each sets up what it needs, and re-uses it.
# Options: PYTHON=python3.12 (interpreter for .venv), PIP_FLAGS=... (e.g. an index for CPU-only torch),
# ANNOTATIONS=... (folder of a StickerQueries release, for the evaluation's check on real people's words).
# STICKERS=543098 (size of the generated catalogue that bench searches, too; writing it takes minutes, once).
PYTHON ?= python3
STICKERS ?= 543098
PIP_FLAGS ?=
VENV := .venv
PY := $(VENV)/bin/python

# Without kept bytecode, each worker and each program that a test starts would compile every module again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo check quick test quick-tests all-tests fuzz bundle bench lock clean

help:
	@echo "make demo    start the app on the embedded demo bundle and print its address"
	@echo "make quick   lint, types and every test that is neither slow nor in a browser (a minute or two)"
	@echo "make test    lint, types, import rules and every test (installs a Chromium if none is found)"
	@echo "make fuzz    odd queries and payloads, 10,000 damaged bundles, 50 killed builds: none may fail or answer wrongly"
	@echo "make bundle  rebuild and evaluate assets/demo from nothing (about an hour on two cores; resumes)"
	@echo "make lock    renew the locks: every package of the app and of a Space, with version and hashes"
	@echo "make bench   measure search, page and visitors on the embedded bundle, and search on STICKERS generated ones"

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is older than Python 3.11: run make PYTHON=python3.11 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "No virtual environment could be made: on Debian and Ubuntu, install python3-venv."; exit 1; }

# A stamp a requirements file: pip runs again only when that file changed.
$(VENV)/.app: requirements.lock | $(PY)
	$(PY) -m pip install --quiet $(PIP_FLAGS) -r requirements.lock
	@touch $@
$(VENV)/.build: precompute/requirements.txt requirements.txt | $(PY)
	$(PY) -m pip install --quiet $(PIP_FLAGS) -r precompute/requirements.txt
	$(PY) scripts/system_packages.py drawing
	@touch $@
$(VENV)/.test: tests/requirements.txt precompute/requirements-ray.txt precompute/requirements.txt requirements.txt | $(PY)
	$(PY) -m pip install --quiet $(PIP_FLAGS) -r tests/requirements.txt
	@touch $@

$(VENV)/.bench: benchmarks/requirements.txt $(VENV)/.test | $(PY)
	$(PY) -m pip install --quiet $(PIP_FLAGS) -r benchmarks/requirements.txt
	@touch $@

demo: $(VENV)/.app
	@$(PY) app.py

# The page's JavaScript is checked where npm is at hand; whoever runs the app needs neither npm nor this.
TYPESCRIPT := typescript@5.9.3
TSC := $(VENV)/$(TYPESCRIPT)/node_modules/.bin/tsc
$(TSC): | $(PY)
	npm install --silent --no-save --no-audit --no-fund --prefix $(VENV)/$(TYPESCRIPT) $(TYPESCRIPT)

check: $(VENV)/.test $(if $(shell command -v npm 2>/dev/null),$(TSC))
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(if $(shell command -v npm 2>/dev/null),$(TSC) --project persrv/ui/jsconfig.json,@echo "The types of the page's JavaScript were not checked: install Node.js with npm for that.")

# Checks and tests run side by side; what fails in either is told, and the exit status is that of both.
quick: $(VENV)/.test
	$(PY) scripts/system_packages.py drawing
	@$(MAKE) --no-print-directory --jobs 2 check quick-tests

test: $(VENV)/.test
	$(PY) scripts/system_packages.py drawing chromium
	@$(MAKE) --no-print-directory --jobs 2 check all-tests

# One worker takes the offline rooms, the other all else (tests/conftest.py): each imports half of the packages.
quick-tests:
	$(PY) -m pytest -n 2 --dist each -o console_output_style=classic -m "not slow and not browser"

# A worker keeps a file's tests together, and with them the models, bundles and servers that these share. A third one
# computes while the others wait for a browser, a cluster, or a program that is to be killed.
all-tests:
	$(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder

# What nobody should be able to break, tried far more often than the tests try it.
fuzz: $(VENV)/.test
	$(PY) -m tests.fuzzing.queries --queries 20000
	$(PY) -m tests.fuzzing.payloads --payloads 500
	$(PY) -m tests.fuzzing.bundles --cases 10000
	$(PY) -m tests.fuzzing.kills --kills 50

bundle: $(VENV)/.build
	$(PY) -m precompute build --profile demo --out assets/demo
	$(PY) -m precompute sends assets/demo
	$(PY) -m precompute evaluate assets/demo $(if $(ANNOTATIONS),--annotations $(ANNOTATIONS))
	$(PY) -m precompute sticker-clip assets/demo
	$(PY) -m precompute retrieving-lm assets/demo
	$(PY) -m precompute srs assets/demo
	$(PY) scripts/readme.py

# For every platform, and every Python from 3.11 on; the app's versions are those that fit a Space, too. Then pip says
# whether a wheel of every line lies ready.
UV := $(VENV)/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate \
	--custom-compile-command "make lock" --constraints requirements-floors.txt
lock: | $(PY)
	$(PY) -m pip install --quiet $(PIP_FLAGS) uv==0.13.9
	$(UV) --output-file requirements-space.lock requirements-space.txt
	$(UV) --constraints requirements-space.lock --output-file requirements.lock requirements.txt
	$(PY) scripts/lock.py 3.11 3.12

bench: $(VENV)/.bench
	$(PY) benchmarks/everyday.py assets/demo
	$(PY) benchmarks/search.py assets/demo
	$(PY) benchmarks/search.py --stickers $(STICKERS)
	$(PY) benchmarks/page.py assets/demo
	$(PY) benchmarks/visitors.py assets/demo --seconds 20

clean:
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .hypothesis
