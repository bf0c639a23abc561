// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

extension JiraTracker {
    public func probes(of source: TrackerSource) throws(TrackerError) -> [TrackerProbe] {
        let browse = try permission("BROWSE_PROJECTS", of: source, judging: JiraProbe.read)
        let rest = [
            TrackerProbe(.permission(.search), try searchProbe(of: source)),
            TrackerProbe(
                .permission(.create),
                try permission("CREATE_ISSUES", of: source) { (hasIt) in
                    JiraProbe.finding(.create, "create issues", "Create Issues", hasIt)
                }),
            TrackerProbe(
                .permission(.backLink),
                try permission("LINK_ISSUES", of: source) { (hasIt) in
                    JiraProbe.finding(.backLink, "link issues", "Link Issues", hasIt)
                }),
        ]
        if source.source.authenticationMethod == .none {
            let first = try server(of: source).then { (site) throws(TrackerError) in
                try browse.map { site.noting($0) }
            }
            return [TrackerProbe(.read, first)] + rest
        }
        return [TrackerProbe(.identity, try identity(of: source)), TrackerProbe(.read, browse)] + rest
    }

    /// Who we are, after a look at which kind of Jira answers.
    private func identity(of source: TrackerSource) throws(TrackerError) -> TrackerCall<ProbeFinding> {
        try server(of: source).then { (site) throws(TrackerError) in
            let request = try get(["myself"], of: source)
            let call = read(request, of: source) { (response) throws(TrackerError) in
                site.noting(
                    try JiraProbe.identity(try TrackerJSON.decode(JiraWire.User.self, from: response)))
            }
            return try call.then { (finding) throws(TrackerError) in try scopes(finding, of: source) }
        }
    }

    /// Asks for the kind of Jira, at its own address as anybody: credentials of the wrong kind must not hide
    /// that the provider is the wrong one. What is no plain answer is left to the next request.
    private func server(of source: TrackerSource) throws(TrackerError) -> TrackerCall<JiraProbe.Site> {
        let isOwnAddress = apiBase(of: source.source) == source.source.baseURL
        var request = try get(["serverInfo"], of: source)
        request.acceptedStatuses = isOwnAddress ? JiraProbe.serverStatuses : [404]
        if isOwnAddress { request.headers.removeAll { $0.name == "Authorization" } }
        return .send(request) { (response) throws(TrackerError) in
            if response.status == 404 { throw JiraProbe.absent(deployment) }
            guard response.status == 200,
                let info = try? TrackerJSON.decode(JiraWire.ServerInfo.self, from: response)
            else { return .done(JiraProbe.Site(warning: "")) }
            if let other = JiraProbe.otherDeployment(info, than: deployment) { throw other }
            return .done(
                isOwnAddress
                    ? JiraProbe.Site(warning: "") : JiraProbe.Site(info, baseURL: source.source.baseURL))
        }
    }

    private func permission(
        _ name: String, of source: TrackerSource,
        judging judge: @escaping @Sendable (Bool) throws(TrackerError) -> ProbeFinding
    ) throws(TrackerError) -> TrackerCall<ProbeFinding> {
        // Without a project it means "in at least one".
        let project = JiraKey.project(source.source.defaultExternalProject)
        let place = project.map { [(name: "projectKey", value: $0)] } ?? []
        var request = try get(["mypermissions"], query: [("permissions", name)] + place, of: source)
        if project != nil { request.acceptedStatuses = [404] }
        return read(request, of: source) { (response) throws(TrackerError) in
            if response.status == 404 { throw JiraProbe.noProject }
            let answer = try TrackerJSON.decode(JiraWire.Permissions.self, from: response)
            return try judge(answer.permissions[name]?.value?.havePermission == true)
        }
    }

    private func searchProbe(of source: TrackerSource) throws(TrackerError) -> TrackerCall<ProbeFinding> {
        let query = JiraQuery(
            clauses: ["project is not EMPTY"], projects: Self.allowedProjects(of: source),
            order: "updated DESC",
            limit: 1)
        return try ask(query, of: source).map { page in
            page.snapshots.isEmpty
                ? ProbeFinding(advice: "Issues can be searched, but this account sees none.", isWarning: true)
                : ProbeFinding(advice: "Issues can be searched.")
        }
    }

    /// Adds what an OAuth grant was given for, which Atlassian tells at an address of its own.
    private func scopes(
        _ finding: ProbeFinding, of source: TrackerSource
    ) throws(TrackerError) -> TrackerCall<ProbeFinding> {
        guard source.source.authenticationMethod == .oauthRefresh, source.source.apiBaseURL.isEmpty else {
            return .done(finding)
        }
        var request = TrackerRequest(path: [], headers: try headers(for: source))
        request.base = .address(JiraProbe.sitesAddress)
        let cloudID = source.setting(JiraCloudTracker.cloudIDName)
        return read(request, of: source) { (response) throws(TrackerError) in
            let sites = try TrackerJSON.decode([Lenient<JiraWire.Site>].self, from: response)
            let site = sites.compactMap(\.value).first { $0.id == cloudID }
            return JiraProbe.adding(site?.scopes.value ?? [], to: finding)
        }
    }
}
