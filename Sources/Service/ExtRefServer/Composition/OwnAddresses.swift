// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import NIOCore

/// The addresses of this machine's interfaces. A tracker's URL that leads back here is refused as loopback
/// is.
enum OwnAddresses {
    /// Reads them; none when the system does not tell.
    static func read() -> Set<IPAddress> {
        let devices = (try? System.enumerateDevices()) ?? []
        return Set(devices.compactMap { $0.address?.ipAddress.flatMap { IPAddress(withoutZone($0)) } })
    }

    /// A link-local address carries its interface: `fe80::1%eth0`.
    private static func withoutZone(_ address: String) -> String {
        String(address.prefix { $0 != "%" })
    }
}
