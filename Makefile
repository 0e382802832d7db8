# Thin doors: every target calls an npm script. `npm ci` brings the pinned Node 24 along.
.DEFAULT_GOAL := help
.PHONY: help run test dev check build bench torture up down logs test-stack clean

node_modules/.package-lock.json: package-lock.json
	@scripts/install-packages
	@touch $@

help: ## what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/'

run: build ## install, build and serve BanGUI on http://localhost:8000
	@npm run --silent run

test: node_modules/.package-lock.json ## install what the tests need and run every one of them
	npm run --silent test

dev: node_modules/.package-lock.json ## API with reload and portal on http://localhost:5173
	npm run --silent dev

check: node_modules/.package-lock.json ## formatting, lint, boundaries, types, generated files, documentation
	npm run --silent check

build: node_modules/.package-lock.json ## compile libraries, API and portal
	npm run --silent build

bench: build ## measure what the documentation promises
	npm run --silent bench

torture: build ## the long runs of the fault tests
	npm run --silent torture

up: ## build the images and run BanGUI in containers on http://localhost:8080
	@npm run --silent up

down: ## stop those containers; what they keep stays
	@npm run --silent down

logs: ## follow their log
	@npm run --silent logs

test-stack: node_modules/.package-lock.json ## try the production stack on the Docker engine of DOCKER_HOST
	@npm run --silent test-stack -- $(OPTIONS)

clean: ## remove what was built or started here
	npm run --silent clean
