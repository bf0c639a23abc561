// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefDomain
import ExtRefSecurity
import FoundationEssentials

/// `extref token mint`: signs a token with the server's own key. Whoever may read that key may be anybody, so
/// it asks no server.
struct TokenMint: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mint", abstract: "Make a bearer token with the key in a server's data directory.",
        discussion: """
            Example: a tester who may link in P1 and read in P2, for one hour.
              extref token mint --data-dir /var/lib/extref --subject tester --project P1:link --project P2:read \\
                  --lifetime 1h > tester.token
            """)

    @Option(help: ArgumentHelp("The server's data directory. Default: EXTREF_DATA_DIR.", valueName: "dir"))
    var dataDir: String?
    @Option(help: "The tenant the token works in.")
    var tenant = "local"
    @Option(help: "Who the token makes its bearer.")
    var subject: String
    @Option(help: ArgumentHelp("A name for people.", valueName: "text"))
    var name: String?
    @Option(
        help: ArgumentHelp(
            "A project and the role in it: read, link or project_admin; repeatable.",
            valueName: "project:role"))
    var project: [ProjectRoleArgument] = []
    @Flag(help: "Every role in every project of the tenant.")
    var tenantAdmin = false
    @Option(
        help: ArgumentHelp(
            "A right beside the roles, such as webhook.ingest; repeatable.", valueName: "scope"))
    var scope: [String] = []
    @Option(help: ArgumentHelp("How long it holds, such as 15m, 12h or 30d; at most 90d.", valueName: "time"))
    var lifetime = DurationArgument(.seconds(3_600))

    func run() throws {
        guard let directory = dataDir ?? ProcessInfo.processInfo.environment["EXTREF_DATA_DIR"] else {
            throw ValidationError("Name the server's data directory with --data-dir.")
        }
        guard FileManager.default.fileExists(atPath: directory + "/" + LocalIssuer.keyFileName) else {
            throw ValidationError("'\(directory)' is no data directory of a server that was started before.")
        }
        let caller = try makeCaller()
        do {
            let issuer = try LocalIssuer.open(directory: directory)
            let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
            try issuer.mint(for: caller, lifetime: lifetime.duration, now: now).reveal { print($0) }
        } catch {
            StandardError.write("error: \(error.message)")
            throw ExitCode(CLIExit.failure)
        }
    }

    private func makeCaller() throws(ValidationError) -> Caller {
        guard let tenantID = TenantID(tenant) else { throw Self.badName("--tenant", tenant) }
        guard let principalID = PrincipalID(subject) else { throw Self.badName("--subject", subject) }
        guard tenantAdmin || !project.isEmpty || !scope.isEmpty else {
            throw ValidationError(
                "A token without rights is of no use: give --project, --tenant-admin or --scope.")
        }
        let roles = Dictionary(project.map { ($0.projectID, $0.role) }) { max($0, $1) }
        return Caller(
            tenantID: tenantID, principalID: principalID, displayName: name, isTenantAdmin: tenantAdmin,
            projectRoles: roles, scopes: Set(scope))
    }

    private static func badName(_ option: String, _ text: String) -> ValidationError {
        ValidationError("\(option) '\(text)': must be 1 to 128 visible ASCII characters.")
    }
}

/// A project and a role in it: `P1:link`. The project's id may hold colons itself.
struct ProjectRoleArgument: ExpressibleByArgument, Sendable, Hashable {
    let projectID: ProjectID
    let role: ProjectRole

    init?(argument: String) {
        guard let colon = argument.lastIndex(of: ":"),
            let projectID = ProjectID(String(argument[..<colon])),
            let role = ProjectRole(rawValue: String(argument[argument.index(after: colon)...]))
        else { return nil }
        self.projectID = projectID
        self.role = role
    }
}
