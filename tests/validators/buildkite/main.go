// Reads pipelines as Buildkite's agent does when it uploads one, and prints each as JSON: its own parser, and its own
// idea of what a $ is.  Ends with 1 at the first file it refuses.
//
//	buildkite FILE...
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/buildkite/go-pipeline"
)

func upload(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	read, err := pipeline.Parse(file)
	if err != nil {
		return nil, err
	}
	if err := read.Interpolate(nil, false); err != nil {
		return nil, err
	}
	return json.Marshal(read)
}

func main() {
	for _, path := range os.Args[1:] {
		text, err := upload(path)
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", path, err)
			os.Exit(1)
		}
		fmt.Println(string(text))
	}
}
