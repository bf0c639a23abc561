// SPDX-License-Identifier: Apache-2.0

extension KeyRing {
    /// The key ring's file inside the data directory.
    public static let fileName = "keyring"

    private static let firstLine = "extref-keyring 1"

    /// Opens the key ring of a data directory; makes one when the directory has never sealed anything.
    ///
    /// The file is text: a first line with the format, then one line a key, `primary <id> <64 hex digits>` or
    /// `retired <id> <64 hex digits>`. Lines that start with `#` are comments.
    /// - Parameters:
    ///   - directory: the data directory; it must exist.
    ///   - canary: what ``SecretSealer/makeCanary()`` gave when the database was new; nil = the database is
    ///     new.
    /// - Throws: ``SecurityError`` with `keyRingMissing`, `keyRingWrong`, `keyFileExposed`, `keyFileDamaged`
    ///   or `keyFileUnreadable`. The server must not start then.
    public static func open(directory: String, canary: [UInt8]?) throws(SecurityError) -> KeyRing {
        let file = PrivateFile(path: directory + "/" + fileName)
        guard file.exists || canary == nil else {
            throw SecurityError(
                .keyRingMissing,
                "\(file.path) is missing, and the database holds secrets sealed with it. Restore its backup."
            )
        }
        let text = try file.readOrCreate(bytesMax: SecurityLimits.keyRingBytesMax) {
            Secret(generated().text)
        }
        let ring = try KeyRing(text: text, path: file.path)
        if let canary { try SecretSealer(keyRing: ring).check(canary: canary) }
        return ring
    }
}

// MARK: Text

extension KeyRing {
    /// The file of a ring with one key.
    fileprivate var text: String {
        primary.hexText.reveal { key in
            """
            \(Self.firstLine)
            # Opens every stored tracker credential. Back it up apart from the database; never share it.
            primary \(primaryID) \(key)

            """
        }
    }

    init(text: String, path: String) throws(SecurityError) {
        var lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }[...]
        guard lines.popFirst() == Self.firstLine[...], lines.count <= SecurityLimits.keyRingKeysMax else {
            throw Self.damaged(path, "does not start with '\(Self.firstLine)' or holds too many keys")
        }
        var primary: (id: KeyID, key: SealingKey)?
        var retired = [KeyID: SealingKey]()
        for line in lines {
            guard let (role, id, key) = Self.parse(line) else {
                throw Self.damaged(path, "has a line that is not '<role> <id> <key>'")
            }
            guard retired[id] == nil, primary?.id != id else {
                throw Self.damaged(path, "names key \(id) twice")
            }
            switch role {
            case "primary" where primary == nil: primary = (id, key)
            case "retired": retired[id] = key
            default: throw Self.damaged(path, "has two primary keys or an unknown role")
            }
        }
        guard let primary else { throw Self.damaged(path, "has no primary key") }
        self.init(primaryID: primary.id, primary: primary.key, retired: retired)
    }

    private static func parse(_ line: Substring) -> (role: Substring, id: KeyID, key: SealingKey)? {
        let words = line.split(separator: " ")
        guard words.count == 3, let id = HexText.bytes(words[1]), id.count == KeyID.byteCount,
            let key = SealingKey(hexText: String(words[2]))
        else { return nil }
        return (words[0], KeyID(bytes: id), key)
    }

    private static func damaged(_ path: String, _ fault: String) -> SecurityError {
        SecurityError(.keyFileDamaged, "\(path) \(fault). Restore it from its backup.")
    }
}
