// SPDX-License-Identifier: Apache-2.0

/// Decides where this product may connect to. The HTTP client asks at every step and obeys; it decides
/// nothing.
///
/// The order of a call is: ``judge(url:)``, own name resolution, ``judge(addresses:of:)`` over the whole
/// answer, pin the judged addresses, and once more ``judge(address:of:)`` for the address the socket really
/// dials and for the address of a pooled connection before it is used again. A redirect is a new URL and
/// starts from the top.
public protocol EgressPolicy: Sendable {
    /// Judges a request's URL before any name is resolved.
    /// - Parameter url: the absolute URL of a request: scheme, host, optional port, path, optional query.
    /// - Returns: where it leads, in the one canonical spelling that goes to libcurl.
    func judge(url: String) throws(EgressDenial) -> EgressTarget

    /// Judges one address that the target's host resolved to, or that a socket is about to dial.
    func judge(address: IPAddress, of target: EgressTarget) throws(EgressDenial)
}

extension EgressPolicy {
    /// Judges a whole resolver answer: one denied address denies the call, and so does no address at all.
    public func judge(addresses: [IPAddress], of target: EgressTarget) throws(EgressDenial) {
        guard !addresses.isEmpty else {
            throw EgressDenial(.resolveEmpty, "\(target.host) does not resolve to any address.")
        }
        guard addresses.count <= EgressLimits.addressesMax else {
            throw EgressDenial(
                .resolveTooMany,
                "\(target.host) resolves to more than \(EgressLimits.addressesMax) addresses.")
        }
        for address in addresses { try judge(address: address, of: target) }
    }
}

/// Bounds of the egress protocol.
public enum EgressLimits {
    /// Most addresses in one resolver answer. Real trackers answer with fewer than ten; each one is judged.
    public static let addressesMax = 32
}
