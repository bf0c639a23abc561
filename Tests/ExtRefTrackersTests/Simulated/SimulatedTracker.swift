// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefTrackers
import Testing

/// A provider as the exam finds it in the simulator.
struct SimulatedTracker: Sendable, CustomTestStringConvertible {
    /// What a credential is worth there.
    enum Standing: String, Sendable, CaseIterable {
        case good, expired, revoked
        case wrongScope = "wrong_scope"
    }

    let provider: ProviderID
    /// Its name in the simulator's control requests.
    let name: String
    /// Where its base URL hangs.
    let path: String
    /// A project that is there from the start, and another one to move issues to; empty = issues cannot move.
    let project: String
    let otherProject: String
    /// What the simulator's control requests call the first project, where that is not what a person types.
    var controlProject: String?
    let method: AuthenticationMethodID
    var settings: [String: String] = [:]
    /// Secrets by field for each standing.
    let secrets: @Sendable (Standing) -> [String: String]
    /// The name of a status that means done.
    var doneStatus: String
    /// Where the API answers, when that is not what the adapter makes of the base URL.
    var apiPath: String?
    /// Paths of calls that read many issues; all requests whose path ends so are counted.
    var batchPaths: [String] = []
    /// Matches the path of the request that creates an issue.
    var creationPath = "/issues?$"
    /// How many requests to that path come before it in a creation.
    var creationSkip = 0
    /// The dialects in which the vendor throttles.
    var throttling: [Throttling] = [.tooManyRequests, .unavailable]
    /// A type of issue to create, when the default does not do.
    var type = ""
    /// Fields that a new issue needs there beside its title.
    var fields: [String: String] = [:]
    /// Standings that the vendor does not tell from another.
    var expected: [Standing: TrackerError.Code] = [:]

    /// A vendor's way to say "slow down", for a minute.
    enum Throttling: String, Sendable {
        case tooManyRequests = "rate_429"
        case secondary = "rate_403_secondary"
        case primary = "rate_403_primary"
        case badRequest = "rate_400_linear"
        case unavailable = "rate_503"
    }

    var testDescription: String { provider.rawValue }

    func source(
        in simulator: Simulator, _ standing: Standing = .good, allowing projects: [String] = []
    ) -> TrackerSource {
        var source = Samples.source(provider.rawValue, provider, simulator.base + path)
        source.authenticationMethod = method
        source.authenticationSettings = settings
        source.defaultExternalProject = project
        source.allowedExternalProjects = projects
        if let apiPath { source.apiBaseURL = simulator.base + apiPath }
        return TrackerSource(source, credential: TrackerCredential(secrets(standing)))
    }

    /// Makes issues in the first project, as people at the tracker would.
    func makeIssues(
        in simulator: Simulator, title: String = "Checkout fails", count: Int = 1
    ) async throws -> [(key: String, id: String)] {
        try await simulator.create(name, project: controlProject ?? project, title: title, count: count)
    }

    var tracker: any Tracker {
        get throws {
            guard let tracker = TrackerRegistry.standard[provider] else {
                throw Simulator.Failure(description: "there is no adapter for \(provider)")
            }
            return tracker
        }
    }
}
