// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

extension ForgejoTracker: ConnectionProbing {
    /// How long the steps of one test share what a repository says of itself.
    private static let repositoryReuse = Duration.seconds(20)

    public func probes(of source: TrackerSource) throws(TrackerError) -> [TrackerProbe] {
        let read = TrackerProbe(.read, try readCall(of: source))
        let rights = [
            TrackerProbe(.permission(.create), try rightCall(.create, "creating issues", of: source)),
            TrackerProbe(.permission(.comment), try rightCall(.comment, "writing comments", of: source)),
        ]
        if source.source.authenticationMethod == .none { return [read] + rights }
        return [TrackerProbe(.identity, try identityCall(of: source)), read] + rights
    }

    /// Who we are, and the version. A token that was given no read:user is good all the same.
    private func identityCall(of source: TrackerSource) throws(TrackerError) -> TrackerCall<ProbeFinding> {
        let headers = try headers(for: source)
        var request = TrackerRequest(path: ["user"], headers: headers)
        request.acceptedStatuses = [403]
        return .send(request) { (response) throws(TrackerError) in
            let identity = try identity(in: response)
            var versionRequest = TrackerRequest(path: ["version"], headers: headers)
            versionRequest.acceptedStatuses = [401, 403, 404]
            return .send(versionRequest) { (response) throws(TrackerError) in
                let answer = try? TrackerJSON.decode(ForgejoWire.Version.self, from: response)
                let version = TrackerText.short(answer?.version.value ?? "")
                let server = version.isEmpty ? "The tracker" : "The tracker (version \(version))"
                guard let identity else {
                    return .done(
                        ProbeFinding(
                            advice: "\(server) accepts the token but does not say whose it is, because it "
                                + "lacks the scope read:user.", isWarning: true))
                }
                return .done(ProbeFinding(identity: identity, advice: "\(server) takes us for \(identity)."))
            }
        }
    }

    /// - Returns: nil when the token may not know.
    private func identity(in response: TrackerResponse) throws(TrackerError) -> String? {
        if response.status == 403 {
            guard isScopeFault(response) else {
                throw TrackerError(
                    .permissionDenied, "The tracker accepts the token but does not let its account in.")
            }
            return nil
        }
        let user = try TrackerJSON.decode(ForgejoWire.User.self, from: response)
        let login = TrackerText.short(user.login.value ?? "")
        let name = TrackerText.short(user.fullName.value ?? "")
        guard !login.isEmpty else {
            throw TrackerError(.badResponse, "The tracker's answer does not say who the account is.")
        }
        return name.isEmpty ? login : "\(name) (\(login))"
    }

    /// Reads one issue of the first repository that the source names, or any.
    private func readCall(of source: TrackerSource) throws(TrackerError) -> TrackerCall<ProbeFinding> {
        let repository = repositories(of: source.source).first
        var request = try listRequest(repository, [("limit", "1")], of: source)
        if repository != nil { request.acceptedStatuses = [404] }
        return .send(request) { (response) throws(TrackerError) in
            if response.status == 404 {
                return ProbeFinding(
                    advice: "\(repository?.text ?? "The repository") is missing or hidden from this account. "
                        + "Check its name, or make the account a collaborator.", isWarning: true)
            }
            let issues = try TrackerJSON.decode([Lenient<ForgejoWire.Issue>].self, from: response)
            return issues.isEmpty
                ? ProbeFinding(advice: "Issues can be read, but this account sees none.", isWarning: true)
                : ProbeFinding(advice: "Issues can be read.")
        }
    }

    /// What the first repository allows. Which scopes the token has, Forgejo tells nobody but its owner.
    private func rightCall(
        _ capability: Capability, _ deed: String, of source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<ProbeFinding> {
        guard source.source.authenticationMethod != .none else {
            var finding = ProbeFinding(advice: "Without a token \(deed) is not possible.", isWarning: true)
            finding.denied = [capability]
            return .done(finding)
        }
        let unknown = ProbeFinding(advice: "Whether the token allows \(deed) shows only when it is tried.")
        guard let repository = repositories(of: source.source).first else { return .done(unknown) }
        var request = TrackerRequest(path: repository.apiPath, headers: try headers(for: source))
        request.followsMoves = true
        request.acceptedStatuses = [403, 404]
        request.reusableFor = Self.repositoryReuse
        return .send(request) { (response) throws(TrackerError) in
            guard response.status < 400 else { return unknown }
            let facts = try TrackerJSON.decode(ForgejoWire.Repository.self, from: response)
            if facts.isArchived.value == true {
                return ProbeFinding(
                    advice: "\(repository.text) is archived, which rules \(deed) out.", isWarning: true)
            }
            guard facts.hasIssues.value != false else {
                return ProbeFinding(
                    advice: "\(repository.text) has its issues switched off, which rules \(deed) out.",
                    isWarning: true)
            }
            return ProbeFinding(
                advice: "\(repository.text) allows \(deed), if the token has the scope write:issue.")
        }
    }
}
