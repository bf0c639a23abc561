// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `extref relations`: what links mean.
struct RelationsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "relations", abstract: "Configure what links mean: Defect, Relates to, and your own.",
        subcommands: [
            RelationsList.self, RelationsGet.self, RelationsCreate.self, RelationsUpdate.self,
            RelationsDelete.self, RelationsEnable.self, RelationsDisable.self,
        ])
}
