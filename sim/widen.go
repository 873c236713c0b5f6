package sim

// Widen lets a station have so many times as many servers, which do not slow each other down: what is done there then takes what it takes
// without any queueing. Before the simulation begins.
func (st *Station) Widen(times int32) {
	if st.servers == Unlimited {
		return
	}
	st.servers = int32(min(int64(st.servers)*int64(times), int64(Unlimited)-1))
	st.backlog, st.contention, st.contended, st.shed = Unlimited, nil, nil, nil
}
