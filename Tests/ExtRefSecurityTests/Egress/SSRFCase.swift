// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import Foundation
import Testing

@testable import ExtRefSecurity

/// One row of `Tests/Fixtures/ssrf-cases.tsv`.
struct SSRFCase: Sendable, CustomTestStringConvertible {
    /// Who has to catch it: the URL's judgement, an address's, or the HTTP client around both.
    enum Stage: String {
        case url, address, prereq, redirect
    }

    let line: Int
    let input: String
    let isAllowed: Bool
    let reason: String
    let setup: [String]
    let stage: Stage

    var testDescription: String { "line \(line): \(input.prefix(80)) (\(reason))" }

    /// All rows of the table.
    static let all: [SSRFCase] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Fixtures/ssrf-cases.tsv")
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").enumerated().dropFirst().compactMap { index, line in
            SSRFCase(line: index + 1, columns: line.split(separator: "\t", omittingEmptySubsequences: false))
        }
    }()

    private init?(line: Int, columns: [Substring]) {
        guard columns.count >= 5, let stage = Stage(rawValue: String(columns[4])) else { return nil }
        self.line = line
        input = Self.unescaped(columns[0])
        isAllowed = columns[1] == "allow"
        reason = String(columns[2])
        setup = columns[3].split(separator: ";").map(String.init)
        self.stage = stage
    }

    private static func unescaped(_ text: Substring) -> String {
        [("\\t", "\t"), ("\\r", "\r"), ("\\n", "\n"), ("\\u200b", "\u{200B}"), ("\\u00ad", "\u{AD}")]
            .reduce(String(text)) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
    }
}

// MARK: Setup

extension SSRFCase {
    /// The values of one kind of setting, such as `allow:`.
    func values(_ kind: String) -> [String] {
        setup.filter { $0.hasPrefix(kind + ":") }.map { String($0.dropFirst(kind.count + 1)) }
    }

    /// The operator's configuration that the row is about.
    func configuration() throws -> EgressConfiguration {
        var configuration = EgressConfiguration()
        configuration.allow = try values("allow").map(EgressEntry.init)
        configuration.deny = try values("policy+deny").map(EgressEntry.init)
        configuration.nat64Prefix = values("nat64").first.flatMap { IPPrefix($0) }
        if let ports = values("ports").first {
            configuration.ports = Set(ports.split(separator: ",").compactMap { UInt16($0) })
        }
        configuration.httpsOnly = !setup.contains("http-ok")
        return configuration
    }

    /// What the stub resolver answers, one list per lookup; nil = the row has no stub. `CNAME:localhost` ends
    /// in what a resolver makes of it.
    func answers() -> [[IPAddress]]? {
        guard let dns = values("dns").first, let equals = dns.firstIndex(of: "=") else { return nil }
        return dns[dns.index(after: equals)...].components(separatedBy: " then ").map { answer in
            if answer == "CNAME:localhost" { return ["127.0.0.1", "::1"].compactMap(IPAddress.init) }
            if answer == "NXDOMAIN" || answer == "TIMEOUT" { return [] }
            return answer.split(separator: ",").flatMap { item -> [IPAddress] in
                let parts = item.split(separator: "*")
                return Array(
                    repeating: IPAddress(String(parts[0])), count: parts.count == 2 ? Int(parts[1]) ?? 1 : 1
                )
                .compactMap { $0 }
            }
        }
    }
}
