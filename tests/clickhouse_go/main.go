// A client of ClickHouse's HTTP interface as Go programs are: the OpenTelemetry Collector and Grafana use the same
// library. Takes the address of a server; writes, reads, and prints what it read as JSON.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

type Row struct {
	Number     uint64
	Name       string
	Attributes map[string]string
	Tags       []string
	At         time.Time
}

type Report struct {
	Rows  []Row
	Empty int
	Large uint64
	Error string
}

func main() {
	report, err := run(context.Background(), os.Args[1])
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(report)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, address string) (report Report, err error) {
	options, err := clickhouse.ParseDSN(address)
	if err != nil {
		return report, err
	}
	conn, err := clickhouse.Open(options)
	if err != nil {
		return report, err
	}
	defer conn.Close()

	for _, statement := range []string{
		"DROP TABLE IF EXISTS gophers",
		"CREATE TABLE gophers (Number UInt64, Name LowCardinality(String), Attributes Map(LowCardinality(String), String), " +
			"Tags Array(String), At DateTime64(9)) ENGINE = MergeTree ORDER BY Number",
	} {
		if err = conn.Exec(ctx, statement); err != nil {
			return report, err
		}
	}

	batch, err := conn.PrepareBatch(ctx, "INSERT INTO gophers")
	if err != nil {
		return report, err
	}
	for number := uint64(0); number < 100_000; number++ {
		at := time.Unix(1_700_000_000, int64(number)).UTC()
		attributes := map[string]string{"key": fmt.Sprint("välue ", number)}
		if err = batch.Append(number, fmt.Sprint("gopher ", number%10), attributes, []string{"a", "b"}, at); err != nil {
			return report, err
		}
	}
	if err = batch.Send(); err != nil {
		return report, err
	}

	if err = conn.Select(ctx, &report.Rows, "SELECT * FROM gophers WHERE Number IN (@first, @second) ORDER BY Number",
		clickhouse.Named("first", 7), clickhouse.Named("second", 99_999)); err != nil {
		return report, err
	}
	var none []Row
	if err = conn.Select(ctx, &none, "SELECT * FROM gophers WHERE Number > 1000000"); err != nil {
		return report, err
	}
	report.Empty = len(none)
	if err = conn.QueryRow(ctx, "SELECT sum(length(Name)) FROM gophers").Scan(&report.Large); err != nil {
		return report, err
	}

	// Not Exec, which reads errors as compressed although it asked for none.
	if err = conn.QueryRow(ctx, "SELECT nonsense FROM gophers").Err(); err == nil {
		return report, errors.New("a wrong statement was answered")
	}
	report.Error = err.Error()
	return report, nil
}
