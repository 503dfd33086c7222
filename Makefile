# What people call. Everything sets itself up first; a second call finds it done.
.DEFAULT_GOAL := help
.PHONY: help setup run test lint format bench bench-faults requirements clean
export PORT DEMO PILOTAGE_DATA PYTHON
# The suite starts some sixty programs, and each would compile the product anew.
unexport PYTHONDONTWRITEBYTECODE

PYTEST_WORKERS ?= 2
RUN := .venv/bin/python
SET_UP = @python=$$(scripts/find-python) && "$$python" scripts/setup.py

help:
	@echo "make run     serve Pilotage with a demo at http://127.0.0.1:8000 (PORT=8001, DEMO=0, PILOTAGE_DATA=folder)"
	@echo "make test    the whole suite, on servers of its own (ARGS='-k decision' for a part)"
	@echo "make lint    every check that needs no running product"
	@echo "make format  put code and templates into the house's form"
	@echo "make bench   the measured promises"
	@echo "make bench-faults  jobs and mail under kills, a failing broker and bad mail servers, with their controls"
	@echo "make requirements  write docs/requirements.md from the marks on the tests"
	@echo "make setup   fetch what is needed, and no more"
	@echo "make clean   remove what was made, but not your data in var/"

setup:
	$(SET_UP) test

run:
	$(SET_UP) run
	@exec $(RUN) -m config.run

test:
	$(SET_UP) test
	@$(RUN) -m pytest -n $(PYTEST_WORKERS) --dist worksteal $(ARGS)

lint:
	$(SET_UP) test
	@$(RUN) scripts/lint.py

format:
	$(SET_UP) test
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format . ; .venv/bin/djlint --reformat --quiet templates ; true

bench:
	$(SET_UP) test
	@$(RUN) -m pytest -n 0 -p no:cacheprovider bench $(ARGS)

bench-faults:
	$(SET_UP) test
	@BENCH_SAVES=125 $(RUN) -m pytest -n 0 -s -p no:cacheprovider bench/test_bench_kills.py bench/test_bench_mail_rate.py tests/faults tests/gates/test_digests.py $(ARGS)

requirements:
	$(SET_UP) test
	@$(RUN) scripts/requirements.py

clean:
	@rm -rf node_modules staticfiles .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis htmlcov .coverage
	@if [ -L .venv ]; then rm .venv; else rm -rf .venv; fi
	@find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +
