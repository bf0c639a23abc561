// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefMessages

/// Who will own what is created.
struct OwnerOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Project that owns it. None = the whole tenant.", valueName: "project"))
    var ownerProject: String?

    var owner: Owner {
        Owner(owner: ownerProject.map { .projectID($0) } ?? .tenant(true))
    }
}

extension Owner {
    /// For people: `tenant`, or the project's id.
    var text: String {
        switch owner {
        case .tenant: "tenant"
        case .projectID(let id): "project \(id)"
        case nil: ""
        }
    }
}

extension Availability {
    /// Reads repeated project arguments; nil when there are none, everywhere when one of them is `*`.
    init?(arguments: [String]) {
        guard !arguments.isEmpty else { return nil }
        self = arguments.contains("*") ? Availability(allProjects: true) : Availability(projectIds: arguments)
    }

    /// For people: `all projects`, or their ids.
    var text: String {
        allProjects ? "all projects" : projectIds.joined(separator: ", ")
    }
}

/// What every changing command takes (AIP-155, AIP-163).
struct MutationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Makes a repeat of the same call answer the same; a UUID.", valueName: "uuid"))
    var requestID: String = ""
}

/// What commands that can try without doing take.
struct DryRunOptions: ParsableArguments {
    @Flag(help: "Check everything, change nothing, answer as if it had been done.")
    var validateOnly = false
}

/// What commands that change one version of a thing take.
struct VersionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Do it only if this is still the version; from 'get'.", valueName: "etag"))
    var etag: String = ""
}

/// What lists take.
struct PageOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Most entries to show: 1 to 500.", valueName: "count"))
    var limit: Int32 = 50

    @Option(help: ArgumentHelp("Continue where a former list ended.", valueName: "token"))
    var pageToken: String = ""

    func validate() throws {
        guard (1...CLILimits.pageSizeMax).contains(limit) else {
            throw ValidationError("--limit must be 1 to \(CLILimits.pageSizeMax).")
        }
    }
}
