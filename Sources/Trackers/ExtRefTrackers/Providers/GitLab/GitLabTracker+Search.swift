// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

extension GitLabTracker: IssueSearching {
    /// Most projects searched one by one; of more, all that the account sees are searched at once.
    static var searchProjectsMax: Int { 4 }

    public func search(
        _ words: String, limit: Int, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        let typed = completedKey(words, project: source.source.defaultExternalProject)
        guard let key = GitLabKey(typed), source.source.allows(externalProject: key.place.text) else {
            return try searchTitles(words, limit: limit, in: source)
        }
        guard !key.place.isGroup else {
            return try groupItems([key.iid], of: key.place, from: source).map { items in
                (items ?? []).compactMap { snapshot($0, at: key.place, of: source.source) }
            }
        }
        var request = try issueRequest(key, of: source)
        request.acceptedStatuses = [404]
        return .send(request) { (response) throws(TrackerError) in
            // A text may look like a key and still be words of a title.
            if response.status == 404 { return try searchTitles(words, limit: limit, in: source) }
            return try readIssue(response, asked: key, from: source).map { [$0] }
        }
    }

    private func searchTitles(
        _ words: String, limit: Int, in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        let names = [source.source.defaultExternalProject] + source.source.allowedExternalProjects
        var places = [GitLabPlace]()
        for place in names.compactMap({ GitLabPlace($0) }) where !places.contains(place) {
            places.append(place)
        }
        let projects = places.filter { !$0.isGroup }
        let query = [
            ("search", words), ("in", "title"), ("order_by", "updated_at"), ("sort", "desc"),
            ("per_page", String(limit)),
        ]
        if projects.isEmpty || projects.count > Self.searchProjectsMax {
            // REST finds no items of groups: where nothing else is allowed, nothing is found.
            guard places.isEmpty || !projects.isEmpty else { return .done([]) }
            let request = try listRequest(nil, query, of: source)
            return .send(request) { (response) throws(TrackerError) in
                try readIssues(response, of: nil, from: source)
            }
        }
        return try searchEach(projects[...], query, limit: limit, found: [], in: source)
    }

    private func searchEach(
        _ projects: ArraySlice<GitLabPlace>, _ query: [(name: String, value: String)], limit: Int,
        found: [IssueSnapshot], in source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<[IssueSnapshot]> {
        guard let project = projects.first else {
            let newest = found.sorted {
                ($0.updatedAt?.milliseconds ?? 0) > ($1.updatedAt?.milliseconds ?? 0)
            }
            return .done(Array(newest.prefix(limit)))
        }
        var request = try listRequest(project, query, of: source)
        let isOnly = projects.count == 1 && found.isEmpty
        // A hidden project among several must not hide what the others have.
        if !isOnly { request.acceptedStatuses = [404] }
        let items = query.map { ($0.name, $0.value) }
        return .send(request) { (response) throws(TrackerError) in
            let issues =
                response.status == 404 ? [] : try readIssues(response, of: project, from: source)
            return try searchEach(
                projects.dropFirst(), items.map { (name: $0.0, value: $0.1) }, limit: limit,
                found: found + issues, in: source)
        }
    }
}
