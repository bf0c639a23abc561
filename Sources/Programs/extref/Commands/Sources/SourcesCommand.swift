// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `extref sources`: the trackers that links can point into.
struct SourcesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sources", abstract: "Configure the trackers that links point into.",
        subcommands: [
            SourcesList.self, SourcesGet.self, SourcesCreate.self, SourcesUpdate.self, SourcesDelete.self,
            SourcesEnable.self, SourcesDisable.self, SourcesTest.self, SourcesStatus.self,
            SourcesAuthorize.self, SourcesWebhookSecret.self, SourcesTestWebhook.self,
            SourcesDeliveries.self, SourcesProviders.self,
        ])
}
