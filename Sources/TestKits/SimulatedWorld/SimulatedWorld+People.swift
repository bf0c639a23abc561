// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import ExtRefDomain
import ExtRefMessages
import ExtRefServices
import ExtRefStore
import ExtRefTestKit
import ExtRefTrackers
import RPC
import RPCMessages
import Synchronization

extension SimulatedWorld {
    private func drawHost() -> String { setUp.hosts[draw(0...setUp.hosts.count - 1)] }

    private var isStorm: Bool { simulation.clock.elapsed < Self.storm }

    // MARK: At the trackers

    /// Changes issues while times are bad, and has their trackers tell of it: early, late, twice, or never.
    func changeIssues() async {
        await withDiscardingTaskGroup { group in
            while isStorm {
                await pause(1_000...20_000)
                let host = drawHost()
                let number = draw(1...Self.issuesPerSite)
                let early = draw(0...8_000)
                group.addTask {
                    let kind = self.draw(0...3)
                    if kind == 0 { await self.notify(of: number, at: host) }
                    try? await self.simulation.clock.sleep(for: .milliseconds(early))
                    self.sites.change(number, at: host)
                    if kind == 1 { await self.notify(of: number, at: host) }
                }
            }
        }
    }

    /// Posts a notification until it is taken, or the sender has had enough.
    private func notify(of number: Int, at host: String) async {
        let delivery = String(draw())
        for _ in 0..<draw(1...4) {
            defer { sites.note("notification \(host) \(number)") }
            let secret = draw(0...4) == 0 ? "forged" : setUp.secrets[host] ?? ""
            let isForged = secret == "forged"
            let body = Array("\(number) \(isForged ? "9" + delivery : delivery)".utf8)
            guard let process = process.withLock(\.self) else { return await pause(500...5_000) }
            let verdict = try? await process.intake.take(
                WebhookDelivery(fields: [(TellingProvider.webhookField, secret)], body: body),
                for: setUp.sources[host] ?? "")
            if isForged, let verdict, verdict != .refused {
                sites.complain("a forged notification was taken")
            }
            if verdict == .taken {
                witness.withLock { $0.notified[host, default: [:]][number] = wallClock() }
                if draw(0...2) > 0 { return }
            }
            await pause(500...5_000)
        }
    }

    // MARK: At the server

    /// Links issues, lets go of them, and looks at them.
    func actAsMember(_ process: SimulatedProcess) async {
        let service = LinkService(process.environment)
        while isStorm, !Task.isCancelled {
            await pause(2_000...30_000)
            guard !Task.isCancelled else { return }
            let host = drawHost()
            switch draw(0...3) {
            case 0, 1: await makeLink(service, process, to: host)
            case 2: await unmakeLink(service, process)
            default: await refresh(service, process)
            }
        }
    }

    private func makeLink(_ service: LinkService, _ process: SimulatedProcess, to host: String) async {
        let key = String(draw(1...Self.issuesPerSite))
        let draft = LinkDraft(
            object: ObjectRef(kind: "case", id: "TC-\(draw(1...4))"),
            target: LinkTarget(target: .key(SourceKey(sourceID: setUp.sources[host] ?? "", key: key))),
            relationName: "Defect")
        let made = try? await service.createLink(
            CreateLinkRequest(projectID: Self.project, link: draft),
            context: process.context(LinkServiceMethods.createLink))
        guard let id = made?.link?.id else { return }
        witness.withLock { witness in
            witness.made.insert(id)
            witness.unmade.remove(id)
        }
    }

    /// Takes back one of the links made here; the ones of the set-up stay.
    private func unmakeLink(_ service: LinkService, _ process: SimulatedProcess) async {
        let made = witness.withLock { $0.made.subtracting($0.unmade).subtracting(setUp.links) }.sorted()
        guard !made.isEmpty else { return }
        let id = made[draw(0...made.count - 1)]
        witness.withLock { _ = $0.unmade.insert(id) }
        _ = try? await service.deleteLink(
            DeleteLinkRequest(id: id),
            context: process.context(LinkServiceMethods.deleteLink))
    }

    private func refresh(_ service: LinkService, _ process: SimulatedProcess) async {
        let ids = setUp.issues.prefix(draw(1...setUp.issues.count))
        _ = try? await service.refreshIssues(
            RefreshIssuesRequest(projectID: Self.project, ids: Array(ids)),
            context: process.context(LinkServiceMethods.refreshIssues))
    }

    /// Switches sources off and on.
    func actAsAdmin(_ process: SimulatedProcess) async {
        let service = AdminService(process.environment)
        while isStorm, !Task.isCancelled {
            await pause(10_000...60_000)
            let host = drawHost()
            await switchOff(host, service, process)
            await pause(1_000...30_000)
            await switchOn(host, service, process)
        }
        // Whatever was left switched off.
        for host in setUp.hosts { await switchOn(host, service, process) }
    }

    private func switchOff(_ host: String, _ service: AdminService, _ process: SimulatedProcess) async {
        guard !Task.isCancelled else { return }
        let request = DisableSourceRequest(id: setUp.sources[host] ?? "")
        let context = process.context(AdminServiceMethods.disableSource)
        guard (try? await service.disableSource(request, context: context)) != nil else { return }
        sites.state.withLock { $0.sites[host]?.switchedOffAt = simulation.clock.elapsed }
    }

    private func switchOn(_ host: String, _ service: AdminService, _ process: SimulatedProcess) async {
        sites.state.withLock { $0.sites[host]?.switchedOffAt = nil }
        let request = EnableSourceRequest(id: setUp.sources[host] ?? "")
        while !Task.isCancelled {
            let context = process.context(AdminServiceMethods.enableSource)
            if (try? await service.enableSource(request, context: context)) != nil { return }
            await pause(1_000...2_000)
        }
    }

    /// Follows the feed from where it was left.
    func readFeed(_ process: SimulatedProcess) async {
        let service = LinkService(process.environment)
        while !Task.isCancelled {
            let request = ListChangesRequest(
                after: witness.withLock(\.cursor), wait: GoogleDuration(seconds: 60),
                pageSize: Int32(draw(1...20)))
            let context = process.context(LinkServiceMethods.listChanges)
            guard let answer = try? await service.listChanges(request, context: context), !Task.isCancelled
            else {
                await pause(500...2_000)
                continue
            }
            witness.withLock { witness in
                witness.seen += answer.changes
                witness.cursor = answer.nextAfter
            }
            for change in answer.changes { sites.note("change \(change.cursor) \(change.kind)") }
        }
    }
}
