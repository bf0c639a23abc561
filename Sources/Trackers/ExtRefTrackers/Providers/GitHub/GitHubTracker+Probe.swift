// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

extension GitHubTracker: ConnectionProbing {
    /// Who we are, whether issues can be read and searched, and, in the default or first allowed repository,
    /// whether they can be created and commented on. GitHub reveals the scopes and the end of a classic
    /// token in headers; of a fine-grained one only its end.
    public func probes(of source: TrackerSource) throws(TrackerError) -> [TrackerProbe] {
        let repository = sampleRepository(of: source.source)
        var probes = [TrackerProbe]()
        switch source.source.authenticationMethod {
        case .accessToken: probes.append(try accountProbe(source))
        case .gitHubApp: probes.append(try installationProbe(source))
        default: break
        }
        guard let repository else { return probes + [try reachProbe(source)] }
        probes.append(try readProbe(repository, source))
        probes.append(try searchProbe(repository, source))
        guard source.source.authenticationMethod != .none else { return probes }
        return probes + [
            try writeProbe(.create, repository, source), try writeProbe(.comment, repository, source),
        ]
    }

    private func accountProbe(_ source: TrackerSource) throws(TrackerError) -> TrackerProbe {
        TrackerProbe(.identity, try get(["user"], from: source)) { (response) throws(TrackerError) in
            let login = TrackerText.short(
                try TrackerJSON.decode(GitHubWire.Person.self, from: response).login)
            var finding = ProbeFinding(identity: login, advice: "GitHub takes us for \(login).")
            finding.expiresAt = response.header("github-authentication-token-expiration")
                .flatMap(TrackerDate.parse)
            if let scopes = response.header("x-oauth-scopes") { Self.judge(scopes, in: &finding) }
            return finding
        }
    }

    /// The scopes of a classic token. Reading public repositories needs none.
    private static func judge(_ header: String, in finding: inout ProbeFinding) {
        finding.scopes = names(in: header)
        if finding.scopes.contains("repo") { return }
        finding.isWarning = true
        if finding.scopes.contains("public_repo") {
            finding.advice += " The token has the scope public_repo: private repositories stay hidden."
        } else {
            finding.advice +=
                " The token has neither the scope repo nor public_repo: it reads public repositories only and "
                + "cannot create or comment."
            finding.denied = [.create, .comment]
        }
    }

    private static func names(in header: String) -> [String] {
        header.split(separator: ",").map { String($0).trimmingBlanks() }.filter { !$0.isEmpty }
    }

    private struct Installation: Decodable {
        let total: Int
        let repositories: [Lenient<GitHubWire.Repository>]

        enum CodingKeys: String, CodingKey {
            case total = "total_count"
            case repositories
        }
    }

    /// An app is no user; what it sees tells whose installation this is.
    private func installationProbe(_ source: TrackerSource) throws(TrackerError) -> TrackerProbe {
        let request = try get(
            ["installation", "repositories"], query: [(name: "per_page", value: "1")], from: source)
        return TrackerProbe(.identity, request) { (response) throws(TrackerError) in
            let answer = try TrackerJSON.decode(Installation.self, from: response)
            let owner = answer.repositories.first?.value?.owner.value.map { TrackerText.short($0.login) }
            let identity = owner.map { "GitHub App in \($0)" } ?? "GitHub App"
            return answer.total > 0
                ? ProbeFinding(
                    identity: identity, advice: "The app's installation covers \(answer.total) repositories.")
                : ProbeFinding(
                    identity: identity, advice: "The app's installation covers no repository. Choose some.",
                    isWarning: true)
        }
    }

    private func readProbe(
        _ repository: GitHubRepository, _ source: TrackerSource
    ) throws(TrackerError) -> TrackerProbe {
        var request = try get(
            repository.path("issues"),
            query: [(name: "state", value: "all"), (name: "per_page", value: "1")], from: source)
        request.followsMoves = true
        request.acceptedStatuses = [404]
        return TrackerProbe(.read, request) { (response) throws(TrackerError) in
            if response.status == 404 { throw Self.hidden(repository, by: response) }
            _ = try TrackerJSON.decode([Lenient<GitHubWire.Issue>].self, from: response)
            return response.wasMoved
                ? ProbeFinding(
                    advice: "Issues of \(repository.text) can be read, but it has a new name. Use that.",
                    isWarning: true)
                : ProbeFinding(advice: "Issues of \(repository.text) can be read.")
        }
    }

    /// GitHub hides what credentials may not see; a classic token's scopes tell why.
    private static func hidden(_ repository: GitHubRepository, by response: TrackerResponse) -> TrackerError {
        guard let scopes = response.header("x-oauth-scopes"), !names(in: scopes).contains("repo") else {
            return TrackerError(
                .notFound, "GitHub shows no repository \(repository.text) to the credentials.")
        }
        return TrackerError(
            .scopeMissing,
            "The token lacks the scope repo, without which GitHub hides private repositories.")
    }

    /// Without a repository to try, whether anything is in reach at all.
    private func reachProbe(_ source: TrackerSource) throws(TrackerError) -> TrackerProbe {
        switch source.source.authenticationMethod {
        case .accessToken:
            let request = try get(["user", "repos"], query: [(name: "per_page", value: "1")], from: source)
            return TrackerProbe(.read, request) { (response) throws(TrackerError) in
                let isEmpty = try TrackerJSON.decode([Lenient<GitHubWire.Repository>].self, from: response)
                    .isEmpty
                return isEmpty
                    ? ProbeFinding(
                        advice: "The account has no repository of its own in reach.", isWarning: true)
                    : ProbeFinding(advice: "Repositories can be read.")
            }
        default:
            // Costs nothing.
            return TrackerProbe(.read, try get(["rate_limit"], from: source)) { _ in
                ProbeFinding(
                    advice: "GitHub answers. Name a default external project to test reading its issues.")
            }
        }
    }

    private func searchProbe(
        _ repository: GitHubRepository, _ source: TrackerSource
    ) throws(TrackerError) -> TrackerProbe {
        let request = try searchRequest(["repo:" + repository.text, "is:issue"], limit: 1, in: source)
        return TrackerProbe(.permission(.search), request) { (response) throws(TrackerError) in
            try Self.requireSearchable(response)
            _ = try TrackerJSON.decode(GitHubWire.SearchAnswer.self, from: response)
            return ProbeFinding(advice: "Issues can be searched.")
        }
    }

    private func writeProbe(
        _ capability: Capability, _ repository: GitHubRepository, _ source: TrackerSource
    ) throws(TrackerError) -> TrackerProbe {
        var request = try get(repository.path(), from: source)
        request.followsMoves = true
        return TrackerProbe(.permission(capability), request) { (response) throws(TrackerError) in
            let answer = try TrackerJSON.decode(GitHubWire.Repository.self, from: response)
            return Self.finding(of: capability, in: answer, by: source.source.authenticationMethod)
        }
    }

    /// What a repository says of writing there. It shows the account's rights, never a fine-grained token's
    /// own permissions, so that only a try would tell for sure.
    private static func finding(
        of capability: Capability, in repository: GitHubWire.Repository, by method: AuthenticationMethodID
    ) -> ProbeFinding {
        let deed = capability == .create ? "created" : "commented on"
        if repository.archived.value == true {
            return denial(capability, "The repository is archived: issues cannot be \(deed).")
        }
        if repository.hasIssues.value == false {
            return denial(capability, "Issues are switched off in the repository.")
        }
        if method == .accessToken, capability == .create, repository.permissions.value?.maySort == false {
            return ProbeFinding(
                advice:
                    "Issues can be created, but GitHub drops labels, assignees and type: the account needs "
                    + "the triage role for them.", isWarning: true)
        }
        return ProbeFinding(
            advice: "Issues can be \(deed), provided that the credentials have Issues read and write.")
    }

    private static func denial(_ capability: Capability, _ advice: String) -> ProbeFinding {
        var finding = ProbeFinding(advice: advice, isWarning: true)
        finding.denied = [capability]
        return finding
    }
}
