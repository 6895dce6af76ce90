# The habits of this project, one target each; the continuous integration calls these very ones.
PYTHON ?= python3
UV_VERSION := $(shell sed -n "s|^uv==\([0-9.]*\).*|\1|p" requirements-dev.in)
PY := .venv/bin/python
REHEARSAL = $(PY) -m rehearsal

# Compiled Python is kept: the SDK's modules are large, and each command would compile them anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup preflight up live drill preview review reviews drift down reset status picture policies tables test check format bench lock

help:            ## what can be done
	@grep -E '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 12

setup: .venv/ready  ## install the Python packages, and nothing else

preflight: .venv/ready  ## what this account lacks for STACK=prod; STACK=local in the rehearsal, POLICY=1 the rights that it needs
	@$(if $(filter local,$(STACK)),$(REHEARSAL) run )$(PY) -m ops preflight $(if $(STACK),--stack '$(STACK)') $(if $(POLICY),--policy)

up: .venv/ready  ## deploy the production topology to an emulated AWS, with the real engine
	@$(REHEARSAL) up $(if $(LIVE),--live)

live: .venv/ready  ## bring what `make up` deployed to life: site and console in the browser, until `make down`
	@$(REHEARSAL) live $(if $(SPEED),--speed '$(SPEED)')

preview: .venv/ready  ## show what an edit would change
	@$(REHEARSAL) preview

review: .venv/ready  ## report what an edit would change; BASE=main against that commit, OUT=folder, ACCEPT=1
	@$(REHEARSAL) review $(if $(BASE),--base '$(BASE)') $(if $(OUT),--out '$(OUT)') $(if $(ACCEPT),--accept-state-loss)

reviews: .venv/ready  ## write the examples in docs/reviews anew
	@$(REHEARSAL) cli
	@HA_WEB_WRITE_REVIEWS=1 $(PY) -m pytest -q -n 0 tests/engine/test_review.py -k "image or stops_for"

drift: .venv/ready  ## report what in the account differs from what was deployed; OUT=folder
	@$(REHEARSAL) drift $(if $(OUT),--out '$(OUT)')

drill: .venv/ready  ## break the live site under load; SCENARIO=zone, SEED=7, RATE=200, FASTEST=2, LIST=1, ACCEPT=1, PR=main
	@$(REHEARSAL) drill $(if $(LIST),--list) $(if $(SCENARIO),--scenario '$(SCENARIO)') $(if $(SEED),--seed '$(SEED)') \
	  $(if $(RATE),--rate '$(RATE)') $(if $(FASTEST),--fastest '$(FASTEST)') \
	  $(if $(ACCEPT),--accept) $(if $(PR),--pull-request '$(PR)') $(if $(OUT),--out '$(OUT)')

down: .venv/ready  ## destroy the stack and stop what was started
	@$(REHEARSAL) down

reset: .venv/ready  ## start over when the rehearsal's state is damaged; the old one is kept
	@$(REHEARSAL) reset

status: .venv/ready  ## show what is deployed, as AWS reports it
	@$(REHEARSAL) status

picture: .venv/ready  ## draw docs/topology.svg from the stack's state
	@$(REHEARSAL) picture docs/topology.svg

policies: .venv/ready  ## the rules of the policy pack
	@PYTHONPATH=policies $(PY) -m resilience.catalogue

tables: .venv/ready  ## write what is computed: arguments of Site, components/REFERENCE.md, Pulumi.yaml, Pulumi.schema.json, tables in the pages
	@$(PY) -m tools.site_args
	@$(PY) -m tools.component_reference
	@$(PY) -m tools.recovery_tables
	@$(PY) -m tools.settings_pages
	@$(PY) -m tools.operations_page
	@$(PY) -m tools.rehearsal_fidelity
	@PYTHONPATH=policies $(PY) -m resilience.catalogue --write
	@PYTHONPATH=policies $(PY) -m resilience.crosswalk --write
	@PYTHONPATH=policies $(PY) -m tools.compliance

test: .venv/ready  ## all tests, and the slowest 20; FAST=1 without those of the real engine on the emulated AWS
	@$(if $(FAST),,$(REHEARSAL) cli)
	@$(PY) -m pytest --durations=20 $(if $(FAST),--ignore=tests/engine)

check: .venv/ready  ## format, lint, types and workflows
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@$(PY) -m tools.actionlint

format: .venv/ready  ## put the code into its format
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .

bench: .venv/ready  ## ratios of one run; PEERS=1 also measures the AWS CDK, STATE=1 only a state in S3
	@$(REHEARSAL) cli
	@$(PY) -m bench $(if $(PEERS),--peers) $(if $(STATE),--state)

lock: .venv/ready  ## resolve requirements*.in anew into the lock files
	@.venv/bin/uv pip compile -q --generate-hashes --no-emit-index-url --no-header requirements-dev.in -o requirements.lock
	@.venv/bin/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --python-version 3.11 app/requirements.in -o app/requirements.lock

.venv/ready: requirements.lock Makefile components/pyproject.toml ops/pyproject.toml
	@echo "Installing Python packages into .venv (a few seconds; about a minute the first time) ..."
	@test -x $(PY) || $(PYTHON) -m venv .venv
	@$(PY) -m pip install -q uv==$(UV_VERSION)
	@.venv/bin/uv pip sync -q --python $(PY) --require-hashes requirements.lock
	@.venv/bin/uv pip install -q --python $(PY) --no-deps -e components -e ops
	@touch $@
