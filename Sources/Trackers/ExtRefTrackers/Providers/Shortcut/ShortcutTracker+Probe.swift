// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain

extension ShortcutTracker: ConnectionProbing {
    public func probes(of source: TrackerSource) throws(TrackerError) -> [TrackerProbe] {
        [
            TrackerProbe(.identity, try request(.get, ["member"], of: source)) {
                (response) throws(TrackerError) in
                try identity(TrackerJSON.decode(ShortcutWire.TokenOwner.self, from: response), of: source)
            },
            TrackerProbe(.read, try request(.get, ["workflows"], of: source)) {
                (response) throws(TrackerError) in
                let workflows = try TrackerJSON.decode([Lenient<ShortcutWire.Workflow>].self, from: response)
                return workflows.isEmpty
                    ? ProbeFinding(
                        advice: "Stories can be read, but there is no workflow yet.", isWarning: true)
                    : ProbeFinding(advice: "Stories and their states can be read.")
            },
        ]
    }

    private func identity(
        _ member: ShortcutWire.TokenOwner, of source: TrackerSource
    ) throws(TrackerError) -> ProbeFinding {
        let workspace = member.workspace.slug
        guard Self.isWorkspace(workspace) else {
            throw TrackerError(.badResponse, "Shortcut does not say which workspace the token belongs to.")
        }
        let wanted = Self.workspace(of: source.source) ?? ""
        guard workspace.lowercased() == wanted.lowercased() else {
            throw TrackerError(
                .badResponse,
                "The token belongs to the workspace \(workspace), but the base URL names \(wanted). Use a "
                    + "token of that workspace, or correct the base URL.")
        }
        let name = Self.text(member.name.value) ?? "a member without a name"
        let mention = Self.text(member.mentionName.value).map { TrackerText.short("\(name) (\($0))") }
        var finding = ProbeFinding(
            identity: mention ?? name,
            advice: "Shortcut takes us for \(mention ?? name) in the workspace \(workspace).")
        if member.role.value == "observer" {
            finding.isWarning = true
            finding.denied = [.create, .backLink]
            finding.advice += " Observers may read only: make it a member to create stories and link back."
        }
        return finding
    }
}

extension ShortcutWire {
    /// The member a token belongs to.
    struct TokenOwner: Decodable {
        struct Workspace: Decodable {
            let slug: String

            enum CodingKeys: String, CodingKey {
                case slug = "url_slug"
            }
        }

        let name: Lenient<String>
        let mentionName: Lenient<String>
        let role: Lenient<String>
        let workspace: Workspace

        enum CodingKeys: String, CodingKey {
            case name, role
            case mentionName = "mention_name"
            case workspace = "workspace2"
        }
    }
}
