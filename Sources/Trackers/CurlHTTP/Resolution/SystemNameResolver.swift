// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Asks the system: `/etc/hosts`, DNS and whatever else it is set up for.
public struct SystemNameResolver: NameResolver {
    /// Makes a resolver.
    public init() {}

    public func addresses(of name: String) throws(NameResolutionError) -> [IPAddress] {
        // With a trailing dot no search domain is tried. Entries of /etc/hosts are found without it only.
        switch Self.lookUp(name + ".") {
        case .success(let found) where !found.isEmpty: found
        default: try Self.lookUp(name).get()
        }
    }

    private static func lookUp(_ name: String) -> Result<[IPAddress], NameResolutionError> {
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = AF_UNSPEC
        var list: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(name, nil, &hints, &list)
        defer { if let list = unsafe list { unsafe freeaddrinfo(list) } }
        switch code {
        case 0: return .success(unsafe addresses(in: list))
        case EAI_NONAME: return .success([])
        default: return .failure(NameResolutionError(unsafe String(cString: gai_strerror(code))))
        }
    }

    private static func addresses(in list: UnsafeMutablePointer<addrinfo>?) -> [IPAddress] {
        var found = [IPAddress]()
        var next = unsafe list
        while let entry = unsafe next {
            if let address = unsafe address(in: entry.pointee), !found.contains(address) {
                found.append(address)
            }
            unsafe next = entry.pointee.ai_next
        }
        return found
    }

    private static func address(in entry: addrinfo) -> IPAddress? {
        guard let raw = unsafe UnsafeRawPointer(entry.ai_addr) else { return nil }
        switch unsafe entry.ai_family {
        case AF_INET:
            let socketAddress = unsafe raw.loadUnaligned(as: sockaddr_in.self)
            return .v4(UInt32(bigEndian: socketAddress.sin_addr.s_addr))
        case AF_INET6:
            let socketAddress = unsafe raw.loadUnaligned(as: sockaddr_in6.self)
            return unsafe withUnsafeBytes(of: socketAddress.sin6_addr) { unsafe IPAddress(bytes: Array($0)) }
        default:
            return nil
        }
    }
}
