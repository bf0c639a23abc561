// SPDX-License-Identifier: Apache-2.0

/// How far a source's issues are in step with its tracker.
public struct SourceSync: Sendable, Hashable {
    /// A question for changes that is not answered to its end yet, so that a restart goes on with it.
    public struct Run: Sendable, Hashable {
        /// When it was begun: what its end makes the new ``SourceSync/watermark``.
        public let startedAt: Timestamp
        /// From when on changes are asked for.
        public let since: Timestamp
        /// The external project it has come to; empty where the tracker is asked for all at once.
        public var project: String
        /// The page that comes next; empty = the first.
        public var page: String

        public init(startedAt: Timestamp, since: Timestamp, project: String = "", page: String = "") {
            self.startedAt = startedAt
            self.since = since
            self.project = project
            self.page = page
        }
    }

    public let sourceID: SourceID
    /// The source's revision that ``failures`` were counted for: an edit begins anew.
    public var sourceRevision: Int64
    /// Every change before this time is known; nil = the tracker was not asked for changes yet.
    public var watermark: Timestamp?
    public var run: Run?
    /// When the tracker was last asked for anything.
    public var lastAttemptAt: Timestamp?
    /// When everything that was due had last been read.
    public var lastPassAt: Timestamp?
    /// The reason of the last failure of the source as a whole, as in ``ErrorReason``; empty after a good
    /// pass.
    public var lastErrorReason = ""
    /// A sentence about it that a person can act on.
    public var lastErrorMessage = ""
    /// Failures of the source as a whole, in a row.
    public var failures: Int64 = 0

    /// A sync that never ran.
    public init(of sourceID: SourceID, revision: Int64) {
        self.sourceID = sourceID
        sourceRevision = revision
    }
}
