# Each target does all of its own set-up; it needs make and Python >= 3.10. Arguments: make test ARGS="tests/test_live.py"
PYTHON ?= python3
TOOLS := "nox==2026.10.20" "uv==0.13.8"
TARGETS := demo test lint generate crosswalk bench

.PHONY: help $(TARGETS) clean
.DEFAULT_GOAL := help

help:
	@echo 'make demo       run both scanners on a small system with mistakes in it, and merge what they say'
	@echo 'make test       run all tests, with the real Checkov and the real Prowler'
	@echo 'make lint       check style, format and types'
	@echo 'make generate   write the files that follow from mappings/'
	@echo 'make crosswalk  list what releases of Checkov and Prowler change for the crosswalk'
	@echo 'make bench      measure'
	@echo 'make clean      remove the environments and what was built'

$(TARGETS): .venv/ready
	@.venv/bin/nox --session $@ $(if $(ARGS),-- $(ARGS))

.venv/ready: Makefile
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null \
	  || { echo 'make: Python >= 3.10 is needed; "$(PYTHON)" is not one (name another: make PYTHON=...)' >&2; exit 1; }
	@$(PYTHON) -m venv --clear .venv >/dev/null 2>&1 \
	  || { echo 'make: "$(PYTHON) -m venv" failed; on Debian and Ubuntu: apt install python3-venv' >&2; exit 1; }
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check $(TOOLS) \
	  || { echo 'make: nox and uv could not be installed, see above; is the package index reachable?' >&2; exit 1; }
	@touch $@

clean:
	rm -rf .venv .nox rolecall-demo build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
