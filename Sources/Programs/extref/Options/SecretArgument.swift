// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Where a secret comes from: `api_key=@/path/to/file`, `api_key=-` (standard input), `api_key=env:NAME`, or,
/// with a warning, the value itself: command lines stand in the process list and in the shell's history.
struct SecretArgument: ExpressibleByArgument, Sendable, Hashable {
    enum Origin: Sendable, Hashable {
        case file(String)
        case standardInput
        case environment(String)
        case commandLine(String)
    }

    /// The field's name, as `extref sources providers` lists it.
    let field: String
    let origin: Origin

    init?(argument: String) {
        guard let pair = PairArgument(argument: argument), !pair.value.isEmpty else { return nil }
        field = pair.name
        origin =
            if pair.value == "-" {
                .standardInput
            } else if pair.value.hasPrefix("@") {
                .file(String(pair.value.dropFirst()))
            } else if pair.value.hasPrefix("env:") {
                .environment(String(pair.value.dropFirst(4)))
            } else {
                .commandLine(pair.value)
            }
    }
}

/// Reads secrets from where they are said to be.
struct SecretReader {
    /// Reads a file's text; throws when it cannot.
    let file: (String) throws -> String
    /// Reads standard input to its end.
    let standardInput: () throws -> String
    let environment: [String: String]
    /// Hears what the person should know.
    let warn: (String) -> Void

    /// The secrets by field name. One line end at the end of a file or of the input is not part of the
    /// secret.
    func values(of arguments: [SecretArgument]) throws -> [String: String] {
        guard arguments.count(where: { $0.origin == .standardInput }) <= 1 else {
            throw ValidationError("Only one --secret can be read from standard input.")
        }
        var values: [String: String] = [:]
        for argument in arguments {
            let value = try read(argument)
            guard !value.isEmpty else {
                throw ValidationError("The secret '\(argument.field)' is empty where it was read from.")
            }
            guard values.updateValue(value, forKey: argument.field) == nil else {
                throw ValidationError("The secret '\(argument.field)' is given twice.")
            }
        }
        return values
    }

    private func read(_ argument: SecretArgument) throws -> String {
        switch argument.origin {
        case .file(let path): return try withoutLineEnd(file(path))
        case .standardInput: return try withoutLineEnd(standardInput())
        case .environment(let name):
            guard let value = environment[name] else {
                throw ValidationError(
                    "The environment has no variable '\(name)' for the secret '\(argument.field)'.")
            }
            return value
        case .commandLine(let value):
            warn(
                "the secret '\(argument.field)' stands on the command line, where other users of this machine can "
                    + "read it; use \(argument.field)=@FILE, \(argument.field)=env:NAME or \(argument.field)=-"
            )
            return value
        }
    }

    private func withoutLineEnd(_ text: String) -> String {
        text.last?.isNewline == true ? String(text.dropLast()) : text
    }
}
