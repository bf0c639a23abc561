// SPDX-License-Identifier: Apache-2.0

/// Bounds of the work that is done without anybody waiting for it.
public enum SyncLimits {
    // MARK: Jobs

    /// Jobs done side by side by one runner, of all tenants.
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

    // MARK: Passes over a source

    /// Sources synced side by side. One whose tracker hangs holds its place until its calls time out, so
    /// there are more places than a busy server needs.
    public static let passesAtOnceMax = 64
    /// How long one pass may begin new calls; its lease is longer by what the last call may take.
    public static let passTimeMax = Duration.seconds(40)
    /// How often a tracker that tells what changed is asked.
    public static let changesInterval = Duration.seconds(60)
    /// How far behind the last answer the next question begins: trackers' clocks and search indexes lag, and
    /// some know minutes only.
    public static let changesOverlap = Duration.seconds(120)
    /// Pages of changes read in one pass; the next one goes on.
    public static let changesPagesMax = 20
    /// External projects of one source that are asked for changes one by one; a source with more is read
    /// issue by issue.
    public static let changesProjectsMax = 20
    /// Issues read between two looks at whether the source is still wanted.
    public static let passIssuesMax = 200
    /// Issues asked for singly in one step, because an answer for many left them out.
    public static let passSingleReadsMax = 10
    /// Shortest and longest pause between two passes over a source.
    public static let passPauseMin = Duration.seconds(2)
    public static let passPauseMax = Duration.seconds(60)
    /// What one source adds to the while over which overdue passes are spread after a start, and the longest
    /// such while.
    public static let startPace = Duration.milliseconds(250)
    public static let startSpreadMax = Duration.seconds(60)

    // MARK: Warnings

    /// Warnings of one kind that a source has at once, of a tracker whose interface changes.
    public static let driftWarningsPerKindMax = 4
    /// How long after it was last seen a warning is shown.
    public static let driftWarningLife = Duration.seconds(7 * 24 * 3_600)
    /// Sources whose warnings are remembered.
    public static let driftSourcesMax = 4_096

    // MARK: Pauses of single issues

    /// Where the tracker does not tell what changed: shortest pause, and the longest of an open and of a
    /// closed issue.
    public static let refreshPauseMin = Duration.seconds(60)
    public static let refreshPauseMaxOpen = Duration.seconds(1_800)
    public static let refreshPauseMaxClosed = Duration.seconds(24 * 3_600)
    /// Issues of one source that have their turn before that in one pass because somebody looked at them, and
    /// sources of which such issues are remembered.
    public static let viewedIssuesMax = 100
    public static let viewedSourcesMax = 1_024
    /// Where it does: how often an open and a closed issue are read all the same.
    public static let sweepPauseOpen = Duration.seconds(24 * 3_600)
    public static let sweepPauseClosed = Duration.seconds(7 * 24 * 3_600)
    /// Such reads of one source wait for each other so long, that fewer answers hold more of them.
    public static let sweepSlot = Duration.seconds(900)
    /// How long after a tracker's hint an issue is read once more: some tell before they commit.
    public static let hintSettleTime = Duration.seconds(10)
    /// How long after the first doubt a missing issue is asked for again, and how often from then on.
    public static let missingDoubtTime = Duration.seconds(600)
    public static let missingPause = Duration.seconds(6 * 3_600)
    /// How long an issue is left alone whose answer made no sense.
    public static let failedReadPause = Duration.seconds(300)

    // MARK: Pauses of failing sources

    /// Shortest and longest pause after trouble that passes by itself.
    public static let passingPauseMin = Duration.seconds(30)
    public static let passingPauseMax = Duration.seconds(900)
    /// Shortest and longest pause after trouble that somebody has to end, such as a revoked token.
    public static let lastingPauseMin = Duration.seconds(60)
    public static let lastingPauseMax = Duration.seconds(6 * 3_600)

    // MARK: Change feed

    /// Calls that wait for a change feed at once, of all tenants and of one. Half of the calls that a server
    /// runs at once stay free for others; a tenant's share also bounds what one of its commits wakes.
    public static let feedWatchesMax = 2_048
    public static let feedWatchesPerTenantMax = 256
}

/// Bounds of the calls to trackers, and how they are learnt.
public enum TrafficLimits {
    /// Keys (sources as they are set up, with their credentials) that something is remembered of; the one
    /// used longest ago goes first.
    public static let linesMax = 4_096

    // MARK: Places

    /// Calls under way at once, in all and of one source.
    public static let underWayMax = 64
    public static let underWayPerSourceMax = 8
    /// Of these, how many background work may use; the rest is kept for people.
    public static let backgroundUnderWayMax = 48
    public static let backgroundUnderWayPerSourceMax = 6
    /// Calls waiting for a place, in all and of one source; more are refused at once.
    public static let waitingMax = 512
    public static let waitingPerSourceMax = 64
    /// Longest wait for a call's time to come, besides half of what is left of its operation's time. A
    /// longer one is refused at once, with the time.
    public static let interactiveWaitMax = Duration.seconds(2)
    public static let backgroundWaitMax = Duration.seconds(10)

    // MARK: Rate

    /// Calls a second to an account whose tracker tells nothing: at first, at least, at most.
    public static let callsPerSecondStart = 20.0
    public static let callsPerSecondMin = 0.1
    public static let callsPerSecondMax = 100.0
    /// By how much that rate grows in a second in which it held calls back.
    public static let callsPerSecondIncrease = 1.0
    /// Seconds whose calls may leave at once, and the fewest calls that may.
    public static let burstSeconds = 2.0
    public static let burstMin = 4.0
    /// Calls of background work that may leave at once where a budget is told of.
    public static let backgroundBurst = 10.0
    /// Budgets of one account that are kept apart; GitHub has about ten.
    public static let budgetsPerAccountMax = 16
    /// How long a budget is believed whose end is not told.
    public static let untoldBudgetPause = Duration.seconds(60)
    /// Shortest pause after being throttled: a tracker that says zero does not mean it.
    public static let throttlePauseMin = Duration.seconds(1)
    /// Pause after being throttled without being told for how long: at first, and at most; between them it
    /// doubles.
    public static let untoldPauseMin = Duration.seconds(30)
    public static let untoldPauseMax = Duration.seconds(900)

    // MARK: Breaker

    /// Failures in a row that open the breaker.
    public static let breakerFailuresInARow = 5
    /// Outcomes looked at, at most 31, and the percentage of failures among them that opens it.
    public static let breakerWindow = 20
    public static let breakerFailurePercent = 50
    /// How long it stays open at first and at most; between them it doubles.
    public static let breakerStepMin = Duration.seconds(30)
    public static let breakerStepMax = Duration.seconds(900)
    /// How far that is spread, in percent up and down.
    public static let jitterPercent: Int64 = 20
    /// How long a probe may be on its way; longer than any call may take.
    public static let breakerProbeTimeMax = Duration.seconds(30)
    /// How long a tracker may be silent before a call given up counts as its failure; shorter than the time
    /// of most operations.
    public static let silenceTime = Duration.seconds(4)

    // MARK: Memory of failures

    /// How long background work leaves a source alone that somebody has to set right, at first and at most;
    /// between them it doubles.
    public static let failureStepMin = Duration.seconds(60)
    public static let failureStepMax = Duration.seconds(6 * 3_600)
    /// How often a person may have it tried all the same.
    public static let personalRetryInterval = Duration.seconds(5)

    // MARK: Retries

    /// Attempts of one request, the first included.
    public static let attemptsMax = 3
    /// Tokens of the retry budget; below half of them nothing is repeated.
    public static let retryTokensMax = 10
    /// Longest pause before the second attempt and before any; between them it grows by this factor.
    public static let retryPauseFirst = Duration.milliseconds(200)
    public static let retryPauseMax = Duration.seconds(30)
    public static let retryPauseGrowth = 4
}
