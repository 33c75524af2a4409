# Vointi: `make` lists what can be done. CI calls only these targets.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
export HOME := $(or $(HOME),$(CURDIR)/build/home)

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
BINARY  := bin/vointi
ENGINE  := deploy/embedded/node_modules/.package-lock.json
FUZZ    ?= 10s
PLAIN   := ^Test(Demo|DemoSize|TwoTowns|EducationGap|PlantedEffectsAreCovered|AnyWorld|Pilot|GapNarrows|Borders|NothingLeaks|RevisionsTellNothingOfWhatIsWithheld|LessThanThatTells|Companions|NearTwinsNarrowNothing|EveryRowSaysWhy|OrderDoesNotMatter|ExplainedStatementsRun|EveryIndicatorCanBeExplained|WhatIsWrongWithInputIsSaid)$$
comma   := ,
# need TOOL,HOW: one clear line for whatever the machine lacks.
need = @command -v $(1) >/dev/null || { echo "$(1) is missing: $(2)" >&2; exit 1; }

.PHONY: help install build run test tools test-raced test-pipeline test-plain lint generate bench attack fuzz vuln clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s%s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(ENGINE) ## fetch the pinned ClickHouse engine library from the npm registry

$(ENGINE): deploy/embedded/package-lock.json
	$(call need,node,install Node.js 18 or later$(comma) on Debian: apt-get install nodejs npm)
	$(call need,npm,install it$(comma) on Debian: apt-get install npm)
	npm ci --prefix deploy/embedded --no-audit --no-fund --loglevel=error
	@touch $@

build: ## build bin/vointi
	$(call need,go,install Go 1.26 or later and put it on the PATH)
	@go build -buildvcs=false -ldflags '-X main.buildVersion=$(VERSION)' -o $(BINARY) ./services/vointi

run: install build ## build, and run everything with synthetic demo data; ARGS="--listen 127.0.0.1:9090"
	@exec $(BINARY) up --demo $(ARGS)

# Without go test's own vet: lint has vetted all of it. What mostly calculates (PLAIN, the pipeline, packages without goroutines) takes
# several times as long under the race detector, so it runs beside the rest, without it; last goes what itself keeps all cores busy.
test: tools install build lint ## all checks and tests
	@$(MAKE) -j2 test-pipeline test-plain test-raced
tools:
	$(call need,gcc,the race detector needs it$(comma) on Debian: apt-get install gcc libc6-dev)
	$(call need,curl,the quick start's test runs it$(comma) on Debian: apt-get install curl)
	$(call need,glpsol,tests of the attack run it$(comma) on Debian: apt-get install glpk-utils)
	$(call need,chromium,tests of the page at the door run it$(comma) on Debian: apt-get install chromium)
test-raced:
	CGO_ENABLED=1 go test -race -vet=off -timeout 14m -skip '$(PLAIN)' $$(go list ./... | grep -vE '/(pipeline|costeffect|disclosure)$$')
	CGO_ENABLED=1 go test -race -vet=off -timeout 14m -run 'TestFixture|TestComparisonsFollow' ./services/e2e/pipeline
test-pipeline:
	go test -vet=off -timeout 25m ./services/e2e/pipeline ./pkg/costeffect ./pkg/disclosure
test-plain:
	go test -vet=off -timeout 14m -run '$(PLAIN)' ./services/e2e ./services/simulator ./services/aggregator ./services/vointi ./pkg/event

lint: ## vet, staticcheck and gofumpt
	$(call need,go,install Go 1.26 or later and put it on the PATH)
	go vet ./... && go tool staticcheck ./...
	@bad=$$(go tool gofumpt -l dashboards pkg schemas services); \
	  [ -z "$$bad" ] || { echo "not formatted (go tool gofumpt -w FILE):" $$bad >&2; exit 1; }

generate: ## write what is generated: dashboards, tables of settings; tests fail when it is out of date
	go generate ./...

bench: install ## measure, as ratios within one run, and print the README's table
	$(call need,go,install Go 1.26 or later and put it on the PATH)
	@go run ./services/e2e/bench

attack: ## narrow down what a running `vointi up` protects, by linear programs; ARGS="-only visits"
	$(call need,glpsol,install it$(comma) on Debian: apt-get install glpk-utils)
	@go run ./services/e2e/attack/run $(ARGS)

fuzz: install ## run each fuzz test for FUZZ=10s
	@for package in $$(grep -rl --include='*_test.go' '^func Fuzz' pkg services dashboards | xargs -n1 dirname | sort -u); do \
	  for name in $$(grep -rhoE '^func Fuzz[A-Za-z0-9_]*' $$package/*_test.go | cut -c6-); do \
	    echo "$$package $$name"; go test -run '^$$' -fuzz "^$$name$$" -fuzztime $(FUZZ) ./$$package; done; done

vuln: ## look for known vulnerabilities; needs govulncheck's database
	go run golang.org/x/vuln/cmd/govulncheck@latest ./...

clean: ## remove what was built; data/ stays
	rm -rf bin build deploy/embedded/node_modules
