// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `extref links`: test objects and the issues they point to.
struct LinksCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "links", abstract: "Link test objects to issues.",
        subcommands: [
            LinksCreate.self, LinksList.self, LinksGet.self, LinksUpdate.self, LinksDelete.self,
            LinksExport.self, LinksImport.self,
        ])
}
