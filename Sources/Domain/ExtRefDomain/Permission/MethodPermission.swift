// SPDX-License-Identifier: Apache-2.0

/// What a caller must hold before a method is even looked at. The handler then judges the object itself.
public enum MethodPermission: Sendable, Hashable {
    /// No token at all: health only.
    case anyone
    /// Any verified token.
    case authenticated
    /// Tenant Admin, or Project Admin of some project.
    case administer
    /// `read` in some project.
    case read
    /// `link` in some project.
    case link
    /// This scope in the token, which no person carries.
    case scope(String)

    /// Judges the caller's token alone.
    public func admits(_ caller: Caller) -> Bool {
        switch self {
        case .anyone, .authenticated: true
        case .administer: caller.isAdminSomewhere
        case .read: caller.hasSomewhere(.read)
        case .link: caller.hasSomewhere(.link)
        case .scope(let scope): caller.scopes.contains(scope)
        }
    }
}

/// The one table that opens methods. A method without an entry stops the server at start-up.
public enum PermissionTable {
    /// Full method name (`package.Service/Method`) to what it demands.
    public static let entries: [String: MethodPermission] = {
        var table: [String: MethodPermission] = [
            "grpc.health.v1.Health/Check": .anyone,
            "grpc.health.v1.Health/Watch": .anyone,
            "extref.v1.MetaService/GetDescriptors": .authenticated,
            "extref.v1.LinkService/IngestWebhook": .scope("webhook.ingest"),
        ]
        let groups: [(service: String, permission: MethodPermission, methods: [String])] = [
            ("AdminService", .authenticated, ["ListProviders"]),
            ("AdminService", .read, ["GetSource", "ListSources", "GetRelation", "ListRelations"]),
            (
                "AdminService", .administer,
                [
                    "CreateSource", "UpdateSource", "DeleteSource", "EnableSource", "DisableSource",
                    "TestSourceConnection", "BeginSourceAuthorization", "CompleteSourceAuthorization",
                    "RotateWebhookSecret", "ListWebhookDeliveries", "TestWebhook",
                    "CreateRelation", "UpdateRelation", "DeleteRelation",
                    "EnableRelation", "DisableRelation", "SetProjectOverlay", "ListAuditEntries",
                ]
            ),
            (
                "LinkService", .read,
                [
                    "GetLink", "ListLinks", "BatchListObjectLinks", "ResolveReference", "ExtractReferences",
                    "GetIssue", "ListIssues", "FindObjectsWithLinks", "SummarizeLinks", "ListChanges",
                    "WatchChanges", "ExportLinks",
                ]
            ),
            (
                "LinkService", .link,
                [
                    "CreateLink", "BatchCreateLinks", "UpdateLink", "DeleteLink", "BatchDeleteLinks",
                    "RefreshIssues", "SearchIssues", "GetIssueForm", "CreateIssue", "CopyObjectLinks",
                    "MoveObjectLinks", "DeleteObjectLinks", "ImportLinks",
                ]
            ),
        ]
        for (service, permission, methods) in groups {
            for method in methods { table["extref.v1.\(service)/\(method)"] = permission }
        }
        return table
    }()

    /// Names the methods that have no entry; the server refuses to start while there are any.
    public static func missing(from methods: some Sequence<String>) -> [String] {
        methods.filter { entries[$0] == nil }.sorted()
    }
}
