// Command tools looks for faults of security as gosec does, without the clients
// of language models that gosec's own command is linked with.
package main

import (
	"github.com/securego/gosec/v2/goanalysis"
	"golang.org/x/tools/go/analysis/singlechecker"
)

func main() { singlechecker.Main(goanalysis.Analyzer) }
