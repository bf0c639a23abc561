// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Idle arenas, a short list for each thread, so that taking one costs no lock and no malloc.
enum ArenaPool {
    /// Takes an idle arena of this thread, or makes one.
    static func take() -> UnsafeMutablePointer<ArenaState> {
        guard let list = unsafe existingList(), let arena = unsafe list.pointee.head else {
            return unsafe ArenaState.make()
        }
        unsafe list.pointee.head = arena.pointee.nextIdle
        unsafe list.pointee.count -= 1
        return unsafe arena
    }

    /// Empties an arena and keeps it for the thread's next call, or frees it when the thread keeps enough.
    static func giveBack(_ arena: UnsafeMutablePointer<ArenaState>) {
        let list = unsafe existingList() ?? makeList()
        let peak = unsafe max(list.pointee.peakReservedBytes, arena.pointee.reservedBytes)
        unsafe list.pointee.peakReservedBytes = peak
        unsafe arena.pointee.reset()
        guard unsafe list.pointee.count < ArenaLimits.idlePerThreadMax else {
            unsafe UnsafeMutableRawPointer(arena).deallocate()
            return
        }
        unsafe arena.pointee.nextIdle = list.pointee.head
        unsafe list.pointee.head = unsafe arena
        unsafe list.pointee.count += 1
    }

    @unsafe
    private struct IdleList {
        var head: UnsafeMutablePointer<ArenaState>?
        var count = 0
        var peakReservedBytes = 0
    }

    /// The most bytes that one arena of this thread has held at once since this was last set.
    static var peakReservedBytes: Int {
        get { unsafe existingList()?.pointee.peakReservedBytes ?? 0 }
        set { unsafe (existingList() ?? makeList()).pointee.peakReservedBytes = newValue }
    }

    /// The thread's list hangs on this key; the system calls the destructor when the thread ends.
    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        #if canImport(Darwin)
        let status = unsafe pthread_key_create(&key) { unsafe ArenaPool.free(list: $0) }
        #else
        let status = unsafe pthread_key_create(&key) { list in
            if let list = unsafe list { unsafe ArenaPool.free(list: list) }
        }
        #endif
        precondition(status == 0, "the system has no thread-specific key left")
        return key
    }()

    private static func existingList() -> UnsafeMutablePointer<IdleList>? {
        unsafe pthread_getspecific(key)?.assumingMemoryBound(to: IdleList.self)
    }

    private static func makeList() -> UnsafeMutablePointer<IdleList> {
        let list = UnsafeMutablePointer<IdleList>.allocate(capacity: 1)
        unsafe list.initialize(to: IdleList())
        let status = unsafe pthread_setspecific(key, list)
        precondition(status == 0, "the system has no memory for a thread-specific value")
        return unsafe list
    }

    private static func free(list raw: UnsafeMutableRawPointer) {
        let list = unsafe raw.assumingMemoryBound(to: IdleList.self)
        var next = unsafe list.pointee.head
        while let arena = unsafe next {
            unsafe next = arena.pointee.nextIdle
            unsafe UnsafeMutableRawPointer(arena).deallocate()
        }
        unsafe list.deallocate()
    }
}
