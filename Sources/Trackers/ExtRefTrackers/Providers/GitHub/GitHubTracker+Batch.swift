// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
public import ExtRefDomain

extension GitHubTracker: BatchFetching {
    /// Our choice; GitHub bounds the work, not the issues. A hundred issues are 22,000 of the 500,000 nodes
    /// that one question may ask for and a few of the 5,000 points of an hour, come back well within the ten
    /// seconds after which GitHub gives a question up, and are what one page of its lists holds.
    public var batchIssuesMax: Int { 100 }

    /// GraphQL answers nobody without credentials.
    public func canFetchBatch(from source: IntegrationSource) -> Bool {
        source.authenticationMethod != .none
    }

    /// Asks for issues by key: that shows renamed repositories and hides nothing that ids would show.
    public func fetchBatch(
        _ references: [IssueReference], from source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<BatchAnswer> {
        let query = GitHubBatchQuery(
            references.compactMap { GitHubKey($0.key) }, on: GitHubSite(baseURL: source.source.baseURL))
        guard !query.groups.isEmpty else { return .done(read([:], [], query, references, source)) }
        return try ask(query, references, source)
    }

    private func ask(
        _ query: GitHubBatchQuery, _ references: [IssueReference], _ source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<BatchAnswer> {
        var request = TrackerRequest(
            .post, path: [],
            headers: try headers(for: source) + [HTTPField("Content-Type", "application/json")],
            body: query.body)
        request.base = .address(graphQLAddress(of: source))
        return .send(request) { (response) throws(TrackerError) in
            let answer = try TrackerJSON.decode(GitHubGraphQL.Answer.self, from: response)
            let faults: [GitHubGraphQL.Fault] = answer.errors.rows()
            if let data = answer.data.value { return .done(read(data, faults, query, references, source)) }
            // A server that is older than the question says which words of it it does not know.
            guard let smaller = query.without(faults.compactMap(\.message.value)) else {
                throw Self.refusal(faults)
            }
            return try ask(smaller, references, source)
        }
    }

    private static func refusal(_ faults: [GitHubGraphQL.Fault]) -> TrackerError {
        if faults.contains(where: \.isRateLimit) { return secondaryLimit }
        if faults.contains(where: \.isMissingScope) {
            return TrackerError(
                .scopeMissing, "The credentials lack a scope for reading issues: repo, or public_repo.")
        }
        if faults.contains(where: \.isForbidden) {
            return TrackerError(
                .permissionDenied, "GitHub does not show these repositories to the credentials.")
        }
        if faults.isEmpty || faults.contains(where: { $0.extensions.value?.code.value != nil }) {
            return TrackerError(.badResponse, "GitHub's GraphQL API does not answer as it is described.")
        }
        return TrackerError(.unavailable, "GitHub could not answer a question about many issues.")
    }

    /// Sorts an answer. A repository that is not there is told; an issue that is not there is left out,
    /// because GraphQL says "not found" of transferred ones too, and only the single read follows those.
    private func read(
        _ data: [String: Lenient<GitHubGraphQL.Repository>], _ faults: [GitHubGraphQL.Fault],
        _ query: GitHubBatchQuery, _ references: [IssueReference], _ source: TrackerSource
    ) -> BatchAnswer {
        let asked = Dictionary(grouping: references) { GitHubKey($0.key)?.text.lowercased() ?? "" }
        let codes = Dictionary(faults.map { ($0.names, Self.code(of: $0)) }) { first, _ in first }
        var answer = BatchAnswer(found: [])
        for reference in asked[""] ?? [] { answer.refused[reference] = .invalidRequest }
        for (index, group) in query.groups.enumerated() {
            let repository = data["r\(index)"]?.value
            for number in group.numbers {
                let references = asked[GitHubKey(group.repository, number).text.lowercased()] ?? []
                if let issue = repository.flatMap({ Self.issue(number, of: $0) }) {
                    let isRenamed = !issue.key.repository.isSame(as: group.repository)
                    answer.found.append(
                        snapshot(of: issue, askedFor: references, wasMoved: isRenamed, in: source))
                } else if let code = codes[["r\(index)"]] ?? codes[["r\(index)", "i\(number)"]], let code {
                    for reference in references { answer.refused[reference] = code }
                }
            }
        }
        return answer
    }

    private static func issue(_ number: Int, of repository: GitHubGraphQL.Repository) -> GitHubIssue? {
        guard let name = GitHubRepository(repository.nameWithOwner),
            let issue = repository.issues["i\(number)"]?.value, issue.number == number
        else { return nil }
        return GitHubIssue(issue, in: name)
    }

    /// What a missing part is told as; nil = nothing is known for sure.
    private static func code(of fault: GitHubGraphQL.Fault) -> TrackerError.Code? {
        if fault.isForbidden { return .permissionDenied }
        return fault.type.value == "NOT_FOUND" && fault.names.count == 1 ? .notFound : nil
    }
}
