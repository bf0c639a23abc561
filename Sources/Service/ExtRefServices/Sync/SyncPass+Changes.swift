// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain
import ExtRefStore
import ExtRefSync
import ExtRefTrackers

extension SyncPass {
    /// Asks the tracker what changed since the last answer, page by page, where it can be asked.
    /// - Returns: false when the pass has to end here.
    mutating func askWhatChanged() async throws -> Bool {
        let views = environment.views.take(sourceID)
        guard environment.trackers.canTellChanges(of: source.source) else {
            try await hasten(views)
            return true
        }
        let projects = try await projectsToAsk()
        guard !projects.isEmpty else {
            // What is linked from now on is read when it is linked.
            sync.watermark = startedAt
            sync.run = nil
            return true
        }
        let watermark = try await watermark()
        sync.watermark = watermark
        guard projects.count <= SyncLimits.changesProjectsMax else {
            try await readOpenIssuesInstead()
            try await hasten(views)
            return true
        }
        if sync.run == nil {
            guard startedAt - watermark >= SyncLimits.changesInterval else { return true }
            sync.run = SourceSync.Run(
                startedAt: startedAt, since: watermark - SyncLimits.changesOverlap, project: projects[0])
        }
        var pages = 0
        while let run = sync.run {
            guard pages < SyncLimits.changesPagesMax, try await mayGoOn() else { return false }
            let page = try await environment.trackers.fetchChanges(
                since: run.since, project: run.project, page: run.page, in: source,
                budget: TrackerLimits.callTimeMax)
            pages += 1
            advance(past: page, of: run, projects)
            try await keep(page)
        }
        return true
    }

    /// From when on changes may be unknown. Before the first question that is since issues were linked and
    /// read: the source may have been switched off, or the server down, from then until now. Those that are
    /// due are read in this pass anyway.
    private func watermark() async throws -> Timestamp {
        if let known = sync.watermark { return known }
        let oldest = try await environment.store.read(tenantID) { [sourceID, startedAt] store in
            try store.issues.oldestRead(in: sourceID, dueAfter: startedAt)
        }
        return min(oldest ?? startedAt, startedAt)
    }

    /// What people look at is read in this pass.
    private func hasten(_ views: Set<IssueID>) async throws {
        guard !views.isEmpty else { return }
        try await environment.store.write(tenantID) { [sourceID, startedAt] store in
            try store.issues.hasten(views, in: sourceID, to: startedAt)
        }
    }

    /// With too many projects to ask, open issues have their turn as often as where no tracker tells.
    private func readOpenIssuesInstead() async throws {
        let latest = startedAt + SyncLimits.refreshPauseMaxOpen
        try await environment.store.write(tenantID) { [sourceID] store in
            try store.issues.hastenOpen(in: sourceID, to: latest)
        }
    }

    /// Where the tracker is asked, in order: at once, or project by project. Nowhere as long as no issue is
    /// linked.
    private func projectsToAsk() async throws -> [String] {
        let byProject = environment.trackers.tellsChangesByProject(of: source.source)
        let listed = source.source.allowedExternalProjects
        let limit = SyncLimits.changesProjectsMax
        return try await environment.store.read(tenantID) { [sourceID] store in
            guard try store.issues.nextDue(in: sourceID) != nil else { return [] }
            guard byProject else { return [""] }
            guard listed.isEmpty else { return listed.sorted() }
            return try store.issues.projects(in: sourceID, limit: limit + 1).sorted()
        }
    }

    private mutating func advance(past page: ChangesPage, of run: SourceSync.Run, _ projects: [String]) {
        sync.lastAttemptAt = environment.clock()
        var next = run
        if !page.next.isEmpty {
            next.page = page.next
        } else if let project = projects.first(where: { $0 > run.project }) {
            next.project = project
            next.page = ""
        } else {
            sync.watermark = run.startedAt
            sync.run = nil
            return
        }
        sync.run = next
    }

    /// Stores what a page tells of issues that are linked; of others nothing is kept.
    private func keep(_ page: ChangesPage) async throws {
        let source = source.source
        try await keep(sync) { store, writing in
            let snapshots = page.issues
            let known = try store.issues.linked(
                in: source.id, nativeIDs: snapshots.map(\.nativeID).filter { !$0.isEmpty },
                keys: snapshots.map(\.key))
            let found = FoundIssues(snapshots)
            for issue in known {
                guard let snapshot = found.snapshot(of: issue) else { continue }
                _ = try writing.store(snapshot, validator: "", of: source, in: store)
            }
        }
    }
}
