// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefMessages
import RPCMessages

struct SourcesAuthorize: RemoteCommand {
    static let configuration = CommandConfiguration(
        commandName: "authorize", abstract: "Let a person grant a source access by OAuth.",
        discussion: """
            Without --code it prints the vendor's page to open. After agreeing there, the browser goes to the redirect
            URI with 'state' and 'code' behind it: pass both to end.

              extref sources authorize Jira --redirect-uri https://tests.example.com/oauth
              extref sources authorize Jira --state STATE --code CODE
            """)

    @OptionGroup(title: "Connection and output") var global: GlobalOptions
    @Argument(help: "Id or name of the source.")
    var source: String
    @Option(
        name: .customLong("redirect-uri"),
        help: ArgumentHelp("Where the vendor sends the person back; registered there.", valueName: "url"))
    var redirectURI: String?
    @Option(help: ArgumentHelp("The redirect's state.", valueName: "text"))
    var state: String?
    @Option(help: ArgumentHelp("The redirect's code.", valueName: "text"))
    var code: String?

    func validate() throws {
        guard (redirectURI != nil) != (code != nil), (code != nil) == (state != nil) else {
            throw ValidationError("Begin with --redirect-uri, or end with --state and --code.")
        }
    }

    func run(in session: Session) async throws {
        let id = try await session.sourceID(source)
        if let redirectURI {
            let response = try await session.admin.beginSourceAuthorization(
                BeginSourceAuthorizationRequest(id: id, redirectUri: redirectURI), options: session.options)
            session.show(response, [response.authorizationURL])
            session.note("Good until \(RFC3339.short(response.expireTime)).")
        } else {
            let response = try await session.admin.completeSourceAuthorization(
                CompleteSourceAuthorizationRequest(id: id, state: state ?? "", code: code ?? ""),
                options: session.options)
            session.show(response, ["The source is authorised. Test it: extref sources test \(id)"])
        }
    }
}
