// SPDX-License-Identifier: Apache-2.0

extension Lenient {
    /// The readable entries of a list that may be missing; one that cannot be read must not hide the others.
    func entries<Element: Decodable & Sendable>() -> [Element] where Value == [Lenient<Element>] {
        (value ?? []).compactMap(\.value)
    }
}
