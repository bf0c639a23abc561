// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Where the reading of one answer leaves what does not fit the published contract.
///
/// It travels with the answer, see ``TrackerResponse/notes``, so that reading stays a function of the answer:
/// what is noted never changes what is read.
final class DriftNotes: Sendable {
    private let noted = Mutex<[DriftSign]>([])

    /// Begins with nothing, or with what is known of the answer already.
    init(_ signs: [DriftSign] = []) {
        for sign in signs { note(sign) }
    }

    /// What was noted: each sign once, at most ``TrackerLimits/driftSignsPerAnswerMax``.
    var signs: [DriftSign] { noted.withLock { $0 } }

    func note(_ sign: DriftSign) {
        noted.withLock { signs in
            guard signs.count < TrackerLimits.driftSignsPerAnswerMax, !signs.contains(sign) else { return }
            signs.append(sign)
        }
    }

    /// Notes why something could not be decoded, if that is a field which is missing or of another type.
    /// - Parameter path: what was to be decoded. That it is of another type itself says nothing: vendors have
    ///   fields that hold now a number and now a text.
    func note(_ error: any Error, within path: [any CodingKey]) {
        switch error as? DecodingError {
        case .keyNotFound(let key, let context):
            note(DriftSign(.missingField, Self.name(context.codingPath + [key])))
        case .valueNotFound(_, let context), .typeMismatch(_, let context):
            guard context.codingPath.count > path.count else { return }
            note(DriftSign(.missingField, Self.name(context.codingPath)))
        default: break
        }
    }

    /// The name of a field, with the object it is in. Positions in lists are left out, and so are the names
    /// that a question made up itself, which hold digits: neither tells fields apart.
    static func name(_ path: [any CodingKey]) -> String {
        guard let last = path.last else { return "" }
        guard let parent = path.dropLast().last, parent.intValue == nil,
            !parent.stringValue.contains(where: \.isNumber)
        else { return last.stringValue }
        return parent.stringValue + "." + last.stringValue
    }
}

extension CodingUserInfoKey {
    /// Where a decoder finds ``DriftNotes``. Never nil: there is no text that is no key.
    static let driftNotes = CodingUserInfoKey(rawValue: "dev.extref.drift-notes")
}

extension Decoder {
    var driftNotes: DriftNotes? {
        CodingUserInfoKey.driftNotes.flatMap { userInfo[$0] } as? DriftNotes
    }
}
