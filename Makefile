# Tickwire. `make` alone lists the targets.
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready
# A build of torch can be handed in: TORCH=path/to/torch-2.13.0+cpu-….whl
TORCH ?=
export SEED WAVES FRESH

# What each target takes; ARGS="options" are its command's own. Another variable on the command
# line is refused: a misspelt one would do nothing, in silence.
TAKES_setup := TORCH
TAKES_sim := DATA EVENTS MODEL W SEED WAVES AT MODULE TRUST WINDOW LIMITS ARGS
TAKES_decode := PCAP SYMBOLS PORT OUT TRUST WINDOW
TAKES_exact := LOBSTER W ANSWERS
TAKES_data := LOBSTER ARGS
TAKES_test := SEED WAVES FRESH ARGS
TAKES_test-long := SEED WAVES FRESH ARGS
TAKES_benches := MODULE WAVES SEED FRESH
TAKES_formal := MODULE
TAKES_mutants := MUTANT SEED FRESH
TAKES_train := DATA MODEL ARGS
TAKES_teacher := DATA ARGS
TAKES_sweep := DATA ARGS
TAKES_evaluate := DATA ARGS
TAKES_faults := ARGS
TAKES_cards := ARGS
TAKES_figures := ARGS
TAKES_measure := NAME SEED FRESH ARGS
# CFG_…: hwtools.toolchain sets it for Verilator's own makes.
ALWAYS := PYTHON VENV TORCH JOBS CXX CXXFLAGS CPPFLAGS CFLAGS LDFLAGS OPT_FAST OPT_SLOW OPT_GLOBAL \
  COCOTB_TEST_FILTER TICKWIRE_BUILD TICKWIRE_DATA CFG_CXXFLAGS_PCH_I
GOALS := $(or $(MAKECMDGOALS),help)
TAKEN := $(sort $(foreach goal,$(GOALS),$(TAKES_$(goal))))
GIVEN := $(foreach name,$(.VARIABLES),$(if $(filter command,$(firstword $(origin $(name)))),$(name)))
UNKNOWN := $(firstword $(filter-out $(TAKEN) $(ALWAYS) -%,$(GIVEN)))
ifneq ($(UNKNOWN),)
  $(error $(UNKNOWN)=$($(UNKNOWN)): make $(GOALS) takes $(or $(TAKEN),no variable), no $(UNKNOWN))
endif

.PHONY: help setup doctor sim decode exact data lint test test-long benches formal mutants faults train teacher sweep evaluate cards measure format generate figures lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^##@ / {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Use it

setup: $(READY) ## create .venv with everything pinned (the other targets do it by themselves)

doctor: ## every tool, its version, where it came from, and what is lacking
	@if [ -f $(READY) ]; then $(PY) sw/hwtools/doctor.py; else $(PYTHON) sw/hwtools/doctor.py; fi

sim: $(READY) ## the whole path against the host   [DATA=file] [EVENTS=n|all] [MODEL=name] [W=8|64] [SEED=n] [TRUST=here] [WINDOW=100us] [LIMITS=file|none] [WAVES=1 AT=message]
	@$(if $(MODULE),echo "make sim plays the whole path; the bench of a module is make benches MODULE=$(MODULE)" >&2; exit 2)
	@$(PY) -m sim.run_path $(if $(DATA),--data "$(DATA)") $(if $(EVENTS),--events "$(EVENTS)") \
	  $(if $(MODEL),--model "$(MODEL)") $(if $(W),--width "$(W)") \
	  $(if $(filter-out 0,$(WAVES)),--waves) $(if $(AT),--at "$(AT)") \
	  $(if $(TRUST),"--trust-from-$(TRUST)") $(if $(WINDOW),--window "$(WINDOW)") \
	  $(if $(LIMITS),--limits "$(LIMITS)") $(ARGS)

decode: $(READY) ## a capture through the RTL   PCAP=file [SYMBOLS=A,B] [PORT=n] [TRUST=here] [WINDOW=100us] [OUT=file.jsonl|.parquet]
	@$(PY) -m tickwire.cli.decode "$(PCAP)" $(if $(SYMBOLS),--symbols "$(SYMBOLS)") \
	  $(if $(PORT),--port "$(PORT)") $(if $(OUT),--out "$(OUT)") \
	  $(if $(TRUST),"--trust-from-$(TRUST)") $(if $(WINDOW),--window "$(WINDOW)")

exact: $(READY) ## a LOBSTER day through the RTL, row by row   LOBSTER=file.zip [W=8|64] [ANSWERS=file.zip]
	@$(VENV)/bin/tickwire exact "$(LOBSTER)" $(if $(W),--width "$(W)") $(if $(ANSWERS),--answers "$(ANSWERS)")

data: $(READY) ## days of events to build/data: generated, ob-analytics, LOBSTER   [LOBSTER=folder]
	@$(VENV)/bin/tickwire data samples build/data $(if $(LOBSTER),--lobster "$(LOBSTER)") $(ARGS)

##@ Check it

lint: $(READY) ## Verilator -Wall, slang, Verible, ruff, mypy, drift of generated files
	@$(PY) -m sim.checks.lint
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(PY) -m hwtools.generate --check
	@$(PY) -m tickwire.features --check
	@$(PY) -m hwtools.figures --check

test: $(READY) ## the quick tests: benches, host                 [ARGS="-k name"]
	@$(PY) -m pytest -n auto --dist worksteal -ra -m "not long and not more" $(ARGS)

test-long: $(READY) ## the others: all parameters, mutants, hls4ml's C++, synthesis, LOBSTER days
	@$(PY) -m pytest -n auto --dist worksteal -ra -m "long or more" $(ARGS)

benches: $(READY) ## the modules' benches, and one table   [MODULE=name] [WAVES=1] [SEED=n] [FRESH=1]
	@$(PY) -m sim $(MODULE)

formal: $(READY) ## run every proof                               [MODULE=name]
	@$(PY) -m sim.checks.formal $(MODULE)

mutants: $(READY) ## put faults into the RTL and see them caught   [MUTANT="name mold_*"]
	@set -f; $(PY) -m sim.checks.mutants $(MUTANT)

faults: $(READY) ## put faults into the path and see where make sim finds them   [ARGS=name]
	@$(PY) -m sim.run_path.faults $(ARGS)

##@ Learn

train: $(READY) ## train a student, or your own   [DATA=day.parquet] [MODEL=lstm_attn|my.toml] [ARGS="--horizon 50"]
	@$(PY) -m models.train "$(or $(DATA),build/data/market.parquet)" $(if $(MODEL),--model "$(MODEL)") $(ARGS)

teacher: $(READY) ## what students learn from   [DATA=day.parquet] [ARGS="--size small --horizon 50"]
	@$(PY) -m models.train.teacher $(or $(DATA),build/data/market.parquet) $(ARGS)

sweep: $(READY) ## accuracy, cells and cycles of many students   [DATA=day.parquet] [ARGS="--grid short"]
	@$(PY) -m models.deploy.sweep $(or $(DATA),build/data/market.parquet) $(ARGS)

evaluate: $(READY) ## score baselines and models   [DATA="day.parquet …"] [ARGS="--trials 30 --test"]
	@$(PY) -m models.score evaluate $(foreach day,$(DATA),--data $(day)) $(ARGS)

cards: $(READY) ## a card beside each student's weights, from its day and the ledger    [ARGS="--model …"]
	@$(PY) -m models.score cards $(ARGS)

##@ Measure

measure: $(READY) ## figures with a report   NAME=feed|path|area|core|netlist|openrtl|host|models|mutation|seeds|risk|session|students [ARGS=--help]
	@$(PY) -m sim.measure $(NAME) $(ARGS)

##@ Keep the house

format: $(READY) ## lay out SystemVerilog and Python
	@$(PY) -m sim.checks.lint --format
	@$(PY) -m ruff check --fix --quiet .
	@$(PY) -m ruff format .

generate: $(READY) ## write what comes from hw/regs: package, register block, Python, docs
	@$(PY) -m hwtools.generate
	@$(PY) -m tickwire.features

figures: $(READY) ## copy build/reports to docs/figures and renew the tables   [ARGS="a new report's name"]
	@$(PY) -m hwtools.figures $(ARGS)

lock: $(READY) ## resolve pyproject.toml again into requirements.lock
	@$(PY) -m hwtools.lock

clean: ## remove what was built (not .venv)
	rm -rf build

$(READY): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "lacking: Python 3.11 or later ($(PYTHON) is not on PATH)" >&2; exit 1; }
	@$(PYTHON) sw/hwtools/doctor.py --prerequisites
	@$(PYTHON) -m venv $(VENV)
	@$(PY) sw/hwtools/install.py $(TORCH)
	@touch $@
