// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefTrackers
import Foundation
import PatternMatching
import TrackerConformance

/// Sources and recordings that many tests start from.
enum Samples {
    static let patterns = PatternCache()

    /// A source; its id is made of the name.
    static func source(
        _ name: String, _ provider: ProviderID, _ baseURL: String, template: String = "", pattern: String = ""
    ) -> IntegrationSource {
        var source = IntegrationSource(
            id: id(name), tenantID: TenantID(trusted: "t1"), owner: .tenant, providerID: provider,
            displayName: name,
            baseURL: baseURL, createdAt: Timestamp(milliseconds: 0), createdBy: PrincipalID(trusted: "admin"))
        source.issueURLTemplate = template
        source.keyPattern = pattern
        return source
    }

    static func id(_ name: String) -> SourceID { SourceID(trusted: "src_" + name) }

    static func redmine(
        _ name: String = "redmine", _ baseURL: String = "https://redmine.example.com"
    ) -> IntegrationSource {
        var source = source(name, .redmine, baseURL)
        source.authenticationMethod = .apiKey
        return source
    }

    /// The Redmine of the recordings, with a key.
    static func recorded(key: String = "ADMIN-KEY") -> TrackerSource {
        TrackerSource(redmine(), credential: TrackerCredential(["api_key": key]))
    }

    static func recogniser(_ sources: IntegrationSource...) -> URLRecogniser {
        URLRecogniser(sources, patterns: patterns)
    }

    /// A recording of a real Redmine 5.0.4.
    static func recording(_ name: String) throws -> RecordedExchange {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Fixtures/redmine/\(name).http").standardizedFileURL
        guard let exchange = RecordedExchange(try String(contentsOf: file, encoding: .utf8)) else {
            throw CocoaError(.fileReadCorruptFile)
        }
        return exchange
    }
}

extension Recognition {
    /// The outcome in a word and, for an issue, its source and key: what vectors compare.
    var summary: String {
        switch self {
        case .matched(let issue): "\(issue.sourceID.rawValue.dropFirst(4)) \(issue.key)"
        case .ambiguous(let issues):
            "ambiguous "
                + issues.map { "\($0.sourceID.rawValue.dropFirst(4)) \($0.key)" }.joined(separator: ", ")
        case .knownSourceNotAnIssue(let id, _): "no issue of \(id.rawValue.dropFirst(4))"
        case .unknownSource: "unknown"
        case .keyRefused(let id, let reason, _): "\(reason.rawValue) of \(id.rawValue.dropFirst(4))"
        case .invalid: "invalid"
        }
    }
}

/// A generator whose seed a failing test prints.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// SplitMix64.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
