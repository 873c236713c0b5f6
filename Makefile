.PHONY: help build test docs roadmap picture verify accuracy bench peers kernel pgo lint run

PYTHON ?= python3
CHROMIUM ?= chromium

help: ## what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 8

build: ## compile everything; the program goes to bin/
	go build -o bin/ ./...

test: ## format, vet, all tests
	@test -z "$$(gofmt -l .)" || { echo "not gofmt-ed:"; gofmt -l .; exit 1; }
	go vet ./...
	go test -timeout 30m ./...

docs: ## write anew what the documents show: outputs and pictures of commands, and the reference
	go test ./scenarios/reference ./cmd/headroom -run 'Page|Documents' -update
	@if command -v $(CHROMIUM) >/dev/null; then $(MAKE) picture; else echo "docs/page.png is left as it was: there is no $(CHROMIUM)"; fi

roadmap: ## measure docs/roadmap.md anew: the roads that are found from 1 to 1M requests per second; takes minutes
	go test -timeout 30m ./cmd/headroom -run Roadmap -roadmap -update

picture: ## take docs/page.png anew, the picture of the page in the README; wants chromium
	folder=$$(mktemp -d); trap 'rm -r $$folder' EXIT; go run ./cmd/headroom report complete-picture --quick --quiet --out $$folder/report && \
	$(CHROMIUM) --headless --no-sandbox --disable-gpu --hide-scrollbars --virtual-time-budget=2000 --window-size=1320,1780 --screenshot=docs/page.png \
		file://$$folder/report/index.html

verify: ## hold the simulation to theory, the models that take minutes included
	go test -timeout 1h -v ./experiments/truth -truth.long

accuracy: ## measure docs/accuracy.md anew: every model with a known answer, and the coverage of the intervals; takes minutes
	go run ./cmd/accuracy docs/accuracy.md

bench: ## measure docs/performance.md anew: whole runs from scenario files; wants an idle machine
	go build -pgo cmd/headroom/default.pgo -o bin/ ./cmd/headroom ./cmd/performance
	bin/performance docs/performance.md

peers: ## measure the comparison with SimPy and simgo in docs/performance.md anew; PYTHON is an interpreter that has SimPy
	go build -pgo cmd/headroom/default.pgo -o bin/ ./cmd/performance
	go -C peers/simgo build -o ../../bin/simgo .
	bin/performance -python $(PYTHON) docs/performance.md peers

kernel: ## the speed of the kernel's parts, and what single features cost
	go test -run '^$$' -bench . -benchmem ./sim/...
	go test -pgo cmd/headroom/default.pgo -run '^$$' -bench . -benchtime 5x ./experiments

pgo: ## profile whole runs anew, for the compiler to optimize what they do most; wants an idle machine
	go test -run '^$$' -bench 'Model|Picture' -benchtime 10x -cpuprofile cmd/headroom/default.pgo -o /dev/null ./experiments

lint: ## what go vet does not see; the linter's version is pinned in tools/go.mod
	go tool -modfile=tools/go.mod staticcheck ./...

run: ## a first simulation
	go run ./cmd/headroom simulate caching
