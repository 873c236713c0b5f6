.PHONY: build test bench lint

build: ## compile everything
	go build ./...

test: ## format, vet, all tests
	@test -z "$$(gofmt -l .)" || { echo "not gofmt-ed:"; gofmt -l .; exit 1; }
	go vet ./...
	go test ./...

bench: ## the speed of the kernel
	go test -run '^$$' -bench . -benchmem ./sim

lint: ## what go vet does not see
	go run honnef.co/go/tools/cmd/staticcheck@latest ./...
