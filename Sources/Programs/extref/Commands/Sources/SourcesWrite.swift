// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefMessages
import RPCMessages

struct SourcesCreate: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Add a source.",
        discussion: """
            Example:
              extref sources create --provider redmine --name "Our tracker" --auth api_key \\
                  --url https://redmine.example.com --secret api_key=@redmine.key
            """)

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @Option(
        help: ArgumentHelp("Kind of tracker; 'extref sources providers' lists them.", valueName: "provider"))
    var provider: String
    @OptionGroup var fields: SourceFields
    @OptionGroup var owner: OwnerOptions
    @OptionGroup var mutation: MutationOptions
    @OptionGroup var dryRun: DryRunOptions

    func run(in session: Session) async throws {
        var source = Source()
        source.provider = provider
        source.owner = owner.owner
        source.availability = Availability(allProjects: true)
        _ = fields.apply(to: &source, secrets: try session.secrets(fields.secret))
        let response = try await session.admin.createSource(
            CreateSourceRequest(
                source: source, requestID: mutation.requestID, validateOnly: dryRun.validateOnly),
            options: session.options)
        session.show(response, SourceText.sheet(response.source ?? Source()))
    }
}

struct SourcesUpdate: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change the given fields of a source; all others stay.")

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @Argument(help: "Its id or name.")
    var source: String
    @OptionGroup var fields: SourceFields
    @OptionGroup var version: VersionOptions
    @OptionGroup var mutation: MutationOptions
    @OptionGroup var dryRun: DryRunOptions

    func run(in session: Session) async throws {
        let id = try await session.sourceID(source)
        let known = try await session.admin.getSource(GetSourceRequest(id: id), options: session.options)
        var changed = known.source ?? Source()
        let mask = fields.apply(to: &changed, secrets: try session.secrets(fields.secret))
        guard !mask.isEmpty else { throw ValidationError("Name at least one field to change.") }
        // Without --etag the version just read guards the gap between reading and writing.
        if !version.etag.isEmpty { changed.etag = version.etag }
        let response = try await session.admin.updateSource(
            UpdateSourceRequest(
                source: changed, updateMask: GoogleFieldMask(paths: mask), requestID: mutation.requestID,
                validateOnly: dryRun.validateOnly),
            options: session.options)
        session.show(response, SourceText.sheet(response.source ?? Source()))
    }
}

struct SourcesDelete: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a source; refused while it has links, unless you say what becomes of them."
    )

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @Argument(help: "Its id or name.")
    var source: String
    @Flag(help: "Keep its links as readable text with the last known state.")
    var keepLinks = false
    @Flag(help: "Delete its links too.")
    var deleteLinks = false
    @OptionGroup var version: VersionOptions
    @OptionGroup var mutation: MutationOptions
    @OptionGroup var dryRun: DryRunOptions

    func validate() throws {
        guard !(keepLinks && deleteLinks) else {
            throw ValidationError("Name one of --keep-links and --delete-links, not both.")
        }
    }

    func run(in session: Session) async throws {
        let response = try await session.admin.deleteSource(
            DeleteSourceRequest(
                id: try await session.sourceID(source), etag: version.etag,
                mode: keepLinks ? .keepLinks : deleteLinks ? .deleteLinks : .unspecified,
                requestID: mutation.requestID, validateOnly: dryRun.validateOnly),
            options: session.options)
        session.show(
            response, table: UsageText.table(response.usage),
            empty: "Source '\(source)' deleted; no link used it.")
    }
}

struct SourcesEnable: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Let new links use a source again.")

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @Argument(help: "Its id or name.")
    var source: String
    @OptionGroup var version: VersionOptions
    @OptionGroup var mutation: MutationOptions

    func run(in session: Session) async throws {
        let response = try await session.admin.enableSource(
            EnableSourceRequest(
                id: try await session.sourceID(source), etag: version.etag, requestID: mutation.requestID),
            options: session.options)
        session.show(response, SourceText.sheet(response.source ?? Source()))
    }
}

struct SourcesDisable: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Refuse new links to a source; old ones stay readable.")

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @Argument(help: "Its id or name.")
    var source: String
    @OptionGroup var version: VersionOptions
    @OptionGroup var mutation: MutationOptions

    func run(in session: Session) async throws {
        let response = try await session.admin.disableSource(
            DisableSourceRequest(
                id: try await session.sourceID(source), etag: version.etag, requestID: mutation.requestID),
            options: session.options)
        session.show(response, SourceText.sheet(response.source ?? Source()))
    }
}
