// SPDX-License-Identifier: Apache-2.0

internal import GRDB
internal import GRDBSQLite
internal import SQLEngine

extension SQLError {
    /// Translates a result code of SQLite, extended or not.
    init(resultCode: Int32, _ message: String, statement: String = "") {
        self.init(
            Self.code(resultCode), "\(message) (SQLite result code \(resultCode))", statement: statement)
    }

    /// Translates whatever GRDB threw.
    init(_ error: any Error) {
        if let error = error as? SQLError {
            self = error
        } else if let error = error as? DatabaseError {
            self.init(
                resultCode: error.extendedResultCode.rawValue, error.message ?? "", statement: error.sql ?? ""
            )
        } else {
            self.init(.other, String(describing: error))
        }
    }

    private static func code(_ extended: Int32) -> Code {
        switch extended {
        case SQLITE_CONSTRAINT | (6 << 8), SQLITE_CONSTRAINT | (8 << 8), SQLITE_CONSTRAINT | (10 << 8):
            .unique
        case SQLITE_CONSTRAINT | (3 << 8): .foreignKey
        default: primaryCode(extended & 0xFF)
        }
    }

    private static func primaryCode(_ code: Int32) -> Code {
        switch code {
        case SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_TOOBIG: .refused
        case SQLITE_FULL: .storageFull
        case SQLITE_BUSY, SQLITE_LOCKED: .busy
        case SQLITE_INTERRUPT: .interrupted
        case SQLITE_CORRUPT, SQLITE_NOTADB: .damaged
        case SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH: .cannotOpen
        case SQLITE_IOERR: .inputOutput
        case SQLITE_ERROR, SQLITE_MISUSE, SQLITE_RANGE: .misuse
        default: .other
        }
    }
}
