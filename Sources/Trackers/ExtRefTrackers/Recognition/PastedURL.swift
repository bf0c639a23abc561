// SPDX-License-Identifier: Apache-2.0

import CurlHTTP

/// What is wrong with a text as a web address, as the end of a sentence.
struct PastedURLFault: Error {
    let reason: String
}

/// A web address as people paste it, in a form in which two spellings of one place are equal: host in
/// lower-case ASCII, no default port, path decoded and split, dot segments resolved.
///
/// It serves comparison only. What is dialled goes through the egress policy, which is far stricter.
struct PastedURL: Sendable, Hashable {
    enum Scheme: String, Sendable {
        case https, http
    }

    /// Nil when none was written.
    let scheme: Scheme?
    let host: String
    /// Nil = the scheme's own; 80 and 443 count as such when no scheme was written.
    let port: UInt16?
    /// Decoded; inner ones may be empty (`a//b`), the last one never is.
    let segments: [String]
    let query: [QueryItem]
    let fragment: String

    var isAbsolute: Bool { scheme != nil }

    /// Scheme, host and port.
    var origin: String { "\((scheme ?? .https).rawValue)://\(host)\(port.map { ":\($0)" } ?? "")" }

    /// Whether this is the same host and port; schemes are not compared.
    func isAtHost(of other: PastedURL) -> Bool { host == other.host && port == other.port }

    /// Whether this is the base or lies below it, whole segments compared.
    func isBelow(_ base: PastedURL) -> Bool { isAtHost(of: base) && segments.starts(with: base.segments) }

    /// Reads an address; the scheme may be missing.
    init(_ text: String) throws(PastedURLFault) {
        guard
            text.unicodeScalars.allSatisfy({
                $0.value > 0x20 && $0.value != 0x7F && !$0.properties.isWhitespace
            })
        else { throw PastedURLFault(reason: "it holds a blank or control character") }
        guard !text.contains("\\") else { throw PastedURLFault(reason: "it holds a backslash") }
        let (scheme, rest) = try Self.splitScheme(text)
        let authority = rest.prefix { !"/?#".contains($0) }
        guard !authority.contains("@") else {
            throw PastedURLFault(reason: "it carries a user name or password")
        }
        let (host, port) = try Self.hostAndPort(authority)
        let behind = Self.split(rest[authority.endIndex...])
        self.scheme = scheme
        self.host = host
        self.port = Self.isDefault(port, for: scheme) ? nil : port
        segments = try Self.segments(behind.path)
        query = try Self.items(behind.query)
        fragment = try Self.decoded(behind.fragment)
    }

    /// Cuts what surrounds an address in running text: blanks, `<…>`, quotes, and punctuation behind it.
    static func trimmed(_ pasted: String) -> String {
        var text = pasted.trimmingBlanks()[...]
        while let first = text.first, "<([{\"'`".contains(first) { text.removeFirst() }
        while let last = text.last, last.isWhitespace || ">.,;:)]}\"'`!".contains(last) {
            // A bracket that was opened inside belongs to it.
            if last == ")", text.count(where: { $0 == "(" }) >= text.count(where: { $0 == ")" }) { break }
            text.removeLast()
        }
        return String(text).trimmingBlanks()
    }
}

// MARK: - Parts

extension PastedURL {
    private static func splitScheme(_ text: String) throws(PastedURLFault) -> (Scheme?, Substring) {
        guard let mark = text.firstRange(of: "://"),
            text[..<mark.lowerBound].allSatisfy({ $0.isLetter || "+-.".contains($0) })
        else {
            guard !hasForeignScheme(text) else {
                throw PastedURLFault(reason: "only https:// and http:// addresses are accepted")
            }
            return (nil, text[...])
        }
        guard let scheme = Scheme(rawValue: text[..<mark.lowerBound].lowercased()) else {
            throw PastedURLFault(reason: "only https:// and http:// addresses are accepted")
        }
        return (scheme, text[mark.upperBound...])
    }

    /// Tells `javascript:…` and `mailto:…` from `host:8080/…`: a port is all digits.
    static func hasForeignScheme(_ text: String) -> Bool {
        let word = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
        guard let first = word.first, first.isLetter, text[word.endIndex...].first == ":" else {
            return false
        }
        let behind = text[word.endIndex...].dropFirst().prefix { !"/?#".contains($0) }
        return behind.isEmpty || !behind.allSatisfy { $0.isASCII && $0.isNumber }
    }

    private static func hostAndPort(_ authority: Substring) throws(PastedURLFault) -> (String, UInt16?) {
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]"),
                let address = IPAddress(String(authority[..<end].dropFirst()))
            else { throw PastedURLFault(reason: "its host is no address") }
            return ("[\(address)]", try port(authority[end...].dropFirst()))
        }
        let name = authority.prefix { $0 != ":" }
        guard let host = Hostname.canonical(name) else { throw PastedURLFault(reason: "it names no host") }
        return (host, try port(authority[name.endIndex...]))
    }

    /// Reads `:8080`, or nothing.
    private static func port(_ text: Substring) throws(PastedURLFault) -> UInt16? {
        guard !text.isEmpty, text != ":" else { return nil }
        guard text.first == ":", text.dropFirst().allSatisfy({ $0.isASCII && $0.isNumber }),
            let port = UInt16(text.dropFirst()), port > 0
        else { throw PastedURLFault(reason: "its port is no number from 1 to 65535") }
        return port
    }

    private static func isDefault(_ port: UInt16?, for scheme: Scheme?) -> Bool {
        switch scheme {
        case .https: port == 443
        case .http: port == 80
        case nil: port == 443 || port == 80
        }
    }

    private static func split(_ text: Substring) -> (path: Substring, query: Substring, fragment: Substring) {
        let path = text.prefix { !"?#".contains($0) }
        let behindPath = text[path.endIndex...]
        let query = behindPath.prefix { $0 != "#" }
        return (path, query.dropFirst(), text[query.endIndex...].dropFirst())
    }

    private static func segments(_ path: Substring) throws(PastedURLFault) -> [String] {
        var segments = [String]()
        for part in path.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            switch try decoded(part) {
            case ".": break
            case "..": _ = segments.popLast()
            case let segment: segments.append(segment)
            }
        }
        while segments.last?.isEmpty == true { segments.removeLast() }
        return segments
    }

    private static func items(_ query: Substring) throws(PastedURLFault) -> [QueryItem] {
        var items = [QueryItem]()
        for part in query.split(separator: "&") {
            let name = part.prefix { $0 != "=" }
            items.append(QueryItem(try decoded(name), try decoded(part[name.endIndex...].dropFirst())))
        }
        return items
    }

    private static func decoded(_ text: Substring) throws(PastedURLFault) -> String {
        guard let decoded = PercentCoding.decode(text) else {
            throw PastedURLFault(reason: "its percent-encoding is no text")
        }
        guard decoded.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            throw PastedURLFault(reason: "it holds an encoded control character")
        }
        return decoded
    }
}
