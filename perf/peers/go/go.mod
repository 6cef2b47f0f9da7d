module sluice/perf/peers/go

go 1.19
