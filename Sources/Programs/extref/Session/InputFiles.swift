// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials

/// Reads files and standard input, with bounds.
struct InputFiles: Sendable {
    /// The whole text of a file; `-` = standard input.
    func text(at path: String, bytesMax: Int) throws(ValidationError) -> String {
        let data =
            path == "-" ? readStandardInput(bytesMax: bytesMax) : FileManager.default.contents(atPath: path)
        guard let data else { throw ValidationError("Cannot read the file '\(path)'.") }
        guard data.count <= bytesMax else {
            throw ValidationError("'\(path)' is larger than \(bytesMax) bytes.")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw ValidationError("'\(path)' is not UTF-8 text.")
        }
        return text
    }

    private func readStandardInput(bytesMax: Int) -> Data {
        var data = Data()
        while data.count <= bytesMax, let line = readLine(strippingNewline: false) {
            data.append(contentsOf: line.utf8)
        }
        return data
    }
}
