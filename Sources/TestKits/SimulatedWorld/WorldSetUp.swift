// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefMessages
import ExtRefSecurity
import ExtRefServices
import ExtRefStore
import ExtRefTestKit
import PatternMatching
import SQLiteEngine
import Synchronization

/// What a world begins with: a source for each tracker, with a webhook secret, and a link to its first
/// issue. Made once, through the services, and copied.
struct WorldSetUp: Sendable {
    /// Where its trackers are.
    let hosts: [String]
    private let databases: DatabasePool
    let keys = KeyRing.generated()
    let patterns = PatternCache()
    /// Ids of sources and webhook secrets, by host.
    private(set) var sources: [String: String] = [:]
    private(set) var secrets: [String: String] = [:]
    private(set) var links: Set<String> = []
    private(set) var issues: [String] = []

    /// Worlds with a tracker of either kind, and with both.
    static let all = Result {
        let telling = (host: "telling.example", provider: TellingProvider.id)
        let silent = (host: "silent.example", provider: SilentProvider.id)
        return try [[telling], [silent], [telling, silent]].map(make)
    }

    /// Makes a set-up of these trackers.
    static func make(_ trackers: [(host: String, provider: ProviderID)]) throws -> WorldSetUp {
        try Simulation.run(seed: 0) { simulation in
            let database = try SQLiteMemoryEngine()
            var setUp = WorldSetUp(
                hosts: trackers.map(\.host), databases: DatabasePool(template: database))
            let world = SimulatedWorld(simulation, setUp, database, age: .zero)
            world.sites.calmDown()
            let process = try SimulatedProcess(world, number: 0)
            for (host, provider) in trackers { try await setUp.add(provider.rawValue, at: host, process) }
            return setUp
        }
    }

    /// Lends a database in which nothing has happened yet.
    func withDatabase<Value>(_ body: (SQLiteMemoryEngine) throws -> Value) throws -> Value {
        let database = try databases.take()
        defer { databases.give(database) }
        return try body(database)
    }

    private mutating func add(_ provider: String, at host: String, _ process: SimulatedProcess) async throws {
        let admin = AdminService(process.environment)
        var source = ExtRefMessages.Source(
            provider: provider, displayName: host, baseURL: "https://" + host)
        source.authentication = Authentication(method: "none")
        let made = try await admin.createSource(
            CreateSourceRequest(source: source), context: process.context(AdminServiceMethods.createSource))
        let id = made.source?.id ?? ""
        sources[host] = id
        secrets[host] = try await admin.rotateWebhookSecret(
            RotateWebhookSecretRequest(sourceID: id),
            context: process.context(AdminServiceMethods.rotateWebhookSecret)
        ).secret
        let draft = LinkDraft(
            object: ObjectRef(kind: "case", id: "TC-0"),
            target: LinkTarget(target: .key(SourceKey(sourceID: id, key: "1"))), relationName: "Defect")
        let link = try await LinkService(process.environment).createLink(
            CreateLinkRequest(projectID: SimulatedWorld.project, link: draft),
            context: process.context(LinkServiceMethods.createLink)
        ).link
        links.insert(link?.id ?? "")
        if case .issue(let issue)? = link?.target { issues.append(issue.id) }
    }
}

/// Databases of worlds that are over, for worlds to come: preparing a hundred statements takes longer than a
/// world does.
private final class DatabasePool: Sendable {
    private let template: SQLiteMemoryEngine
    private let idle = Mutex<[SQLiteMemoryEngine]>([])

    init(template: SQLiteMemoryEngine) { self.template = template }

    func take() throws -> SQLiteMemoryEngine {
        if let used = idle.withLock({ $0.popLast() }) {
            try used.rewind()
            return used
        }
        let fresh = try SQLiteMemoryEngine(copying: template)
        try fresh.mark()
        return fresh
    }

    func give(_ database: SQLiteMemoryEngine) { idle.withLock { $0.append(database) } }
}
