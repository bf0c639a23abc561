// SPDX-License-Identifier: Apache-2.0

extension JiraField.Shape {
    /// The value of a field as Jira takes it.
    /// - Returns: nil when the text is no such value.
    func value(of text: String, for deployment: JiraDeployment) -> JiraValue? {
        switch self {
        case .text: .text(text)
        case .longText: deployment.longText(text)
        case .number: Double(text).flatMap { $0.isFinite ? .number($0) : nil }
        case .date: .text(text)
        // A form asks for a day only; its first moment stands for it.
        case .dateTime: .text(text.contains("T") ? text : text + "T00:00:00.000+0000")
        case .person: deployment.person(text)
        case .group: deployment.group(text)
        case .option: ["id": .text(text)]
        case .cascade: Self.cascade(text)
        case .issue: JiraKey(text).map { ["key": .text($0.text)] }
        case .list(let shape): Self.list(text, of: shape, for: deployment)
        }
    }

    private static func cascade(_ text: String) -> JiraValue {
        let ids = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard ids.count == 2 else { return ["id": .text(text)] }
        return ["id": .text(ids[0]), "child": ["id": .text(ids[1])]]
    }

    private static func list(_ text: String, of shape: Self, for deployment: JiraDeployment) -> JiraValue? {
        var values = [JiraValue]()
        for part in text.split(separator: ",").map({ String($0).trimmingBlanks() }) where !part.isEmpty {
            guard let value = shape.value(of: part, for: deployment) else { return nil }
            values.append(value)
        }
        return .list(values)
    }
}

extension JiraDeployment {
    /// Version 3 of the interface takes documents; version 2 wiki text, in which plain text is fine.
    func longText(_ text: String) -> JiraValue {
        switch self {
        case .cloud: .document(text)
        case .dataCenter: .text(text)
        }
    }

    /// Cloud knows people by their account id, Data Center by their log-in name.
    fileprivate func person(_ name: String) -> JiraValue {
        switch self {
        case .cloud: ["id": .text(name)]
        case .dataCenter: ["name": .text(name)]
        }
    }

    fileprivate func group(_ name: String) -> JiraValue {
        switch self {
        case .cloud: .text(name)
        case .dataCenter: ["name": .text(name)]
        }
    }
}
