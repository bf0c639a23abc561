// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"extref.dev/gen/extref/v1"
	"github.com/golang/protobuf/proto"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
)

const (
	unknownLink       = "lnk_01ARZ3NDEKTSV4RRFFQ69G5FAV"
	noteCharactersMax = 2000
	concurrentCalls   = 64
	// Far beyond any answer of a healthy server, far below callTimeout.
	promptly = 5 * time.Second
)

func (e *exam) run() {
	e.check("health answers SERVING without a token", e.health)
	var link *extrefv1.Link
	e.check("a link is created by key and relation name", func(ctx context.Context) (err error) {
		link, err = e.create(ctx, "")
		return err
	})
	if link == nil {
		return
	}
	e.check("the link reads back equal", func(ctx context.Context) error { return e.readBack(ctx, link) })
	e.check("ListLinks of the object holds it", func(ctx context.Context) error { return e.list(ctx, link) })
	e.check("the same request_id answers the same link", e.repeat)
	e.check("64 calls at once on one connection each get their own answer", e.concurrent)
	e.check("an unknown link is NOT_FOUND with ErrorInfo", e.notFound)
	e.check("two bad fields are INVALID_ARGUMENT naming both", e.invalidArgument)
	e.check("no token is UNAUTHENTICATED", e.unauthenticated)
	e.check("timeout_nano = 1 ns ends in the server's DEADLINE_EXCEEDED", e.deadline(1))
	e.check("negative timeout_nano ends in the server's DEADLINE_EXCEEDED", e.deadline(-1))
	e.check("an unknown method is UNIMPLEMENTED", e.unimplemented(linkService, "NoSuchMethod"))
	e.check("an unknown service is UNIMPLEMENTED", e.unimplemented("extref.v1.NoSuchService", "GetLink"))
	e.check("a deleted link is NOT_FOUND", func(ctx context.Context) error { return e.delete(ctx, link) })
}

func (e *exam) health(ctx context.Context) error {
	var response grpc_health_v1.HealthCheckResponse
	err := e.client.Call(
		ctx, "grpc.health.v1.Health", "Check", &grpc_health_v1.HealthCheckRequest{}, &response)
	if err == nil && response.Status != grpc_health_v1.HealthCheckResponse_SERVING {
		err = fmt.Errorf("status %v", response.Status)
	}
	return err
}

// draft is a link from a test case to the issue that -key names.
func (e *exam) draft(object string) *extrefv1.LinkDraft {
	return &extrefv1.LinkDraft{
		Object: &extrefv1.ObjectRef{Kind: "case", Id: object},
		Target: &extrefv1.LinkTarget{Target: &extrefv1.LinkTarget_Key{
			Key: &extrefv1.SourceKey{SourceId: e.source, Key: e.key},
		}},
		RelationName: e.relation,
		Note:         "from Go",
	}
}

func (e *exam) create(ctx context.Context, requestID string) (*extrefv1.Link, error) {
	request := &extrefv1.CreateLinkRequest{
		ProjectId: e.project, Link: e.draft("interop-go-" + requestID), RequestId: requestID,
	}
	var response extrefv1.CreateLinkResponse
	if err := e.call(ctx, linkService, "CreateLink", request, &response); err != nil {
		return nil, err
	}
	link := response.GetLink()
	switch {
	case !strings.HasPrefix(link.GetId(), "lnk_"):
		return nil, fmt.Errorf("id %q", link.GetId())
	case link.GetIssue().GetKey() != e.key:
		return nil, fmt.Errorf("issue key %q", link.GetIssue().GetKey())
	case link.GetRelation().GetName() != e.relation:
		return nil, fmt.Errorf("relation %q", link.GetRelation().GetName())
	}
	return link, nil
}

func (e *exam) get(ctx context.Context, id string) (*extrefv1.Link, error) {
	var response extrefv1.GetLinkResponse
	err := e.call(ctx, linkService, "GetLink", &extrefv1.GetLinkRequest{Id: id}, &response)
	return response.GetLink(), err
}

func (e *exam) readBack(ctx context.Context, link *extrefv1.Link) error {
	read, err := e.get(ctx, link.GetId())
	if err == nil && !proto.Equal(read, link) {
		err = fmt.Errorf("created %v, read %v", link, read)
	}
	return err
}

func (e *exam) list(ctx context.Context, link *extrefv1.Link) error {
	var response extrefv1.ListLinksResponse
	request := &extrefv1.ListLinksRequest{ProjectId: e.project, Object: link.GetObject()}
	if err := e.call(ctx, linkService, "ListLinks", request, &response); err != nil {
		return err
	}
	if len(response.Links) != 1 || response.Links[0].GetId() != link.GetId() {
		return fmt.Errorf("%d links: %v", len(response.Links), response.Links)
	}
	return nil
}

func (e *exam) repeat(ctx context.Context) error {
	const requestID = "6d9b1c6e-0f5f-4a6c-9a6e-2f1f2a9f6b11"
	first, err := e.create(ctx, requestID)
	if err != nil {
		return err
	}
	second, err := e.create(ctx, requestID)
	if err == nil && !proto.Equal(first, second) {
		err = fmt.Errorf("first %v, then %v", first, second)
	}
	return err
}

func (e *exam) concurrent(ctx context.Context) error {
	var waiting sync.WaitGroup
	problems := make(chan error, concurrentCalls)
	for index := 0; index < concurrentCalls; index++ {
		waiting.Add(1)
		go func(id string) {
			defer waiting.Done()
			_, err := e.get(ctx, id)
			got, problem := decode(err)
			if problem != nil {
				problems <- problem
			} else if got.code != codes.NotFound || len(got.resources) != 1 || got.resources[0] != id {
				problems <- fmt.Errorf("asked for %s, got %v of %v", id, got.code, got.resources)
			}
		}(fmt.Sprintf("lnk_01ARZ3NDEKTSV4RRFFQ69G5F%02d", index))
	}
	waiting.Wait()
	close(problems)
	return <-problems
}

func (e *exam) notFound(ctx context.Context) error {
	_, err := e.get(ctx, unknownLink)
	if problem := expect(err, codes.NotFound, "LINK_NOT_FOUND"); problem != nil {
		return problem
	}
	if got, _ := decode(err); len(got.resources) != 1 || got.resources[0] != unknownLink {
		return fmt.Errorf("ResourceInfo names %v", got.resources)
	}
	return nil
}

func (e *exam) invalidArgument(ctx context.Context) error {
	draft := e.draft("interop-go-invalid")
	draft.Object.Kind = "Not A Kind"
	draft.Note = strings.Repeat("x", noteCharactersMax+1)
	request := &extrefv1.CreateLinkRequest{ProjectId: e.project, Link: draft}
	err := e.call(ctx, linkService, "CreateLink", request, &extrefv1.CreateLinkResponse{})
	return expect(err, codes.InvalidArgument, "FIELD_INVALID", "link.note", "link.object.kind")
}

func (e *exam) unauthenticated(ctx context.Context) error {
	err := e.client.Call(
		ctx, adminService, "ListSources", &extrefv1.ListSourcesRequest{}, &extrefv1.ListSourcesResponse{})
	return expect(err, codes.Unauthenticated, "TOKEN_MISSING")
}

func (e *exam) deadline(nanoseconds int64) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		started := time.Now()
		_, err := e.get(withWireTimeout(ctx, nanoseconds), unknownLink)
		if elapsed := time.Since(started); elapsed > promptly {
			return fmt.Errorf("answered after %v", elapsed)
		}
		got, problem := decode(err)
		if problem == nil && got.code != codes.DeadlineExceeded {
			problem = fmt.Errorf("code %v (%s)", got.code, got.message)
		}
		return problem
	}
}

func (e *exam) unimplemented(service, method string) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		request := &extrefv1.GetLinkRequest{Id: unknownLink}
		err := e.call(ctx, service, method, request, &extrefv1.GetLinkResponse{})
		if code := status.Code(err); code != codes.Unimplemented {
			return fmt.Errorf("code %v: %v", code, err)
		}
		return nil
	}
}

func (e *exam) delete(ctx context.Context, link *extrefv1.Link) error {
	request := &extrefv1.DeleteLinkRequest{Id: link.GetId(), Etag: link.GetEtag()}
	err := e.call(ctx, linkService, "DeleteLink", request, &extrefv1.DeleteLinkResponse{})
	if err != nil {
		return err
	}
	_, err = e.get(ctx, link.GetId())
	return expect(err, codes.NotFound, "LINK_NOT_FOUND")
}
