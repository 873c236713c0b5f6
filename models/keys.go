package models

// Section is a map of the format, beside the kinds of nodes, whose keys strict.Fields lists.
type Section struct {
	Name string
	Keys any // a pointer to its struct
}

// Sections returns the maps of the format that are not nodes, from the whole file down.
func Sections() []Section {
	return []Section{
		{"scenario", new(Scenario)}, {"run", new(Run)}, {"request class", new(RequestClass)}, {"source", new(Traffic)}, {"browser cache", new(BrowserCache)}, {"stage", new(Stage)}, {"batch", new(Batch)},
		{"step", new(stepKeys)}, {"scatter", new(Scatter)}, {"lock", new(Lock)}, {"query", new(split)}, {"query cache", new(QueryCache)}, {"disk", new(Disk)},
		{"data set", new(DataSet)}, {"response", new(Response)}, {"conversion", new(Conversion)}, {"event", new(Event)}, {"health check", new(HealthCheck)},
		{"retry", new(Retry)}, {"breaker", new(Breaker)}, {"hedge", new(Hedge)}, {"regions", new(Regions)}, {"machine", new(MachineType)}, {"contention", new(Contention)}, {"pauses", new(Pauses)},
		{"autoscale", new(Autoscale)},
	}
}

// NewComponent returns a component of a kind with nothing read yet, nil if the kind cannot be simulated: a pointer to the struct of its keys.
func NewComponent(kind string) Component {
	if make, ok := kinds[kind]; ok {
		return make()
	}
	return nil
}

// Distributions returns the names of the distributions that times are written with, beside the constant ones.
func Distributions() []string { return names(timeNotations) }

// ArrivalKinds returns the names of the ways that arrivals are spaced.
func ArrivalKinds() []string { return names(arrivalNotations) }
