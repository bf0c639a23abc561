// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// Tells whether a source is still to be called. Asked before each request leaves, so that none does after an
/// admin's word that switched it off; quick, and no when that cannot be told.
public typealias SourceGate = @Sendable (IntegrationSource) async -> Bool

extension TrackerRunner {
    /// A draft is stored nowhere, and what is tested or set up need not be switched on.
    func mayCall(_ source: TrackerSource) async -> Bool {
        if source.isDraft || source.isTested || source.isBeingSetUp { return true }
        return await gate(source.source)
    }
}

extension TrackerError {
    static var switchedOff: TrackerError {
        .unsent(.cancelled, "The source was switched off or deleted before the request left.")
    }
}
