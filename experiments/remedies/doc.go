// Package remedies is the catalogue of what can be done about a bottleneck: for each class the ways to widen what limits, as changes of this
// very scenario. It knows scenarios and no experiments: package experiments simulates what it proposes, and decides.
//
//	a scenario + what limits it ──For──► Families, each with its sizes, rising in what they give and cost ──► a Proposal is a list of changes
//
// Where to begin among the sizes says the utilization law (Denning and Buzen, "The operational analysis of queueing network models", Computing
// Surveys 10(3), 1978): the one at which the resource is used about Target of the time. Which size is needed only a simulation knows.
package remedies
