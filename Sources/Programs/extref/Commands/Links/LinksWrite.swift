// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefMessages
import RPCMessages

struct LinksUpdate: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change a link's relation or note.")

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @Argument(help: "Its id: lnk_…")
    var link: String
    @Option(help: ArgumentHelp("The new relation; id or name.", valueName: "relation"))
    var relation: String?
    @Option(help: ArgumentHelp("The new note.", valueName: "text"))
    var note: String?
    @OptionGroup var version: VersionOptions
    @OptionGroup var mutation: MutationOptions

    func validate() throws {
        guard relation != nil || note != nil else {
            throw ValidationError("Name --relation, --note or both.")
        }
    }

    func run(in session: Session) async throws {
        var request = UpdateLinkRequest(id: link, etag: version.etag, requestID: mutation.requestID)
        var mask: [String] = []
        if let relation {
            let known = try await session.links.getLink(GetLinkRequest(id: link), options: session.options)
            request.relationID = try await session.relationID(relation, project: known.link?.projectID ?? "")
            mask.append("relation_id")
        }
        if let note {
            request.note = note
            mask.append("note")
        }
        request.updateMask = GoogleFieldMask(paths: mask)
        let response = try await session.links.updateLink(request, options: session.options)
        session.show(response, LinkText.sheet(response.link ?? Link()))
    }
}

struct LinksDelete: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a link; the issue itself is untouched.")

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @Argument(help: "Its id: lnk_…")
    var link: String
    @OptionGroup var version: VersionOptions
    @OptionGroup var mutation: MutationOptions

    func run(in session: Session) async throws {
        let response = try await session.links.deleteLink(
            DeleteLinkRequest(id: link, etag: version.etag, requestID: mutation.requestID),
            options: session.options)
        session.show(response, ["Link '\(TextWidth.printable(link))' deleted."])
    }
}
