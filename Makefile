# make run    serve on port 8000 (PORT=9000 changes it; TLS=1 over HTTPS), installing first what is missing
# make setup  only install
# make test   every check there is
# make bench  measure the engine beside polars, pandas, DuckDB and LibreOffice (tests/benchmarks; BENCH="--rounds 1" is quicker)
# make bench-paper   measure printing certificates beside WeasyPrint page by page, Typst and LibreOffice (tests/benchmarks/paper.py)
# make bench-tablet  measure a judge's tablet in a browser (tests/benchmarks/tablet.py)
# make lock   renew the three lock files after changing pyproject.toml

PORT ?= 8000
VAR ?= var
export PIP_DISABLE_PIP_VERSION_CHECK = 1
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := run
.PHONY: setup run test check bench bench-paper bench-tablet lock

setup:
	./setup.sh

.venv/ready-run: setup.sh requirements.lock pyproject.toml
	./setup.sh

.venv/ready-test: setup.sh requirements-test.lock pyproject.toml package-lock.json
	./setup.sh test

run: .venv/ready-run
	.venv/bin/competition serve --port $(PORT) --var $(VAR) $(if $(TLS),--tls)

test: check
	.venv/bin/pytest -n 2 --dist loadfile --no-loadscope-reorder --max-worker-restart 0

# The types written in the browser's scripts. Who has no npm does without, and is told so: the program needs none.
TSC = if [ -x node_modules/.bin/tsc ]; then echo node_modules/.bin/tsc; node_modules/.bin/tsc; \
	else echo "npm is missing: the types of the browser's scripts are NOT CHECKED" >&2; fi

# The checks that take seconds; the order is from quick to slow.
check: .venv/ready-test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports --no-logo
	.venv/bin/competition rules check
	.venv/bin/mypy
	@$(TSC)

# The peers have an environment of their own, so that the program never comes to lean on them.
.venv-bench/ready: requirements-bench.lock | .venv/ready-run
	.venv/bin/python -m venv --clear .venv-bench
	.venv-bench/bin/pip install -q --require-hashes -r requirements-bench.lock
	touch $@

bench: .venv-bench/ready
	.venv-bench/bin/python -m tests.benchmarks $(BENCH)

bench-paper: .venv/ready-test .venv-bench/ready
	.venv/bin/python -m tests.benchmarks.paper

bench-tablet: .venv/ready-test
	.venv/bin/python -m tests.benchmarks.tablet

# setuptools is no dependency of the program; it is locked because `pip install -e .` builds with it. No address is written.
COMPILE = .venv/bin/uv pip compile pyproject.toml - --universal --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-header --quiet --upgrade

lock: .venv/ready-run
	.venv/bin/pip install -q uv
	echo 'setuptools>=80' | $(COMPILE) -o requirements.lock
	echo 'setuptools>=80' | $(COMPILE) --extra test -c requirements.lock -o requirements-test.lock
	echo 'setuptools>=80' | $(COMPILE) --extra bench -c requirements.lock -o requirements-bench.lock
