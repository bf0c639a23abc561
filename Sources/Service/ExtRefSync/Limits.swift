// SPDX-License-Identifier: Apache-2.0

/// Bounds of the work that is done without anybody waiting for it.
public enum SyncLimits {
    /// Jobs done side by side, of all tenants.
    public static let jobsAtOnceMax = 16
    /// Jobs taken from one tenant at a time, so that none is kept waiting by another's many.
    public static let jobsPerTenantMax = 8
    /// Tenants looked at in one round.
    public static let tenantsPerRoundMax = 64
    /// How long a worker holds a job; longer than any handler may take.
    public static let leaseDuration = Duration.seconds(60)
    /// How often the store is asked for work when nothing announced any: another process may have added it.
    public static let idleInterval = Duration.seconds(15)
    /// Shortest and longest time before a failed job is tried again; between them it doubles, with jitter.
    public static let retryDelayMin = Duration.seconds(2)
    public static let retryDelayMax = Duration.seconds(3_600)
    /// Tries before a job is given up; with the delays above about half a day.
    public static let attemptsMax: Int64 = 24
    /// Calls that wait for a change feed at once, of all tenants and of one. Half of the calls that a server
    /// runs at once stay free for others; a tenant's share also bounds what one of its commits wakes.
    public static let feedWatchesMax = 2_048
    public static let feedWatchesPerTenantMax = 256
}
