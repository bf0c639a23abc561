// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

extension AsanaTracker: ConnectionProbing {
    public func probes(of source: TrackerSource) throws(TrackerError) -> [TrackerProbe] {
        let me = try request(
            .get, ["users", "me"], query: [("opt_fields", "name,workspaces.name")], of: source)
        let identity = TrackerProbe(.identity, me) { (response) throws(TrackerError) in
            let user = try TrackerJSON.decode(AsanaWire.Answer<AsanaWire.User>.self, from: response).data
            return try self.identity(user, of: source)
        }
        return [identity, TrackerProbe(.read, try readCall(source))]
    }

    private func identity(
        _ user: AsanaWire.User, of source: TrackerSource
    ) throws(TrackerError) -> ProbeFinding {
        let workspaces = user.workspaces.entries()
        let wanted = source.setting(Self.workspaceField)
        guard wanted.isEmpty || workspaces.contains(where: { $0.gid == wanted }) else {
            throw TrackerError(
                .badResponse,
                "The token's person is not in the workspace \(wanted). Use a token of a member, or correct "
                    + "the workspace's number.")
        }
        let name = Self.text(user.name.value) ?? "an account without a name"
        guard wanted.isEmpty, workspaces.count != 1 else {
            return ProbeFinding(identity: name, advice: "Asana takes us for \(name).")
        }
        return ProbeFinding(
            identity: name,
            advice:
                "Asana takes us for \(name), who is in \(workspaces.count) workspaces. Enter the number of "
                + "one as the source's workspace, or searching does not work.",
            isWarning: true)
    }

    /// Reads a task of the source's project, else a project of its workspace.
    private func readCall(_ source: TrackerSource) throws(TrackerError) -> TrackerCall<ProbeFinding> {
        let project = source.source.defaultExternalProject
        if Self.isGID(project) {
            let request = try request(
                .get, ["tasks"], query: [("project", project), ("limit", "1"), ("opt_fields", "name")],
                of: source)
            return .send(request) { (response) throws(TrackerError) in try finding(response, "Tasks", "task")
            }
        }
        return try workspaces(of: source).then { (workspaces) throws(TrackerError) in
            let request = try request(
                .get, ["projects"],
                query: [("workspace", workspaces[0]), ("limit", "1"), ("opt_fields", "name")], of: source)
            return .send(request) { (response) throws(TrackerError) in
                try finding(response, "Projects", "project")
            }
        }
    }

    private func finding(
        _ response: TrackerResponse, _ things: String, _ thing: String
    ) throws(TrackerError) -> ProbeFinding {
        let page = try TrackerJSON.decode(AsanaWire.Page<AsanaWire.Reference>.self, from: response)
        return page.data.isEmpty
            ? ProbeFinding(
                advice:
                    "\(things) can be read, but this account sees no \(thing). Add it to the projects it is "
                    + "to follow.", isWarning: true)
            : ProbeFinding(advice: "\(things) can be read.")
    }
}

extension AsanaWire {
    struct User: Decodable {
        let name: Lenient<String>
        let workspaces: Lenient<[Lenient<Reference>]>
    }
}
