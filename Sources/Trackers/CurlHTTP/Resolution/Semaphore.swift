// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A counting semaphore for worker threads; tasks must never wait on it.
///
/// `@unchecked Sendable` because the three pointers are set once in `init`, freed once in `deinit`, and
/// everything behind them is touched only while the mutex is held.
@safe
final class Semaphore: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private let signals: UnsafeMutablePointer<Int>

    init() {
        unsafe mutex = .allocate(capacity: 1)
        unsafe condition = .allocate(capacity: 1)
        unsafe signals = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe condition.initialize(to: pthread_cond_t())
        unsafe signals.initialize(to: 0)
        _ = unsafe pthread_mutex_init(mutex, nil)
        _ = unsafe pthread_cond_init(condition, nil)
    }

    deinit {
        _ = unsafe pthread_cond_destroy(condition)
        _ = unsafe pthread_mutex_destroy(mutex)
        unsafe signals.deallocate()
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    /// Lets one waiter, now or later, pass.
    func signal() {
        _ = unsafe pthread_mutex_lock(mutex)
        unsafe signals.pointee += 1
        _ = unsafe pthread_cond_signal(condition)
        _ = unsafe pthread_mutex_unlock(mutex)
    }

    /// Blocks the calling thread until a signal is left for it.
    func wait() {
        _ = unsafe pthread_mutex_lock(mutex)
        while unsafe signals.pointee == 0 { _ = unsafe pthread_cond_wait(condition, mutex) }
        unsafe signals.pointee -= 1
        _ = unsafe pthread_mutex_unlock(mutex)
    }
}
