package main

import "testing"

// Common random numbers make the interval of a difference 2.5 times narrower than independent ones do, at the least. A standard deviation of
// 100 replications is known to 7%, and the ratio of two to 10%.
func TestCommonRandomNumbersNarrowTheInterval(t *testing.T) {
	for i, utilization := range []float64{.4, .62} {
		n, err := twos[i].narrower(t.Context(), utilization, 100)
		if err != nil {
			t.Fatal(err)
		}
		if n < 2.5 {
			t.Errorf("%s at %v: %.2f times narrower, want 2.5", twos[i].name, utilization, n)
		}
	}
}
