// Measures Go's own channel in the shapes in which Sluice is measured.
//
//	go-peer                    prints a JSON row of ns per message for each shape
//	go-peer version            prints the version of Go
//	go-peer idle COUNT         prints the bytes of an idle channel with a name
//	go-peer SHAPE MESSAGES     measures one shape: for each line with a number of milliseconds it reads, it repeats
//	                           the shape for about as long, and prints the ns per message; ends with its input
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The size of a message, as on the other side.
type payload [64]byte

var payloads [1024]payload

// Where consumers leave what they saw, so that no read can be left out.
var seen [64]struct {
	last *payload
	_    [56]byte
}

var channels []chan *payload

// Moves messages from producers to consumers, and returns when all have arrived.
func move(capacity, producers, consumers, messages int) {
	channel := make(chan *payload, capacity)
	var sending, receiving sync.WaitGroup
	for c := 0; c < consumers; c++ {
		receiving.Add(1)
		go func(c int) {
			defer receiving.Done()
			for message := range channel {
				seen[c].last = message
			}
		}(c)
	}
	for p := 0; p < producers; p++ {
		sending.Add(1)
		go func() {
			defer sending.Done()
			for i := 0; i < messages/producers; i++ {
				channel <- &payloads[i&(len(payloads)-1)]
			}
		}()
	}
	sending.Wait()
	close(channel)
	receiving.Wait()
}

// Gives each message to every listener through a channel of its own, which is how Go fans out.
func fanOut(capacity, listeners, messages int) {
	fans := make([]chan *payload, listeners)
	var receiving sync.WaitGroup
	for c := range fans {
		fans[c] = make(chan *payload, capacity)
		receiving.Add(1)
		go func(c int) {
			defer receiving.Done()
			for message := range fans[c] {
				seen[c&(len(seen)-1)].last = message
			}
		}(c)
	}
	for i := 0; i < messages; i++ {
		for _, fan := range fans {
			fan <- &payloads[i&(len(payloads)-1)]
		}
	}
	for _, fan := range fans {
		close(fan)
	}
	receiving.Wait()
}

// Fills a buffer and empties it, on one goroutine: what the two operations cost when nobody waits.
func sameThread(messages int) {
	channel := make(chan *payload, 128)
	for i := 0; i < messages; i += cap(channel) {
		for j := 0; j < cap(channel); j++ {
			select {
			case channel <- &payloads[j]:
			default:
				panic("full")
			}
		}
		for j := 0; j < cap(channel); j++ {
			select {
			case seen[0].last = <-channel:
			default:
				panic("empty")
			}
		}
	}
}

func create(messages int) {
	made := make([]chan *payload, 64)
	for i := 0; i < messages; i++ {
		made[i&63] = make(chan *payload, 128)
	}
	channels = made
}

// Bytes of one idle channel with a name, of so many.
func idle(count int) float64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	named := make(map[string]chan *payload)
	for i := 0; i < count; i++ {
		named["channels/idle/"+strconv.Itoa(i)] = make(chan *payload, 128)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	bytes := float64(after.HeapAlloc-before.HeapAlloc) / float64(count)
	runtime.KeepAlive(named)
	return bytes
}

// The shape of a name, as buffered-4x4, listeners-x10, creation.
func shape(name string) (func(messages int), error) {
	kind, size, _ := strings.Cut(name, "-")
	var producers, consumers int
	switch kind {
	case "buffered", "rendezvous":
		if n, _ := fmt.Sscanf(size, "%dx%d", &producers, &consumers); n != 2 {
			return nil, fmt.Errorf("unknown size in shape %q", name)
		}
		capacity := 0
		if kind == "buffered" {
			capacity = 128
		}
		return func(messages int) { move(capacity, producers, consumers, messages) }, nil
	case "listeners":
		if n, _ := fmt.Sscanf(size, "x%d", &consumers); n != 1 {
			return nil, fmt.Errorf("unknown size in shape %q", name)
		}
		return func(messages int) { fanOut(128, consumers, messages) }, nil
	case "trysend":
		return sameThread, nil
	case "creation":
		return create, nil
	}
	return nil, fmt.Errorf("unknown shape %q", name)
}

// Repeats a shape for about so long; ns per message.
func repeat(run func(int), messages int, during time.Duration) float64 {
	began := time.Now()
	rounds := 0
	for time.Since(began) < during {
		run(messages)
		rounds++
	}
	return float64(time.Since(began).Nanoseconds()) / float64(rounds) / float64(messages)
}

func serve(name string, messages int) error {
	run, err := shape(name)
	if err != nil {
		return err
	}
	fmt.Println("ready")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		millis, err := strconv.Atoi(strings.TrimSpace(lines.Text()))
		if err != nil {
			return fmt.Errorf("expected milliseconds: %w", err)
		}
		fmt.Printf("result %.3f\n", repeat(run, messages, time.Duration(millis)*time.Millisecond))
	}
	return lines.Err()
}

func rows() {
	fmt.Println("[")
	names := []string{"buffered-1x1", "buffered-4x4", "buffered-1000x1", "rendezvous-1x1", "rendezvous-4x4", "rendezvous-1000x1"}
	for i, name := range names {
		run, _ := shape(name)
		var results []float64
		for round := 0; round < 6; round++ {
			result := repeat(run, 100_000, 300*time.Millisecond)
			if round > 0 {
				results = append(results, result)
			}
		}
		sort.Float64s(results)
		comma := ","
		if i == len(names)-1 {
			comma = ""
		}
		fmt.Printf("  {\"shape\": %q, \"peer\": \"go\", \"value\": %.1f, \"unit\": \"ns/message\"}%s\n",
			name, results[len(results)/2], comma)
	}
	fmt.Println("]")
}

func main() {
	if len(os.Args) == 1 {
		rows()
		return
	}
	if len(os.Args) == 2 && os.Args[1] == "version" {
		fmt.Println(runtime.Version())
		return
	}
	if len(os.Args) == 3 {
		messages, err := strconv.Atoi(os.Args[2])
		if err == nil && messages > 0 {
			if os.Args[1] == "idle" {
				fmt.Printf("result %.1f\n", idle(messages))
				return
			}
			err = serve(os.Args[1], messages)
			if err == nil {
				return
			}
		}
		fmt.Fprintln(os.Stderr, "go-peer:", err)
	}
	fmt.Fprintln(os.Stderr, "Usage: go-peer [version | idle COUNT | SHAPE MESSAGES]")
	os.Exit(2)
}
