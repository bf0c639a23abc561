// SPDX-License-Identifier: Apache-2.0

import CurlHTTP

/// A URL split by the strict grammar: `scheme://host[:port][/path][?query]`, printable ASCII, nothing else.
///
/// Two parsers that read one text differently are how a check is passed and another host dialled. So there is
/// no repair here: userinfo, fragments, backslashes, blanks, dot segments and odd spellings of hosts are
/// refused.
struct URLText {
    let scheme: EgressTarget.Scheme
    let host: HostText
    /// The port the text names; nil = the scheme's default.
    let port: UInt16?
    /// Starts with `/`.
    let pathAndQuery: String

    /// What the URL is for: a base URL that others are built on carries less than a request's.
    enum Purpose {
        case base, request
    }

    init(_ text: String, for purpose: Purpose) throws(EgressDenial) {
        let bytes = Array(text.utf8)
        guard bytes.count <= SecurityLimits.urlBytesMax else {
            throw EgressDenial(.urlLength, "The URL is longer than \(SecurityLimits.urlBytesMax) bytes.")
        }
        guard bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Self.grammar("holds a blank, a control character or a character outside ASCII")
        }
        let (scheme, afterScheme) = try Self.scheme(of: bytes[...])
        let end = afterScheme.firstIndex {
            [UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#")].contains($0)
        }
        let authority = afterScheme[..<(end ?? afterScheme.endIndex)]
        let rest = afterScheme[(end ?? afterScheme.endIndex)...]
        self.scheme = scheme
        (host, port) = try Self.hostAndPort(authority)
        try PathText.check(rest, for: purpose)
        pathAndQuery = rest.isEmpty ? "/" : String(decoding: rest, as: UTF8.self)
    }

    static func grammar(_ fault: String) -> EgressDenial {
        EgressDenial(.urlGrammar, "The URL \(fault). Write it as https://host/path.")
    }

    private static func scheme(
        of text: ArraySlice<UInt8>
    ) throws(EgressDenial) -> (EgressTarget.Scheme, ArraySlice<UInt8>) {
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else { throw grammar("has no scheme") }
        let name = String(decoding: text[..<colon], as: UTF8.self).lowercased()
        let rest = text[(colon + 1)...]
        guard let scheme = EgressTarget.Scheme(rawValue: name) else {
            // A host and port without a scheme looks like one; its dots and digits give it away.
            let isScheme = name.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "+") }
            throw isScheme
                ? EgressDenial(.scheme, "Only https and http URLs are called, not '\(name)'.")
                : grammar("has no scheme")
        }
        guard rest.starts(with: "//".utf8) else { throw grammar("needs two slashes after the scheme") }
        return (scheme, rest.dropFirst(2))
    }

    private static func hostAndPort(
        _ authority: ArraySlice<UInt8>
    ) throws(EgressDenial) -> (HostText, UInt16?) {
        guard !authority.contains(UInt8(ascii: "@")) else { throw grammar("carries a user name or password") }
        guard let (hostBytes, portBytes) = split(authority) else {
            throw EgressDenial(.hostGrammar, "The URL's host is not written the one plain way.")
        }
        let host = HostText(hostBytes)
        let isBracketed = authority.first == UInt8(ascii: "[")
        switch host {
        case .address(.v6) where isBracketed, .address(.v4) where !isBracketed, .name where !isBracketed:
            break
        default:
            throw EgressDenial(
                .hostGrammar,
                "The URL's host must be a plain name such as jira.example.com, or a plain address."
            )
        }
        guard let portBytes else { return (host, nil) }
        guard let port = PortText.port(portBytes) else {
            throw EgressDenial(.port, "The URL's port must be a number from 1 to 65535.")
        }
        return (host, port)
    }

    private static func split(
        _ authority: ArraySlice<UInt8>
    ) -> (host: ArraySlice<UInt8>, port: ArraySlice<UInt8>?)? {
        let colon = UInt8(ascii: ":")
        if authority.first == UInt8(ascii: "[") {
            guard let end = authority.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            let rest = authority[(end + 1)...]
            guard rest.isEmpty || rest.first == colon else { return nil }
            return (authority[(authority.startIndex + 1)..<end], rest.isEmpty ? nil : rest.dropFirst())
        }
        let parts = authority.split(separator: colon, omittingEmptySubsequences: false)
        guard let host = parts.first, !host.isEmpty, parts.count <= 2 else { return nil }
        return (host, parts.count == 2 ? parts[1] : nil)
    }
}
