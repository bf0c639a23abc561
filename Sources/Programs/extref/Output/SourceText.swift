// SPDX-License-Identifier: Apache-2.0

import ExtRefMessages
import RPCMessages

/// Sources for people.
enum SourceText {
    static func table(_ sources: [Source]) -> Table {
        var table = Table([
            .yielding("ID"), .shrinkable("NAME"), .whole("PROVIDER"), .shrinkable("BASE URL"),
            .shrinkable("OWNER"),
            .whole("STATE"),
        ])
        for source in sources {
            table.append([
                Table.Cell(source.id, .faint), Table.Cell(source.displayName, .strong),
                Table.Cell(source.provider),
                Table.Cell(source.baseURL), Table.Cell(source.owner?.text ?? ""),
                Table.Cell(source.state.words, source.state.style),
            ])
        }
        return table
    }

    static func sheet(_ source: Source) -> Sheet {
        var sheet = Sheet()
        sheet.add("id", source.id)
        sheet.add("name", source.displayName, .strong)
        sheet.add("provider", source.provider)
        sheet.add("base URL", source.baseURL)
        sheet.add("API base URL", source.apiBaseURL)
        sheet.add("owner", source.owner?.text ?? "")
        sheet.add("available to", source.availability?.text ?? "")
        sheet.add("state", source.state.words, source.state.style)
        addAuthentication(of: source, to: &sheet)
        sheet.add(
            "capabilities",
            source.capabilities.filter(\.effective).map(\.capability.words).joined(separator: ", "))
        sheet.add(
            "not available", source.capabilities.filter { !$0.effective }.map(\.text).joined(separator: ", "))
        sheet.add("issue URL", source.issueURLTemplate)
        sheet.add("create URL", source.createURLTemplate)
        sheet.add("key pattern", source.keyPattern)
        sheet.add("default project", source.defaultExternalProject)
        sheet.add("external projects", source.allowedExternalProjects.joined(separator: ", "))
        sheet.add(
            "status map",
            source.statusMap.map { "\($0.status) = \($0.category.words)" }.joined(separator: ", "))
        sheet.add("test object URL", source.testObjectURLTemplate)
        sheet.add("back-link comments", source.backLinkComments ? "allowed" : "")
        sheet.add("issue title", source.issueTitleTemplate)
        sheet.add("issue description", source.issueDescriptionTemplate)
        sheet.add("last test", RFC3339.short(source.health?.lastProbeTime))
        sheet.add("last read", RFC3339.short(source.health?.lastSyncTime))
        sheet.add("last failure", source.health?.lastErrorReason ?? "", .bad)
        sheet.add("created", byline(source.createTime.map(RFC3339.short) ?? "", source.createdBy))
        sheet.add("etag", source.etag)
        return sheet
    }

    private static func addAuthentication(of source: Source, to sheet: inout Sheet) {
        guard let authentication = source.authentication else { return }
        sheet.add("authentication", authentication.method)
        sheet.add(
            "settings",
            authentication.settings.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }
                .joined(separator: ", "))
        let secrets = authentication.credentials.map { credential in
            "\(credential.name) (\(byline("set " + RFC3339.short(credential.setTime), credential.setBy)))"
        }
        sheet.add("secrets", secrets.joined(separator: ", "))
    }

    /// `2026-11-19 08:30:00 by anna`.
    static func byline(_ time: String, _ person: String) -> String {
        person.isEmpty ? time : "\(time) by \(person)"
    }
}

extension CapabilityState {
    fileprivate var text: String { "\(capability.words) (\(reason.words))" }
}

extension LifecycleState {
    /// How a state is painted.
    var style: Style {
        switch self {
        case .enabled: .good
        case .disabled: .busy
        case .deleted: .bad
        default: .plain
        }
    }
}

/// Counts of links per project, for people.
enum UsageText {
    static func table(_ usage: [ProjectUsage]) -> Table {
        var table = Table([.shrinkable("PROJECT"), .number("LINKS")])
        for entry in usage { table.append([Table.Cell(entry.projectID), Table.Cell("\(entry.linkCount)")]) }
        return table
    }
}
