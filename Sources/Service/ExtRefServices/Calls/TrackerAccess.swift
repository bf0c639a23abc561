// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefSecurity
import ExtRefStore
import ExtRefTrackers

extension ServiceEnvironment {
    /// Unseals a source's credential for a call to its tracker.
    func trackerSource(
        _ source: IntegrationSource, in store: StoreContext<some StoreAccess>,
        priority: TrafficPriority = .interactive
    ) throws -> TrackerSource {
        var fields = source.authenticationSettings
        // The access token is the runner's business: it knows which one is the newest.
        for credential in try store.sources.sealedCredentials(of: source.id)
        where credential.name != TrackerCredential.accessTokenField
            && !WebhookSecrets.fields.contains(credential.name)
        {
            let binding = SealBinding(tenantID: source.tenantID, source: source.id, field: credential.name)
            fields[credential.name] = try sealer.open(credential.sealed, binding: binding).reveal { $0 }
        }
        return TrackerSource(source, credential: TrackerCredential(fields), priority: priority)
    }
}
