// SPDX-License-Identifier: Apache-2.0

internal import SQLEngine

#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// Holds a file so that no second engine, in this process or another, writes the same database.
/// The kernel lets go of it when the process ends, however it ends.
struct FileLock: ~Copyable {
    private let descriptor: Int32

    /// Takes the lock at once or fails.
    init(path: String) throws(SQLError) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw SQLError(.cannotOpen, "cannot open the lock file beside the database (error \(errno))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw SQLError(.busy, "another process serves this store already")
        }
        self.descriptor = descriptor
    }

    /// Unlocks before it closes: a child between fork and exec still holds the descriptor, and with it the
    /// lock.
    deinit {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
