// SPDX-License-Identifier: Apache-2.0

/// Links between the project's own pages.
enum Links {
    static func broken(in page: SourceFile) -> [Finding] {
        page.lines.enumerated().flatMap { index, line in
            targets(in: line).compactMap { target in
                problem(with: target, in: page).map { Finding(path: page.path, line: index + 1, advice: $0) }
            }
        }
    }

    /// The part in parentheses of each `[text](target)` that is no web address.
    static func targets(in line: String) -> [String] {
        line.split(separator: "](", omittingEmptySubsequences: false).dropFirst()
            .compactMap { $0.split(separator: ")", omittingEmptySubsequences: false).first.map(String.init) }
            .filter { !$0.contains("://") && !$0.hasPrefix("mailto:") }
    }

    private static func problem(with target: String, in page: SourceFile) -> String? {
        let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        let path = parts[0].isEmpty ? page.path : resolve(parts[0], from: page.path)
        guard Repository.has(path) else { return "link to \(target): there is no \(path)" }
        guard parts.count > 1, path.hasSuffix(".md"), let other = SourceFile(path: path) else { return nil }
        return anchors(of: other).contains(parts[1]) ? nil : "link to \(target): \(path) has no such heading"
    }

    private static func resolve(_ target: String, from path: String) -> String {
        var parts = path.split(separator: "/").dropLast().map(String.init)
        for part in target.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
        }
        return parts.joined(separator: "/")
    }

    /// Headings as a forge turns them into anchors.
    private static func anchors(of page: SourceFile) -> Set<String> {
        Set(
            page.lines.filter { $0.hasPrefix("#") }.map { heading in
                heading.drop { $0 == "#" || $0 == " " }.lowercased()
                    .filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_" }
                    .map { $0 == " " ? "-" : String($0) }.joined()
            })
    }
}
