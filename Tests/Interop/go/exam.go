// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"

	"github.com/containerd/ttrpc"
	"github.com/golang/protobuf/proto"
	"github.com/golang/protobuf/ptypes"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const (
	adminService = "extref.v1.AdminService"
	linkService  = "extref.v1.LinkService"
)

// exam counts checks and holds what they share.
type exam struct {
	options
	client         *ttrpc.Client
	passed, failed int
}

// check runs one check and prints its line.
func (e *exam) check(name string, body func(ctx context.Context) error) {
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	if err := body(ctx); err != nil {
		e.failed++
		fmt.Printf("FAIL %s: %v\n", name, err)
		return
	}
	e.passed++
	fmt.Printf("ok   %s\n", name)
}

// call makes one call as the admin.
func (e *exam) call(ctx context.Context, service, method string, request, response proto.Message) error {
	metadata := ttrpc.MD{}
	metadata.Set("authorization", "Bearer "+e.token)
	return e.client.Call(ttrpc.WithMetadata(ctx, metadata), service, method, request, response)
}

// failure is an RPC error taken apart.
type failure struct {
	code      codes.Code
	message   string
	info      *errdetails.ErrorInfo
	fields    map[string]bool
	resources []string
}

// decode takes an error apart; every detail must be of a type the client knows.
func decode(err error) (failure, error) {
	taken := failure{fields: map[string]bool{}}
	if err == nil {
		return taken, fmt.Errorf("the call succeeded")
	}
	answer, ok := status.FromError(err)
	if !ok {
		return taken, fmt.Errorf("not a status of the server: %v", err)
	}
	taken.code, taken.message = answer.Code(), answer.Message()
	for _, detail := range answer.Proto().GetDetails() {
		var holder ptypes.DynamicAny
		if err := ptypes.UnmarshalAny(detail, &holder); err != nil {
			return taken, fmt.Errorf("detail %s: %v", detail.TypeUrl, err)
		}
		taken.add(holder.Message)
	}
	return taken, nil
}

func (f *failure) add(detail proto.Message) {
	switch detail := detail.(type) {
	case *errdetails.ErrorInfo:
		f.info = detail
	case *errdetails.BadRequest:
		for _, violation := range detail.FieldViolations {
			f.fields[violation.Field] = true
		}
	case *errdetails.ResourceInfo:
		f.resources = append(f.resources, detail.ResourceName)
	}
}

// expect says how an error differs from a code, a reason and the fields it must name.
func expect(err error, code codes.Code, reason string, fields ...string) error {
	got, problem := decode(err)
	switch {
	case problem != nil:
		return problem
	case got.code != code:
		return fmt.Errorf("code %v instead of %v (%s)", got.code, code, got.message)
	case got.info == nil:
		return fmt.Errorf("no ErrorInfo beside %v (%s)", got.code, got.message)
	case got.info.Domain != "extref" || got.info.Reason != reason:
		return fmt.Errorf("%s/%s instead of extref/%s", got.info.Domain, got.info.Reason, reason)
	}
	for _, field := range fields {
		if !got.fields[field] {
			return fmt.Errorf("field %s is not named, only %v", field, got.fields)
		}
	}
	return nil
}
