// SPDX-License-Identifier: Apache-2.0

// Interop calls a running extrefd with the ttrpc client library as Debian ships it: nothing of ours is linked in.
// It prints one line per check and exits with 1 when any of them failed. scripts/test-interop builds and runs it.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"strings"
	"time"

	"github.com/containerd/ttrpc"
)

const (
	callTimeout = 20 * time.Second
	dialTimeout = 5 * time.Second
)

// options say where the server is and what has been set up on it.
type options struct {
	address, token, project, source, relation, key string
}

func main() {
	log.SetFlags(0)
	given := parse()
	conn, err := net.DialTimeout("tcp", given.address, dialTimeout)
	if err != nil {
		log.Fatalf("FAIL connecting: %v", err)
	}
	client := ttrpc.NewClient(conn, ttrpc.WithUnaryClientInterceptor(overrideTimeout))
	exam := &exam{options: given, client: client}
	exam.run()
	client.Close()
	fmt.Printf("interop: %d passed, %d failed\n", exam.passed, exam.failed)
	if exam.failed > 0 {
		os.Exit(1)
	}
}

func parse() options {
	var given options
	var tokenFile string
	flag.StringVar(&given.address, "address", "", "host:port of extrefd")
	flag.StringVar(&tokenFile, "token-file", "", "file that holds a bearer token")
	flag.StringVar(&given.project, "project", "interop", "project to link in")
	flag.StringVar(&given.source, "source", "", "id of a source whose keys look like -key")
	flag.StringVar(&given.relation, "relation", "Defect", "name of an enabled relation")
	flag.StringVar(&given.key, "key", "EXT-1", "key of an issue")
	flag.Parse()
	if given.address == "" || tokenFile == "" || given.source == "" {
		flag.Usage()
		os.Exit(2)
	}
	token, err := os.ReadFile(tokenFile)
	if err != nil {
		log.Fatalf("FAIL reading the token: %v", err)
	}
	given.token = strings.TrimSpace(string(token))
	return given
}

type timeoutKey struct{}

// withWireTimeout makes the request carry this timeout_nano while the client itself waits as long as ctx allows. A
// DEADLINE_EXCEEDED can then only have come from the server.
func withWireTimeout(ctx context.Context, nanoseconds int64) context.Context {
	return context.WithValue(ctx, timeoutKey{}, nanoseconds)
}

func overrideTimeout(
	ctx context.Context, request *ttrpc.Request, response *ttrpc.Response, _ *ttrpc.UnaryClientInfo,
	invoke ttrpc.Invoker,
) error {
	if nanoseconds, ok := ctx.Value(timeoutKey{}).(int64); ok {
		request.TimeoutNano = nanoseconds
	}
	return invoke(ctx, request, response)
}
