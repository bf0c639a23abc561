// SPDX-License-Identifier: Apache-2.0

extension LinearTracker {
    /// Knows `/issue/ENG-12` and `/issue/ENG-12/what-its-title-was` behind the workspace. The words behind
    /// the key are for people: Linear ignores them.
    public func key(at location: IssueLocation) -> String? {
        let segments = location.segments
        guard segments.first == "issue", (2...3).contains(segments.count) else { return nil }
        return canonicalKey(segments[1])
    }

    /// Linear also opens `linear.app/issue/ENG-12`, in the workspace that the reader is signed in to.
    public func keyWithoutBase(at location: IssueLocation) -> String? { key(at: location) }
}
