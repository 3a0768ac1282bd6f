# Tickwire. `make` alone lists the targets.
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready
# A CPU build of torch can be handed in: TORCH=path/to/torch-2.13.0+cpu-….whl
TORCH ?=
export SEED WAVES FRESH AT

.PHONY: help setup sim benches sim-faults test test-long lint formal mutants bench-openrtl decode exact bench-feed bench-path bench-area bench-core bench-netlist bench-host bench-models bench-students data train teacher sweep evaluate cards format generate figures doctor lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## create .venv with everything pinned (the other targets do it by themselves)

sim: $(READY) ## the whole path against the host   [DATA=file] [EVENTS=n|all] [MODEL=name] [W=8|64] [WAVES=1 AT=message]
	@$(if $(MODULE),$(PY) -m sim $(filter-out all,$(MODULE)),$(PY) -m sim.run_path $(if $(DATA),--data "$(DATA)") \
	  $(if $(EVENTS),--events "$(EVENTS)") $(if $(MODEL),--model "$(MODEL)") $(if $(W),--width "$(W)") $(ARGS))

benches: $(READY) ## every module's bench and one table      [MODULE=name] [WAVES=1] [SEED=n] [FRESH=1]
	@$(PY) -m sim $(filter-out all,$(MODULE))

sim-faults: $(READY) ## put faults into the path and see where make sim finds them   [ARGS=name]
	@$(PY) -m sim.run_path.faults $(ARGS)

test: $(READY) ## the quick tests: benches, host                 [ARGS="-k name"]
	@$(PY) -m pytest -n auto -ra -m "not long" $(ARGS)

test-long: $(READY) ## the others: mutants, hls4ml's C++, synthesis, LOBSTER days
	@$(PY) -m pytest -n auto -ra -m long $(ARGS)

lint: $(READY) ## Verilator -Wall, slang, Verible, ruff, mypy, drift of generated files
	@$(PY) -m sim.checks.lint
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(PY) -m hwtools.generate --check
	@$(PY) -m tickwire.features --check
	@$(PY) -m hwtools.figures --check

formal: $(READY) ## run every proof                               [MODULE=name]
	@$(PY) -m sim.checks.formal $(MODULE)

mutants: $(READY) ## put faults into the RTL and see them caught   [MUTANT=name]
	@$(PY) -m sim.checks.mutants $(MUTANT)

bench-openrtl: $(READY) ## networks: exactness, cycles, area, period; about 15 minutes
	@$(PY) -m openrtl.measure $(ARGS)

decode: $(READY) ## a capture through the RTL: PCAP=file [SYMBOLS=A,B] [PORT=n] [OUT=file.jsonl|.parquet]
	@$(PY) -m tickwire.cli.decode "$(PCAP)" $(if $(SYMBOLS),--symbols "$(SYMBOLS)") \
	  $(if $(PORT),--port "$(PORT)") $(if $(OUT),--out "$(OUT)")

exact: $(READY) ## a LOBSTER day through the RTL, row by row: LOBSTER=file.zip [W=8|64] [ANSWERS=file.zip]
	@$(PY) -m tickwire.cli.exact "$(LOBSTER)" $(if $(W),--width "$(W)") $(if $(ANSWERS),--answers "$(ANSWERS)")

bench-feed: $(READY) ## feed and books in RTL: whole days, latency, density, a million wrong frames; about 20 minutes
	@$(PY) -m sim.measure.feed $(ARGS)

bench-path: $(READY) ## the whole path in RTL: whole days, three models, both widths; an hour   [ARGS="--only latency"]
	@$(PY) -m sim.measure.path $(ARGS)

bench-area: $(READY) ## the path on an ECP5-85: cells, block RAM, period; an hour   [ARGS="op_gate --seeds 1"]
	@$(PY) -m sim.measure.area $(ARGS)

bench-core: $(READY) ## the whole core with a network on an ECP5-85: cells, period, worst path; most of an hour
	@$(PY) -m sim.measure.core $(ARGS)

bench-netlist: $(READY) ## the core's synthesised netlist beside its RTL, row by row; half an hour, then a minute
	@$(PY) -m sim.measure.netlist $(ARGS)

bench-host: $(READY) ## host codecs, books and the day generator, in messages a second
	@$(PY) -m sim.measure.host $(ARGS)

bench-models: $(READY) ## matching engine, generated day and features, in events a second
	@$(PY) -m sim.measure.models $(ARGS)

bench-students: $(READY) ## cells and cycles of every kept student; some minutes   [ARGS="NAME"]
	@$(PY) -m models.deploy.hardware $(ARGS)

data: $(READY) ## days of events to build/data: generated, ob-analytics, LOBSTER   [LOBSTER=folder]
	@$(VENV)/bin/tickwire data samples build/data $(if $(LOBSTER),--lobster $(LOBSTER)) $(ARGS)

teacher: $(READY) ## what students learn from   [DATA=day.parquet] [ARGS="--size small --horizon 50"]
	@$(PY) -m models.train.teacher $(or $(DATA),build/data/market.parquet) $(ARGS)

sweep: $(READY) ## accuracy, cells and cycles of many students   [DATA=day.parquet] [ARGS="--grid short"]
	@$(PY) -m models.deploy.sweep $(or $(DATA),build/data/market.parquet) $(ARGS)

train: $(READY) ## train a student            [DATA=day.parquet] [MODEL=lstm_attn] [ARGS="--horizon 50"]
	@$(PY) -m models.train $(or $(DATA),build/data/market.parquet) $(if $(MODEL),--model $(MODEL)) $(ARGS)

evaluate: $(READY) ## score baselines and models   [DATA="day.parquet …"] [ARGS="--trials 30 --test"]
	@$(PY) -m models.score.evaluate $(foreach day,$(DATA),--data $(day)) $(ARGS)

cards: $(READY) ## a card beside each student's weights, from its day and the ledger    [ARGS="--model …"]
	@$(PY) -m models.score.card $(ARGS)

format: $(READY) ## lay out SystemVerilog and Python
	@$(PY) -m sim.checks.lint --format
	@$(PY) -m ruff check --fix --quiet .
	@$(PY) -m ruff format .

generate: $(READY) ## write what comes from hw/regs: package, register block, Python, docs
	@$(PY) -m hwtools.generate
	@$(PY) -m tickwire.features

figures: $(READY) ## copy build/reports to docs/figures and renew the README's tables   [ARGS="a new report's name"]
	@$(PY) -m hwtools.figures $(ARGS)

doctor: ## every tool, its version, where it came from, and what is lacking
	@if [ -f $(READY) ]; then $(PY) sw/hwtools/doctor.py; else $(PYTHON) sw/hwtools/doctor.py; fi

lock: $(READY) ## resolve pyproject.toml again into requirements.lock
	@$(PY) -m hwtools.lock

clean: ## remove what was built (not .venv)
	rm -rf build

$(READY): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "lacking: Python 3.11 or later ($(PYTHON) is not on PATH)" >&2; exit 1; }
	@$(PYTHON) sw/hwtools/doctor.py --prerequisites
	@echo "Installing into $(VENV): about 2 GB, once; a minute or two."
	@$(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install --disable-pip-version-check -r requirements.lock $(TORCH)
	@$(PY) -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	@touch $@
