// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

extension AzureDevOpsTracker: ConnectionProbing {
    /// Whom the tracker shows public projects to who did not log in (memory).
    private static let anonymousID = "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa"

    /// What a token may do cannot be asked with the token itself: writing is only seen when something is
    /// written.
    public func probes(of source: TrackerSource) throws(TrackerError) -> [TrackerProbe] {
        let identity = TrackerProbe(
            .identity, try identityRequest(in: source), read: identityProbe)
        let anyItem = AzureDevOpsWIQL(where: ["[System.Id] > 0"], orderBy: "[System.Id] ASC")
        let search = try query(anyItem, limit: 1, in: source).map { _ in
            ProbeFinding(advice: "Work items can be searched.")
        }
        return [
            identity, TrackerProbe(.read, try readProbe(of: source)),
            TrackerProbe(.permission(.search), search),
        ]
    }

    /// Asks whom the tracker takes us for, which every good token may.
    func identityRequest(in source: TrackerSource) throws(TrackerError) -> TrackerRequest {
        try get(["connectionData"], version: Self.previewVersion, in: source)
    }

    private func identityProbe(_ response: TrackerResponse) throws(TrackerError) -> ProbeFinding {
        let user = try TrackerJSON.decode(AzureDevOpsWire.ConnectionData.self, from: response)
            .authenticatedUser
        guard user.id.value?.lowercased() != Self.anonymousID else {
            throw TrackerError(
                .credentialsRejected, "Azure DevOps takes us for nobody; check the credentials.")
        }
        let name = TrackerText.short(user.providerDisplayName.value ?? "")
        let account = TrackerText.short(user.properties.value?.account.value?.value.value?.text ?? "")
        let identity =
            account.isEmpty || account == name ? name : name.isEmpty ? account : "\(name) (\(account))"
        return identity.isEmpty
            ? ProbeFinding(advice: "Azure DevOps does not say whom it takes us for.", isWarning: true)
            : ProbeFinding(identity: identity, advice: "Azure DevOps takes us for \(identity).")
    }

    /// The kinds of links are what every account may read that may read work items.
    private func readProbe(of source: TrackerSource) throws(TrackerError) -> TrackerCall<ProbeFinding> {
        let project = project(of: source.source)
        var projects =
            project.isEmpty
            ? try get(["projects"], query: [("$top", "1")], in: source)
            : try get(["projects", project], in: source)
        projects.acceptedStatuses = [400, 401, 403, 404]
        let next = projects
        var request = try get(["wit", "workitemrelationtypes"], in: source)
        request.acceptedStatuses = [401]
        return .send(request) { (response) throws(TrackerError) in
            guard response.status != 401 else {
                // The identity was accepted a moment ago.
                throw TrackerError(
                    .scopeMissing, "The token is good, but not for work items: give it Work Items (Read).")
            }
            _ = try TrackerJSON.decode(AzureDevOpsWire.List<AzureDevOpsWire.Named>.self, from: response)
            return .send(next) { (answer) throws(TrackerError) in
                project.isEmpty ? try projectsFinding(answer) : projectFinding(answer, project: project)
            }
        }
    }

    /// The project whose name is worth checking.
    private func project(of source: IntegrationSource) -> String {
        let names = [source.defaultExternalProject] + source.allowedExternalProjects
        return names.first(where: Self.isProjectName) ?? ""
    }

    private func projectsFinding(_ answer: TrackerResponse) throws(TrackerError) -> ProbeFinding {
        guard answer.status == 200 else {
            return ProbeFinding(
                advice:
                    "Work items can be read. Projects cannot be listed: give the token Project and Team "
                    + "(Read) to see more in this test; nothing else needs it.", isWarning: true)
        }
        let projects = try TrackerJSON.decode(AzureDevOpsWire.List<AzureDevOpsWire.Named>.self, from: answer)
        return projects.elements.isEmpty
            ? ProbeFinding(
                advice: "Work items can be read, but this account sees no project. Make it a Reader of one.",
                isWarning: true)
            : ProbeFinding(advice: "Work items can be read.")
    }

    private func projectFinding(_ answer: TrackerResponse, project: String) -> ProbeFinding {
        let shown = TrackerText.short(project)
        return switch answer.status {
        case 200: ProbeFinding(advice: "Work items can be read, and the project \(shown) is there.")
        case 401, 403:
            ProbeFinding(
                advice:
                    "Work items can be read. Whether the project \(shown) exists cannot be asked: give the "
                    + "token Project and Team (Read).", isWarning: true)
        default:
            ProbeFinding(
                advice:
                    "Work items can be read, but the project \(shown) does not exist or is hidden from this "
                    + "account.", isWarning: true)
        }
    }
}

extension AzureDevOpsWire {
    /// Who is connected; not part of the published description (memory).
    struct ConnectionData: Decodable {
        /// The account, as far as it is shown.
        struct User: Decodable {
            let id: Lenient<String>
            let providerDisplayName: Lenient<String>
            let properties: Lenient<Properties>
        }

        /// Properties of an account.
        struct Properties: Decodable {
            let account: Lenient<Property>

            enum CodingKeys: String, CodingKey {
                case account = "Account"
            }
        }

        /// A value with its type beside it.
        struct Property: Decodable {
            let value: Lenient<PlainValue>

            enum CodingKeys: String, CodingKey {
                case value = "$value"
            }
        }

        let authenticatedUser: User
    }

    /// Something that is only counted.
    struct Named: Decodable {
        let name: String
    }
}
