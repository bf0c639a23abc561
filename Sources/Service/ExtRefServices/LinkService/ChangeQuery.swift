// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefStore
import RPCMessages

/// What a caller wants of the change feed, judged.
struct ChangeQuery {
    /// The last change seen; nil = from now on.
    let after: Int64?
    let wait: Duration
    let limit: Int
    let filter: ChangeFilter

    /// Reads a request, and names every field that is wrong.
    init(_ request: ListChangesRequest, scope: CallScope) throws(DomainError) {
        var violations = [FieldViolation]()
        func read<Value>(_ field: () throws(DomainError) -> Value?) -> Value? {
            do {
                return try field()
            } catch {
                violations += error.violations
                return nil
            }
        }
        after = read { () throws(DomainError) in try Self.cursor(request.after) }
        wait = read { () throws(DomainError) in try Self.wait(request.wait) } ?? .zero
        limit = read { () throws(DomainError) in try Self.limit(request.pageSize) } ?? 1
        let project = read { () throws(DomainError) in
            request.projectID.isEmpty ? nil : try ProjectID(request.projectID, field: "project_id")
        }
        let object = read { () throws(DomainError) in
            try request.object.map { (object) throws(DomainError) in
                try TestObject(object, field: "object")
            }
        }
        if request.object != nil, request.projectID.isEmpty {
            violations.append(
                FieldViolation(
                    "project_id",
                    "is required with object: an object's id means something in its project only"))
        }
        let source = read { () throws(DomainError) in try Self.source(request.sourceID) }
        guard violations.isEmpty else { throw .invalid(violations) }
        if let project { try scope.require(.read, in: project) }
        filter = Self.filter(project: project, object: object, source: source, caller: scope.caller)
    }

    private static func filter(
        project: ProjectID?, object: TestObject?, source: SourceID?, caller: Caller
    ) -> ChangeFilter {
        let readable = caller.isTenantAdmin ? nil : Set(caller.projectRoles.keys)
        var filter = ChangeFilter(projectIDs: project.map { [$0] } ?? readable)
        filter.object = object
        filter.sourceID = source
        return filter
    }

    private static func cursor(_ text: String) throws(DomainError) -> Int64? {
        guard !text.isEmpty else { return nil }
        guard let number = Int64(text), number >= 0, String(number) == text else {
            throw .invalid(
                "after",
                "must be next_after of an earlier answer, '0' for the beginning, or empty for from now on")
        }
        return number
    }

    private static func wait(_ message: GoogleDuration?) throws(DomainError) -> Duration {
        guard let message else { return .zero }
        guard let wait = message.duration, (.zero...ServiceLimits.feedWaitMax).contains(wait) else {
            throw .invalid("wait", "must be 0 to \(ServiceLimits.feedWaitMax.components.seconds) seconds")
        }
        return wait
    }

    private static func limit(_ size: Int32) throws(DomainError) -> Int {
        guard size >= 0 else {
            throw .invalid("page_size", "must not be negative; 0 means \(DomainLimits.pageSizeDefault)")
        }
        return size == 0 ? DomainLimits.pageSizeDefault : min(Int(size), DomainLimits.pageSizeMax)
    }

    private static func source(_ text: String) throws(DomainError) -> SourceID? {
        guard !text.isEmpty else { return nil }
        guard let id = SourceID(text) else { throw .invalid("source_id", "must be the id of a source") }
        return id
    }
}
