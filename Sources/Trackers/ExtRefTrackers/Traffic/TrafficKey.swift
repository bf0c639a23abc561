// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// What shares one budget and one fate: a source as it is set up now, with its credential.
///
/// A changed source or credential is another key, so that setting a source right forgets at once what was
/// wrong with it. What the tracker said about calls belongs to the ``account`` and outlives such a change.
public struct TrafficKey: Sendable, Hashable {
    public let sourceID: SourceID
    public let revision: Int64
    /// Stands for address and credential together. A hash under a seed of this process: no secret can be
    /// read from it.
    public let account: Int

    /// Makes a key.
    public init(sourceID: SourceID, revision: Int64, account: Int) {
        self.sourceID = sourceID
        self.revision = revision
        self.account = account
    }

    /// The key of a source that may be called.
    public init(_ source: TrackerSource) {
        var hasher = Hasher()
        hasher.combine(source.source.baseURL)
        hasher.combine(source.source.apiBaseURL)
        hasher.combine(source.source.authenticationMethod)
        hasher.combine(source.credential.withoutTokens)
        self.init(
            sourceID: source.source.id, revision: source.source.revision, account: hasher.finalize())
    }
}
