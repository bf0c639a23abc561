// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
public import ExtRefStore
public import ExtRefTrackers

extension Store {
    /// Tells whether sources are still to be called, as of the last commit.
    public var sourceGate: SourceGate {
        { source in
            (try? await self.read(source.tenantID) { try $0.sources.isEnabled(source.id) }) ?? false
        }
    }
}
