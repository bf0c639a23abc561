// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// A source with what it takes to call its tracker.
public struct TrackerSource: Sendable {
    public let source: IntegrationSource
    public let credential: TrackerCredential
    /// A PEM file of certificate authorities to trust for it instead of the system's.
    public let caFile: String?

    /// Joins a source, stored or drafted, and its opened credential.
    public init(
        _ source: IntegrationSource, credential: TrackerCredential = TrackerCredential(),
        caFile: String? = nil
    ) {
        self.source = source
        self.credential = credential
        self.caFile = caFile
    }

    /// Where requests go, without trailing slashes.
    var apiBaseURL: String {
        var text = source.effectiveAPIBaseURL[...]
        while text.hasSuffix("/") { text.removeLast() }
        return String(text)
    }
}
