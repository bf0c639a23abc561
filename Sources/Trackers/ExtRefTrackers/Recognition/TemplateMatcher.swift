// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

/// An issue URL template turned round: takes the key out of a URL that the template made.
///
/// The law it keeps: for every key that the provider accepts, `key(in: expand(key)) == key`. The key may
/// stand in the path, where it may hold slashes, in the value of a query item, or in the fragment.
struct TemplateMatcher: Sendable {
    /// Text around the key inside the part that holds it.
    private struct Frame: Sendable {
        let before: String
        let after: String

        /// Cuts the frame off; nil when it does not fit or leaves nothing.
        func key(in text: String) -> String? {
            guard text.utf8.count > before.utf8.count + after.utf8.count, text.hasPrefix(before),
                text.hasSuffix(after)
            else { return nil }
            return String(text.dropFirst(before.count).dropLast(after.count))
        }
    }

    private enum Place: Sendable {
        /// Behind so many segments, before so many.
        case path(Frame, ahead: [String], behind: [String])
        case query(name: String, Frame)
        case fragment(Frame)
    }

    /// Stands for the key while the template is taken apart. Lower-case letters and digits pass every step
    /// unchanged.
    private static let marker = "extref0key0marker"

    /// Where the template leads.
    let address: PastedURL
    private let place: Place
    private let literalItems: [QueryItem]

    /// Takes a template apart.
    /// - Throws: a sentence that says why no key could be found in its URLs.
    init(_ template: URLTemplate, baseURL: String) throws(PastedURLFault) {
        guard !template.text.contains(Self.marker) else {
            throw PastedURLFault(reason: "it holds reserved text")
        }
        let url = try PastedURL(template.expand(baseURL: baseURL, key: Self.marker))
        guard let place = Self.place(in: url) else {
            throw PastedURLFault(
                reason: "{key} may stand in the path, in a query value or in the fragment only")
        }
        address = url
        self.place = place
        literalItems = url.query.filter { !$0.value.contains(Self.marker) }
    }

    /// The key in a URL; nil when the template did not make it. Host and port are compared, the scheme is
    /// not.
    func key(in url: PastedURL) -> String? {
        guard url.host == address.host, url.port == address.port || isDefaultBothWays(url),
            literalItems.allSatisfy(url.query.contains)
        else { return nil }
        switch place {
        case .path(let frame, let ahead, let behind):
            guard url.segments.count > ahead.count + behind.count, url.segments.starts(with: ahead),
                url.segments.suffix(behind.count).elementsEqual(behind)
            else { return nil }
            return frame.key(
                in: url.segments.dropFirst(ahead.count).dropLast(behind.count).joined(separator: "/"))
        case .query(let name, let frame):
            guard url.segments == address.segments else { return nil }
            return url.query.first { $0.name == name }.flatMap { frame.key(in: $0.value) }
        case .fragment(let frame):
            return url.segments == address.segments ? frame.key(in: url.fragment) : nil
        }
    }

    /// People paste `http://` addresses of servers that moved to https, each with its own default port.
    private func isDefaultBothWays(_ url: PastedURL) -> Bool { url.port == nil && address.port == nil }

    private static func place(in url: PastedURL) -> Place? {
        if let index = url.segments.firstIndex(where: { $0.contains(marker) }) {
            return frame(in: url.segments[index]).map {
                .path($0, ahead: Array(url.segments[..<index]), behind: Array(url.segments[(index + 1)...]))
            }
        }
        if let item = url.query.first(where: { $0.value.contains(marker) }) {
            return frame(in: item.value).map { .query(name: item.name, $0) }
        }
        return frame(in: url.fragment).map { .fragment($0) }
    }

    private static func frame(in text: String) -> Frame? {
        guard let range = text.firstRange(of: marker) else { return nil }
        return Frame(before: String(text[..<range.lowerBound]), after: String(text[range.upperBound...]))
    }
}
