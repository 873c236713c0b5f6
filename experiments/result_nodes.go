package experiments

// NodeResult is one node of the architecture, all its instances together.
type NodeResult struct {
	Kind       string                     `json:"kind"`
	Instances  int                        `json:"instances"`       // where events or the load change it: on average, rounded
	Sized      *SizedResult               `json:"sized,omitempty"` // where the number of instances was chosen, as auto(60%) asks
	Throughput Num                        `json:"throughput"`      // services finished per second
	Errors     map[string]int64           `json:"errors"`          // visits by outcome, those that are not ok
	Latency    Latency                    `json:"latency"`         // from arrival at the node to its answer, what it calls included
	Own        Own                        `json:"own"`             // the node's own part of it
	InSystem   InSystem                   `json:"in_system"`
	Resources  map[string]Resource        `json:"resources"`
	Requests   map[string]NodeClassResult `json:"requests"`
	Cache      *CacheResult               `json:"cache,omitempty"`       // of caches, and the query cache of a database
	Queue      *QueueResult               `json:"queue,omitempty"`       // of queues
	Shards     []Shard                    `json:"shards,omitempty"`      // of databases with shards or replicas: primaries first
	StaleReads *Num                       `json:"stale_reads,omitempty"` // of databases: share of the reads by key that a replica answers before it has the key's last write
	// ConcurrencyLimit is how many visits an instance lets in at once, averaged over time, where `shed: gradient` limits them.
	ConcurrencyLimit *Num `json:"concurrency_limit,omitempty"`

	HotKeys    []HotKey         `json:"hot_keys,omitempty"`    // of databases that look at keys: the hottest first, at most 10
	Scaled     *ScaledResult    `json:"scaled,omitempty"`      // where events or the load change the number of instances
	ColdStarts *ColdStartResult `json:"cold_starts,omitempty"` // of functions
	// CostPerMonth is in dollars, null where the node has no price.
	CostPerMonth Num `json:"cost_per_month"`

	jobsWait Num // of workers: in their queues, until the first delivery
}

// SizedResult is what the number of instances was chosen for, before the run.
type SizedResult struct {
	Instances int  `json:"instances"` // chosen
	Target    Num  `json:"target"`    // utilization that the busiest resource was to have at most
	Rate      Num  `json:"rate"`      // requests per second
	Short     bool `json:"short"`     // more would have been needed than a simulation holds
}

// CacheResult counts the look-ups of a cache. A look-up that waited for another's fetch of the same key is a miss, and coalesced.
type CacheResult struct {
	Hits      int64 `json:"hits"`
	Misses    int64 `json:"misses"`
	HitRatio  Num   `json:"hit_ratio"`
	Evictions int64 `json:"evictions"`
	Coalesced int64 `json:"coalesced"`
	LiveMean  Num   `json:"live_mean"` // entries that have not expired, averaged over time; null of browsers
	Bytes     Num   `json:"bytes"`     // that the entries take at the end

	memory Num
}

// QueueResult is what became of a queue's messages. Ages are from publishing to the first delivery.
type QueueResult struct {
	DepthMean   Num   `json:"depth_mean"` // messages that wait, time-weighted
	DepthMax    int64 `json:"depth_max"`
	BytesMean   Num   `json:"bytes_mean"` // memory that they take: the sizes of their requests
	BytesMax    int64 `json:"bytes_max"`
	AgeMean     Num   `json:"age_mean"`
	AgeP99      Num   `json:"age_p99"`
	Published   int64 `json:"published"`
	Delivered   int64 `json:"delivered"`   // and done
	Redelivered int64 `json:"redelivered"` // deliveries of messages that had been delivered before
	Dead        int64 `json:"dead"`        // failed or were not done in time, as often as they may
}

// Observed is a figure that was measured on the real system beside the simulated one.
type Observed struct {
	Figure     string `json:"figure"` // as the scenario names it: p99, api.cpu
	Observed   Num    `json:"observed"`
	Simulated  Num    `json:"simulated"`
	Difference Num    `json:"difference"` // simulated minus observed, as a share of what was observed
	Unit       string `json:"unit"`       // seconds, share or per_second
}

// Own is a node's own part of a visit: waiting and working here, without what it calls.
type Own struct {
	Mean Num `json:"mean"`
	P99  Num `json:"p99"`
}

// InSystem is the number of visits present at a node, time-weighted.
type InSystem struct {
	Mean Num   `json:"mean"`
	SD   Num   `json:"sd"`
	P99  int64 `json:"p99"`
	P999 int64 `json:"p999"`
	Max  int64 `json:"max"`
}

// NodeClassResult is one request class at one node.
type NodeClassResult struct {
	Throughput  Num `json:"throughput"`
	Own         Own `json:"own"`
	Utilization Num `json:"utilization"` // of the node's cores or servers
}

// Resource is something a node's visits wait for: cpu, servers, concurrency, connections, pools.db, locks.stock. Capacity is the sum
// over the instances; null where it is unlimited.
type Resource struct {
	Capacity    Num      `json:"capacity"`
	Utilization Num      `json:"utilization"`
	Wait        Wait     `json:"wait"`   // of those served
	PWait       Num      `json:"p_wait"` // share of arrivals that had to wait
	Queue       Queue    `json:"queue"`
	Wasted      Num      `json:"wasted,omitempty"`  // share of its busy time that went into answers nobody waited for any more
	Busiest     *Busiest `json:"busiest,omitempty"` // where there is more than one instance
}

// Wait is the time in a resource's queue.
type Wait struct {
	Mean Num `json:"mean"`
	P99  Num `json:"p99"`
}

// Queue is the number waiting for a resource, time-weighted, all instances together; Max is of one instance.
type Queue struct {
	Mean Num   `json:"mean"`
	Max  int64 `json:"max"`
}

// Shard is one shard's primary (db/0) or a replica of it (db/0/replica-1). Share is of the queries of all; Utilization is that of its cores
// or, if these are busier, its connections or its disk, null where all are unlimited.
type Shard struct {
	Name        string `json:"name"`
	Share       Num    `json:"share"`
	Utilization Num    `json:"utilization"`
}

// ScaledResult is how many instances took calls, whose number changes over time: in the measured time, of all replications.
type ScaledResult struct {
	Min  int `json:"min"`
	Mean Num `json:"mean"`
	Max  int `json:"max"`
	Paid Num `json:"paid"` // on average, those that were starting included; of a function, those that were not idle
	// Limit is how many there may be where they follow the load, else 0.
	Limit int `json:"limit"`
}

// ColdStartResult is how many of the requests that a function handled got a new instance.
type ColdStartResult struct {
	Count int64 `json:"count"`
	Share Num   `json:"share"`
}

// HotKey is a key of a data set, such as users/0 (0 is the most popular of a set), or users/0 (eu) where the clients of a region have keys of their
// own, and its share of the queries by key.
type HotKey struct {
	Key   string `json:"key"`
	Share Num    `json:"share"`

	shard int // that it belongs to
}
