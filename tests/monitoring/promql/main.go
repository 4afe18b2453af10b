// Evaluates expressions on recorded series by Prometheus' own engine, and writes what alerts say by its own templates.
//
// Cases come as JSON on stdin, and an answer for each goes to stdout. A series of a result fires where it has a value at
// each minute of the time for which its alert waits.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/template"
	"github.com/prometheus/prometheus/util/teststorage"
)

type question struct {
	Series  string            `json:"series"`  // a line each, in promtool's notation, a value a minute
	Expr    string            `json:"expr"`    // what is asked
	Minute  int               `json:"minute"`  // when
	Minutes int               `json:"minutes"` // for how long it must have been so
	Texts   map[string]string `json:"texts"`   // what is said of each series
}

type firing struct {
	Labels map[string]string `json:"labels"`
	Value  string            `json:"value"` // as text: JSON has no word for what is no number
	Texts  map[string]string `json:"texts"`
}

type answer struct {
	Error string   `json:"error"`
	Fires []firing `json:"fires"`
}

func main() {
	var questions []question
	if err := json.NewDecoder(os.Stdin).Decode(&questions); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	engine := promql.NewEngine(promql.EngineOpts{MaxSamples: 10_000_000, Timeout: time.Minute})
	answers := make([]answer, len(questions))
	for number, each := range questions {
		fires, err := ask(engine, each)
		answers[number].Fires = fires
		if err != nil {
			answers[number].Error = err.Error()
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

func ask(engine *promql.Engine, asked question) ([]firing, error) {
	recorded, err := record(asked.Series)
	if err != nil {
		return nil, err
	}
	defer recorded.Close()
	end := minute(asked.Minute)
	begin := minute(asked.Minute - asked.Minutes)
	query, err := engine.NewRangeQuery(context.Background(), recorded, nil, asked.Expr, begin, end, time.Minute)
	if err != nil {
		return nil, err
	}
	defer query.Close()
	result := query.Exec(context.Background())
	matrix, err := result.Matrix()
	if err != nil {
		return nil, err
	}
	fires := []firing{}
	for _, series := range matrix {
		if len(series.Floats) <= asked.Minutes {
			continue
		}
		last := series.Floats[len(series.Floats)-1]
		said, err := expanded(asked.Texts, series.Metric.Map(), last.F, end)
		if err != nil {
			return nil, err
		}
		fires = append(fires, firing{Labels: series.Metric.Map(), Value: strconv.FormatFloat(last.F, 'g', -1, 64), Texts: said})
	}
	return fires, nil
}

func record(lines string) (*teststorage.TestStorage, error) {
	recorded, err := teststorage.NewWithError()
	if err != nil {
		return nil, err
	}
	appender := recorded.Appender(context.Background())
	for _, line := range strings.Split(lines, "\n") {
		if line == "" {
			continue
		}
		metric, values, err := parser.ParseSeriesDesc(line)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", line, err)
		}
		for number, value := range values {
			if value.Omitted {
				continue
			}
			if _, err := appender.Append(0, metric, minute(number).UnixMilli(), value.Value); err != nil {
				return nil, err
			}
		}
	}
	return recorded, appender.Commit()
}

func expanded(texts, labels map[string]string, value float64, at time.Time) (map[string]string, error) {
	said := map[string]string{}
	data := template.AlertTemplateData(labels, nil, "", promql.Sample{F: value})
	beginning := "{{$labels := .Labels}}{{$value := .Value}}"
	for name, text := range texts {
		nothing := func(context.Context, string, time.Time) (promql.Vector, error) { return nil, nil }
		expander := template.NewTemplateExpander(
			context.Background(), beginning+text, name, data, model.TimeFromUnixNano(at.UnixNano()), nothing, &url.URL{}, []string{"missingkey=error"},
		)
		written, err := expander.Expand()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		said[name] = written
	}
	return said, nil
}

func minute(number int) time.Time { return time.Unix(int64(number)*60, 0) }
