// SPDX-License-Identifier: Apache-2.0

/// Every way Swift turns a value into text: description, debug description, interpolation, dump, mirror.
func printedForms(of value: Any) -> [String] {
    var dumped = ""
    dump(value, to: &dumped)
    let mirrored = Mirror(reflecting: value).children.map { "\($0.label ?? ""): \($0.value)" }
    return [String(describing: value), String(reflecting: value), "\(value)", dumped] + mirrored
}
