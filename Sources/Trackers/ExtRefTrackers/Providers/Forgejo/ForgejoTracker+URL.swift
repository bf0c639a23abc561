// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

extension ForgejoTracker {
    /// Knows `/O/R/issues/N` and `/O/R/pulls/N` with the pages below a pull request.
    public func key(at location: IssueLocation) -> String? {
        let segments = location.segments
        guard segments.count >= 4, segments[2] == "pulls" || segments[2] == "issues" && segments.count == 4,
            let repository = ForgejoRepository(owner: segments[0], name: segments[1])
        else { return nil }
        return ForgejoKey(repository, number: segments[3])?.text
    }

    /// Forgejo leads from `issues` to `pulls` by itself when the number is that of a pull request.
    public func issueURL(of key: String, baseURL: String) -> String? {
        guard let key = ForgejoKey(key) else { return nil }
        return "\(baseURL.withoutTrailingSlashes)/\(key.repository.text)/issues/\(key.number)"
    }

    /// The key in an address that Forgejo itself wrote. Its host is not compared: the installation may know
    /// itself by another name than we do, and what counts is the grammar of the path.
    func key(inAddress address: String, of source: IntegrationSource) -> ForgejoKey? {
        guard let url = try? PastedURL(address) else { return nil }
        var segments = url.segments[...]
        if let base = try? PastedURL(source.baseURL), segments.starts(with: base.segments) {
            segments = segments.dropFirst(base.segments.count)
        }
        return key(at: IssueLocation(segments: Array(segments))).flatMap { ForgejoKey($0) }
    }
}
