// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

extension GitLabTracker: ConnectionProbing {
    /// How long the steps of one test share what the token says of itself.
    private static let tokenReuse = Duration.seconds(20)

    public func probes(of source: TrackerSource) throws(TrackerError) -> [TrackerProbe] {
        let read = TrackerProbe(.read, try readCall(of: source))
        let rights = [
            TrackerProbe(.permission(.create), try rightCall(.create, "creating issues", of: source)),
            TrackerProbe(.permission(.comment), try rightCall(.comment, "writing comments", of: source)),
        ]
        if source.source.authenticationMethod == .none { return [read] + rights }
        return [TrackerProbe(.identity, try identityCall(of: source)), read] + rights
    }

    private func identityCall(of source: TrackerSource) throws(TrackerError) -> TrackerCall<ProbeFinding> {
        let request = TrackerRequest(path: ["user"], headers: try headers(for: source))
        return .send(request) { (response) throws(TrackerError) in
            let user = try TrackerJSON.decode(GitLabWire.User.self, from: response)
            let login = TrackerText.short(user.username.value ?? "")
            let name = TrackerText.short(user.name.value ?? "")
            let identity = login.isEmpty ? name : name.isEmpty ? login : "\(name) (\(login))"
            guard !identity.isEmpty else {
                throw TrackerError(.badResponse, "GitLab's answer does not say who the account is.")
            }
            return try token(of: source).map { (token) throws(TrackerError) in
                var finding = ProbeFinding(identity: identity, advice: "GitLab takes us for \(identity).")
                finding.scopes = token?.scopeNames ?? []
                finding.expiresAt = token?.expiresAt.value.flatMap(TrackerDate.parse)
                return finding
            }
        }
    }

    /// What the token says of itself: scopes and, if it is no short-lived one, its end.
    /// - Returns: nil where this version or kind of token does not say.
    private func token(of source: TrackerSource) throws(TrackerError) -> TrackerCall<GitLabWire.Token?> {
        let headers = try headers(for: source)
        var request: TrackerRequest
        switch source.source.authenticationMethod {
        case .accessToken:
            request = TrackerRequest(path: ["personal_access_tokens", "self"], headers: headers)
        case .oauthRefresh:
            request = TrackerRequest(path: ["oauth", "token", "info"], headers: headers)
            request.base = .web
        default: return .done(nil)
        }
        request.acceptedStatuses = [400, 401, 403, 404]
        request.reusableFor = Self.tokenReuse
        return .send(request) { (response) throws(TrackerError) in
            guard response.status < 400 else { return .done(nil) }
            let token = try TrackerJSON.decode(GitLabWire.Token.self, from: response)
            guard token.isRevoked.value != true else {
                throw TrackerError(.credentialsRejected, "The GitLab token was revoked. Enter a new one.")
            }
            guard token.isActive.value != false else {
                throw TrackerError(.credentialsExpired, "The GitLab token has expired. Enter a new one.")
            }
            return .done(token)
        }
    }

    /// Reads one issue of the first project that the source names, or any.
    private func readCall(of source: TrackerSource) throws(TrackerError) -> TrackerCall<ProbeFinding> {
        let names = [source.source.defaultExternalProject] + source.source.allowedExternalProjects
        let project = names.lazy.compactMap { GitLabPlace($0) }.first { !$0.isGroup }
        var request = try listRequest(project, [("per_page", "1")], of: source)
        if project != nil { request.acceptedStatuses = [404] }
        return .send(request) { (response) throws(TrackerError) in
            if response.status == 404 {
                return ProbeFinding(
                    advice:
                        "\(project?.path ?? "The project") is missing or hidden from this account. Check its "
                        + "path, or make the account a member.", isWarning: true)
            }
            let issues = try TrackerJSON.decode([Lenient<GitLabWire.Issue>].self, from: response)
            return issues.isEmpty
                ? ProbeFinding(advice: "Issues can be read, but this account sees none.", isWarning: true)
                : ProbeFinding(advice: "Issues can be read.")
        }
    }

    /// Whether the scopes allow something; what the account's role in a project allows only a try can tell.
    private func rightCall(
        _ capability: Capability, _ deed: String, of source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<ProbeFinding> {
        var denied = ProbeFinding(advice: "Without credentials \(deed) is not possible.", isWarning: true)
        denied.denied = [capability]
        guard source.source.authenticationMethod != .none else { return .done(denied) }
        denied.advice = "The token lacks the scope \(Self.writingScope), which \(deed) needs."
        let refusal = denied
        return try token(of: source).map { token in
            guard let scopes = token?.scopeNames else {
                return ProbeFinding(advice: "GitLab does not say whether the credentials allow \(deed).")
            }
            guard scopes.contains(Self.writingScope) else { return refusal }
            return ProbeFinding(
                advice: "The token allows \(deed) in every project where its account may.")
        }
    }
}
