"""The M/M/1 queue and the six hops on SimPy: what its documentation recommends, a process for each request and resources with a queue.

    python3 peer.py mm1|six-hops REQUESTS SEED

The models are those of experiments/speed/models, with the latency of every request kept. Prints JSON: the requests, the seconds of
processor time that they took, and their mean latency in seconds.
"""

import json
import platform
import random
import statistics
import sys
import time
from dataclasses import dataclass

import simpy


def exponential(mean):
    return random.expovariate(1 / mean)


def poisson_arrivals(env, rate, requests, request):
    """Starts a process for each of so many requests."""
    for _ in range(requests):
        yield env.timeout(exponential(1 / rate))
        env.process(request())


def mm1(env, requests, latencies):
    """One server at 75% utilization."""
    server = simpy.Resource(env)

    def request():
        arrived = env.now
        with server.request() as turn:
            yield turn
            yield env.timeout(exponential(0.010))
        latencies.append(env.now - arrived)

    env.process(poisson_arrivals(env, 75, requests, request))


@dataclass
class Server:
    cores: simpy.Resource
    connections: int = 0  # requests under way, those that wait for the cache or the database as well


class TokenBucket:
    """Admits `rate` requests a second, and `burst` at once."""

    def __init__(self, env, rate, burst):
        self.env, self.rate, self.burst = env, rate, burst
        self.tokens, self.filled = burst, env.now

    def admits(self):
        now = self.env.now
        self.tokens = min(self.burst, self.tokens + (now - self.filled) * self.rate)
        self.filled = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


def six_hops(env, requests, latencies):
    """CDN, limiter, least-connections over 16 servers, cache, 8 shards; 20k requests/s."""
    limiter = TokenBucket(env, rate=100_000, burst=100_000)
    servers = [Server(simpy.Resource(env, capacity=4)) for _ in range(16)]
    shards = [simpy.Resource(env, capacity=8) for _ in range(8)]
    keys = 10_000_000

    def request():
        arrived = env.now
        yield env.timeout(exponential(0.005))
        if random.random() >= 0.70:  # not in the CDN
            if not limiter.admits():
                return
            server = min(servers, key=lambda s: s.connections)
            server.connections += 1
            with server.cores.request() as core:
                yield core
                yield env.timeout(exponential(0.002))
            yield env.timeout(exponential(0.0005))
            if random.random() >= 0.80:  # not in the cache
                key = random.randrange(keys)
                with shards[key % len(shards)].request() as core:
                    yield core
                    yield env.timeout(exponential(0.004))
            server.connections -= 1
        latencies.append(env.now - arrived)

    env.process(poisson_arrivals(env, 20_000, requests, request))


def main():
    model = {"mm1": mm1, "six-hops": six_hops}[sys.argv[1]]
    requests, seed = int(sys.argv[2]), int(sys.argv[3])
    random.seed(seed)
    begun = time.process_time()
    latencies = []
    env = simpy.Environment()
    model(env, requests, latencies)
    env.run()
    mean = statistics.fmean(latencies)
    json.dump({
        "version": f"SimPy {simpy.__version__} on Python {platform.python_version()}",
        "requests": len(latencies),
        "processor": time.process_time() - begun,
        "mean": mean,
    }, sys.stdout)


if __name__ == "__main__":
    main()
