// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ExtRefMessages

/// The fields of a relation that a person can write. Only what is given is taken over.
struct RelationFields: ParsableArguments {
    @Option(help: ArgumentHelp("Name, read from the test object's side.", valueName: "text"))
    var name: String?

    @Option(help: ArgumentHelp("Name, read from the issue's side.", valueName: "text"))
    var inverseName: String?

    @Option(help: ArgumentHelp("Whether its links count as defects.", valueName: "type"))
    var type: EnumArgument<SemanticType>?

    @Option(help: ArgumentHelp("OSLC link type it stands for.", valueName: "uri"))
    var oslcURI: String?

    @Option(help: ArgumentHelp("Colour.", valueName: "#rrggbb"))
    var color: String?

    @Option(help: ArgumentHelp("Position in lists.", valueName: "number"))
    var order: Int32?

    @Option(
        help: ArgumentHelp(
            "Kind of object it may start from; repeatable. None = every kind.", valueName: "kind"))
    var objectKind: [String] = []

    @Option(help: ArgumentHelp("Project that may use it, or '*' for all; repeatable.", valueName: "project"))
    var availableTo: [String] = []

    /// Puts what was given into a relation and names the fields it touched, as an update mask does.
    func apply(to relation: inout Relation) -> [String] {
        var mask: [String] = []
        func take<Value>(_ value: Value?, _ path: String, _ field: WritableKeyPath<Relation, Value>) {
            guard let value else { return }
            relation[keyPath: field] = value
            mask.append(path)
        }
        take(name, "name", \.name)
        take(inverseName, "inverse_name", \.inverseName)
        take(type?.value, "semantic_type", \.semanticType)
        take(oslcURI, "oslc_uri", \.oslcUri)
        take(color, "color", \.color)
        take(order, "sort_order", \.sortOrder)
        take(objectKind.isEmpty ? nil : objectKind, "allowed_object_kinds", \.allowedObjectKinds)
        take(Availability(arguments: availableTo).map(Optional.some), "availability", \.availability)
        return mask
    }
}
