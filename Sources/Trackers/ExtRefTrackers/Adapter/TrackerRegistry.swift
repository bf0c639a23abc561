// SPDX-License-Identifier: Apache-2.0

public import ExtRefDomain

/// Every provider there is. A new one is one line here and one folder under `Providers`.
public struct TrackerRegistry: Sendable {
    /// The providers of this product.
    public static let standard = TrackerRegistry([
        JiraCloudTracker(),
        JiraDataCenterTracker(),
        GitHubTracker(),
        GitLabTracker(),
        AzureDevOpsTracker(),
        LinearTracker(),
        ForgejoTracker(),
        RedmineTracker(),
        YouTrackTracker(),
        BugzillaTracker(),
        ShortcutTracker(),
        AsanaTracker(),
        RoundupTracker(),
        TracTracker(),
        CustomTracker(),
    ])

    private let trackers: [ProviderID: any Tracker]
    /// What admins can know of each provider, by display name.
    public let descriptions: [ProviderDescription]

    /// Makes a registry; of two adapters with one id the later counts.
    public init(_ trackers: [any Tracker]) {
        self.trackers = Dictionary(trackers.map { ($0.description.id, $0) }) { $1 }
        descriptions = self.trackers.values.map(\.description).sorted { $0.displayName < $1.displayName }
    }

    /// The adapter of a provider, if there is one.
    public subscript(id: ProviderID) -> (any Tracker)? { trackers[id] }
}
