// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

extension RedmineTracker: ConnectionProbing {
    /// Roles looked into for a right; an account that has more of them has it by one of these.
    private static let rolesMax = 5

    public func probes(of source: TrackerSource) throws(TrackerError) -> [TrackerProbe] {
        let headers = try headers(for: source)
        let read = TrackerProbe(
            .read,
            TrackerRequest(
                path: ["issues.json"], query: [("status_id", "*"), ("limit", "1")], headers: headers),
            read: readProbe)
        if source.source.authenticationMethod == .none { return [read] }
        let identity = TrackerProbe(
            .identity, TrackerRequest(path: ["users", "current.json"], headers: headers), read: identityProbe)
        return [
            identity, read,
            TrackerProbe(.permission(.create), right("add_issues", to: .create, source, headers)),
            TrackerProbe(.permission(.comment), right("add_issue_notes", to: .comment, source, headers)),
        ]
    }

    private func identityProbe(_ response: TrackerResponse) throws(TrackerError) -> ProbeFinding {
        let user = try TrackerJSON.decode(RedmineWire.UserAnswer.self, from: response).user
        let login = TrackerText.short(user.login.value ?? "")
        let name = TrackerText.short("\(user.firstname.value ?? "") \(user.lastname.value ?? "")")
        let identity = login.isEmpty ? name : name.isEmpty ? login : "\(name) (\(login))"
        return ProbeFinding(identity: identity, advice: "Redmine takes us for \(identity).")
    }

    private func readProbe(_ response: TrackerResponse) throws(TrackerError) -> ProbeFinding {
        let issues = try TrackerJSON.decode(RedmineWire.IssuesAnswer.self, from: response).issues
        return issues.isEmpty
            ? ProbeFinding(advice: "Issues can be read, but this account sees none.", isWarning: true)
            : ProbeFinding(advice: "Issues can be read.")
    }

    /// Looks for a right among the account's roles: in the source's default project, or anywhere.
    private func right(
        _ permission: String, to capability: Capability, _ source: TrackerSource, _ headers: [HTTPField]
    ) -> TrackerCall<ProbeFinding> {
        let request = TrackerRequest(
            path: ["users", "current.json"], query: [("include", "memberships")], headers: headers)
        return .send(request) { (response) throws(TrackerError) in
            let user = try TrackerJSON.decode(RedmineWire.UserAnswer.self, from: response).user
            if user.admin.value == true {
                return .done(
                    ProbeFinding(advice: "The account is an administrator and may do this everywhere."))
            }
            let project = source.source.defaultExternalProject
            let memberships: [RedmineWire.Membership] = user.memberships.entries()
            let counted = memberships.filter {
                project.isEmpty || $0.project.value.map { String($0.id) } == project
            }
            guard !counted.isEmpty else {
                return .done(
                    ProbeFinding(
                        advice:
                            "The account is a member of no project that matters here; it may only do this "
                            + "where Redmine lets everybody.", isWarning: true))
            }
            var roles = [Int64]()
            for id in counted.flatMap({ $0.roles.entries().map(\.id) }) where !roles.contains(id) {
                roles.append(id)
            }
            return ask(roles.prefix(Self.rolesMax), for: permission, to: capability, headers)
        }
    }

    private func ask(
        _ roles: ArraySlice<Int64>, for permission: String, to capability: Capability, _ headers: [HTTPField]
    ) -> TrackerCall<ProbeFinding> {
        guard let role = roles.first, let id = canonicalKey(String(role)) else {
            var finding = ProbeFinding(
                advice: "None of the account's roles has the permission \(permission). Add it under "
                    + "Administration, Roles and permissions.")
            finding.denied = [capability]
            return .done(finding)
        }
        var request = TrackerRequest(path: ["roles", id + ".json"], headers: headers)
        request.reusableFor = Self.formReuse
        return .send(request) { (response) throws(TrackerError) in
            let role = try TrackerJSON.decode(RedmineWire.RoleAnswer.self, from: response).role
            if role.permissions.entries().contains(permission) {
                return .done(
                    ProbeFinding(advice: "One of the account's roles has the permission \(permission)."))
            }
            return ask(roles.dropFirst(), for: permission, to: capability, headers)
        }
    }
}
