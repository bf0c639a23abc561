# SPDX-License-Identifier: Apache-2.0
#
# The front door: `make help`. Each target works on a fresh machine; scripts/bootstrap installs what it lacks.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
export PATH := $(CURDIR)/.extref/venv/bin:$(PATH)

BUILD_FLAGS := --explicit-target-dependency-import-check error
DATA ?= .extref/data
LISTEN ?= 127.0.0.1:7400

.PHONY: help build test demo run generate check-generated lint format bench interop fuzz simulate doctor clean ci

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | \
	    while IFS='|' read -r name text; do printf '  make %-16s %s\n' "$$name" "$$text"; done

build: ## build the programs (debug)
	@scripts/bootstrap build
	swift build $(BUILD_FLAGS)

test: ## run everything: generated code, Redmine, third-party clients, all tests
	@scripts/bootstrap build test redmine trackers
	@scripts/test

demo: ## show the main job on a real Redmine, from an empty machine
	@scripts/bootstrap build redmine trackers
	@scripts/demo

run: build ## run the server on LISTEN (127.0.0.1:7400) with its data in DATA (.extref/data)
	.build/debug/extrefd --data-dir $(DATA) --listen $(LISTEN)

generate: ## rebuild all code that comes from proto/
	@scripts/bootstrap build generate
	scripts/generate

check-generated: ## fail if the committed generated code is not what proto/ yields
	@scripts/bootstrap build generate
	scripts/generate --check

lint: ## check style, contract and compatibility without building
	@scripts/bootstrap build test
	scripts/lint

format: ## let the formatters rewrite what they can, then lint
	@scripts/bootstrap build test
	scripts/lint --format

bench: ## measure calls/s, latency and CPU per call beside the limit
	@scripts/bootstrap build test
	scripts/bench

interop: ## call the server with third-party clients
	@scripts/bootstrap build test
	swift build $(BUILD_FLAGS)
	scripts/test-interop

fuzz: ## feed the decoders random bytes under the address sanitizer
	@scripts/bootstrap build test
	scripts/fuzz

simulate: ## run the sync in COUNT simulated worlds (10000), each killed, throttled and lied to
	@scripts/bootstrap build
	scripts/simulate $(COUNT)

doctor: ## tell which prerequisites are here, with versions
	@scripts/bootstrap --check

clean: ## remove everything built; keeps the data of `make run`
	rm -rf .build Tools/.build .extref/venv

ci: ## run what continuous integration runs
	.ci/run
