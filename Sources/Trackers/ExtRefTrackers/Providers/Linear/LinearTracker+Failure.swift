// SPDX-License-Identifier: Apache-2.0

import ExtRefDomain

extension LinearTracker {
    /// Linear says what went wrong in the body, with status 200, 400, 401 or whatever; the words in it count.
    public func failure(_ response: TrackerResponse) -> TrackerError? {
        guard response.status != 200 || Self.mayHoldErrors(response.body),
            let answer = try? TrackerJSON.decode(LinearWire.Failure.self, from: response)
        else { return nil }
        let faults = answer.errors.entries()
        if faults.contains(where: \.isThrottling) { return Self.throttled(response) }
        // The common reading of these also knows how long to wait.
        guard response.status < 500 else { return nil }
        // Beside data stand the errors of single fields, which an issue can do without.
        let fault = faults.first { answer.data.value == nil || $0.path.count == 1 }
        return fault.map { Self.failure(of: $0, status: response.status) }
    }

    /// Whether a name `"errors"` occurs; inside of texts its quotes would be escaped.
    private static func mayHoldErrors(_ body: [UInt8]) -> Bool {
        body.firstRange(of: Array("\"errors\"".utf8)) != nil
    }

    /// Waits as long as `Retry-After` says; else the runner reads which budget is used up, and until when.
    private static func throttled(_ response: TrackerResponse) -> TrackerError {
        let seconds = response.header("retry-after").flatMap { Double($0) == nil ? nil : $0 }
        return TrackerError(
            .rateLimited, "Linear asks to wait before the next call.",
            retryAfter: seconds.flatMap { RateHints.wait($0, from: Timestamp(milliseconds: 0)) })
    }

    private static func failure(of fault: LinearWire.Fault, status: Int) -> TrackerError {
        switch fault.kind {
        case .authentication:
            TrackerError(.credentialsRejected, "Linear does not accept the key or token.")
        case .scope:
            TrackerError(.scopeMissing, "The key or token was given out for less than this; it needs Write.")
        case .forbidden:
            TrackerError(.permissionDenied, "Linear accepts the credentials but does not let them do this.")
        case .plan:
            TrackerError(
                .permissionDenied, "The workspace's plan does not include this, or its allowance is used up.")
        case .missing:
            TrackerError(.notFound, "Linear does not know it, or hides it from these credentials.")
        case .input: refusal(fault)
        case .trouble: TrackerError(.unavailable, "Linear is in trouble with this request.")
        case .throttling, .other:
            status == 200
                ? TrackerError(.badResponse, "Linear answers with an error that it does not explain.")
                : TrackerError(.invalidRequest, "Linear refuses the request (HTTP \(status)).")
        }
    }

    /// A refusal of what was asked, with the fields of a new issue that it speaks of.
    private static func refusal(_ fault: LinearWire.Fault) -> TrackerError {
        var failure = TrackerError(.invalidRequest, "Linear refuses the request: a value in it is wrong.")
        guard fault.path.first == "issueCreate" else { return failure }
        let names = formFieldNames.filter { fault.text.contains($0) }
        failure.fieldFaults = names.map { FieldViolation($0, TrackerText.short(fault.presentable)) }
        if fault.text.contains("teamId") {
            failure.fieldFaults.append(FieldViolation("project", TrackerText.short(fault.presentable)))
        }
        return failure
    }
}

extension LinearWire {
    /// An answer that may hold errors.
    struct Failure: Decodable {
        let errors: Lenient<[Lenient<Fault>]>
        let data: Lenient<Presence>
    }

    /// Anything that is not null.
    struct Presence: Decodable {
        init(from decoder: any Decoder) {}
    }

    /// One error: `extensions.type` and `extensions.code` say the same in two spellings.
    struct Fault: Decodable {
        enum Kind {
            case authentication, scope, forbidden, plan, throttling, missing, input, trouble, other
        }

        struct Extensions: Decodable {
            let type: Lenient<String>
            let code: Lenient<String>
            let userPresentableMessage: Lenient<String>
        }

        /// Names of fields, or positions in lists.
        struct PathPart: Decodable {
            let name: String

            init(from decoder: any Decoder) {
                name = (try? decoder.singleValueContainer().decode(String.self)) ?? ""
            }
        }

        let message: Lenient<String>
        private let lenientPath: Lenient<[PathPart]>
        let extensions: Lenient<Extensions>

        enum CodingKeys: String, CodingKey {
            case message, extensions
            case lenientPath = "path"
        }

        var path: [String] { lenientPath.value?.map(\.name) ?? [] }
        /// What Linear would show a person.
        var presentable: String { extensions.value?.userPresentableMessage.value ?? message.value ?? "" }
        var text: String { (message.value ?? "") + " " + presentable }
        var isThrottling: Bool { kind == .throttling }
    }
}

extension LinearWire.Fault {
    private static let kinds: [String: Kind] = [
        "ratelimited": .throttling, "authentication error": .authentication, "forbidden": .forbidden,
        "feature not accessible": .plan, "usage limit exceeded": .plan, "invalid input": .input,
        "input error": .input, "user error": .input, "graphql error": .input,
        "graphql validation failed": .input, "bad user input": .input, "entity not found": .missing,
        "not found": .missing, "internal error": .trouble, "internal server error": .trouble,
        "network error": .trouble, "lock timeout": .trouble, "bootstrap error": .trouble,
    ]

    /// What it means. That something is missing is told in the message only.
    var kind: Kind {
        let words = [extensions.value?.code.value, extensions.value?.type.value].compactMap(\.self)
        let known = words.lazy.compactMap { Self.kinds[$0.lowercased().replacing("_", with: " ")] }.first
        let message = (message.value ?? "").lowercased()
        if message.hasPrefix("invalid scope") { return .scope }
        guard known == .input || known == nil, message.hasPrefix("entity not found") else {
            return known ?? .other
        }
        // A new issue that names something unknown is a wrong value, not a missing issue.
        return path.first == "issueCreate" ? .input : .missing
    }
}
