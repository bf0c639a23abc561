// SPDX-License-Identifier: Apache-2.0

import Testing

/// Something we do not write, and what we write instead.
struct Ban: Sendable, CustomTestStringConvertible {
    /// The code that is banned; an identifier at its edge must be a whole word.
    let code: String
    /// What to write instead.
    let instead: String
    /// Which files it applies to.
    var applies: @Sendable (SourceFile) -> Bool = { _ in true }
    /// Words, any of which in the comment above lifts the ban for one place; empty when nothing does.
    var proofs: [String] = []
    /// Code on the same line that makes it right.
    var unless: String?

    var testDescription: String { code }

    func findings(in file: SourceFile) -> [Finding] {
        guard applies(file) else { return [] }
        return file.code.enumerated().compactMap { index, line in
            guard line.containsWhole(code) else { return nil }
            if let unless, line.contains(unless) { return nil }
            if proofs.contains(where: file.commentAbove(index).contains) { return nil }
            let way =
                proofs.isEmpty ? "" : "; or prove in the comment above why it is safe, with one of \(proofs)"
            return Finding(path: file.path, line: index + 1, advice: "'\(code)': write \(instead)\(way)")
        }
    }
}

extension Ban {
    static let all: [Ban] = concurrency + failures + unsafety + habits

    private static let concurrency: [Ban] = [
        Ban(code: "Task.detached", instead: "a child task, or a loop owned by a Service.run()"),
        Ban(
            code: "Task.sleep", instead: "a sleep of the injected clock; tests use a manual clock",
            unless: "clock:"),
        Ban(code: "Thread.sleep", instead: "a sleep of the injected clock"),
        Ban(code: "usleep", instead: "wait for the condition itself"),
        Ban(code: "DispatchSemaphore", instead: "a continuation, or a Mutex around the state"),
        Ban(code: "NSLock", instead: "Mutex of Synchronization"),
    ]

    private static let failures: [Ban] = [
        Ban(code: "try!", instead: "try with a typed throw; tests throw too", proofs: ["proof"]),
        Ban(code: "as!", instead: "as? and a typed throw", proofs: ["proof"]),
        Ban(
            code: "fatalError",
            instead: "a typed throw, or precondition with a sentence for a caller's mistake",
            proofs: ["proof"]),
        Ban(code: "exit", instead: "a thrown error; programs decide alone", applies: \.isLibrary),
        Ban(code: "print", instead: "a return value; a program or a logger shows it", applies: \.isLibrary),
    ]

    private static let unsafety: [Ban] = [
        Ban(code: sharedState, instead: lockedState, applies: { !$0.mayTouchPointers }),
        Ban(code: uncheckedType, instead: checkedType, applies: { !$0.mayTouchPointers }),
        Ban(
            code: sharedState, instead: lockedState, applies: \.mayTouchPointers,
            proofs: ["proof", "nonisolated", "never written"]),
        Ban(
            code: uncheckedType, instead: checkedType, applies: \.mayTouchPointers,
            proofs: ["proof", "unchecked"]),
    ]

    private static let sharedState = "nonisolated(unsafe)"
    private static let lockedState = "a Mutex, or an immutable value"
    private static let uncheckedType = "@unchecked Sendable"
    private static let checkedType = "a struct of Sendable parts, or a final class around a Mutex"

    private static let habits: [Ban] = [
        Ban(code: "import XCTest", instead: "import Testing"),
        Ban(code: ".disabled(", instead: ".enabled(if:) with the condition, or repair the test"),
        Ban(code: "Date()", instead: "the injected clock", applies: \.isLibrary),
    ]
}

extension SourceFile {
    /// Whether it belongs to one of the only targets that touch C.
    fileprivate var mayTouchPointers: Bool {
        ["ProtobufC", "CurlHTTP", "PatternMatching", "SQLiteEngine"].contains(target)
    }
}

extension String {
    /// Whether the text occurs and is not part of a longer identifier or a member of something.
    func containsWhole(_ wanted: String) -> Bool {
        var rest = self[...]
        while let range = rest.firstRange(of: wanted) {
            let before = range.lowerBound > startIndex ? self[index(before: range.lowerBound)] : " "
            let after = range.upperBound < endIndex ? self[range.upperBound] : " "
            let startsClean = !wanted.startsWithWord || !(before.isWord || before == ".")
            let endsClean = !wanted.endsWithWord || !(after.isWord || after == ":")
            if startsClean && endsClean { return true }
            rest = self[range.upperBound...]
        }
        return false
    }

    private var startsWithWord: Bool { first?.isWord ?? false }
    private var endsWithWord: Bool { last?.isWord ?? false }
}

extension Character {
    fileprivate var isWord: Bool { isLetter || isNumber || self == "_" }
}
