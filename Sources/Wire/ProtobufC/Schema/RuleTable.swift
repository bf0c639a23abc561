// SPDX-License-Identifier: Apache-2.0

internal import CProtobufC

/// The rules of all fields of a message type, indexed by field number.
@unsafe
struct RuleTable {
    let rules: UnsafeMutableBufferPointer<FieldRule>
    let descriptor: ProtobufCMessageDescriptor
    /// An upper bound of the arena bytes of one message, its fields' contents aside: the struct, and for each
    /// repeated field the padding of its array.
    let messageBytes: Int

    /// Makes a table that lives as long as the process.
    static func make(
        _ descriptor: ProtobufCMessageDescriptor, texts: [UInt32], children: [UInt32: MessageSchema.Child]
    ) -> UnsafePointer<RuleTable> {
        let table = UnsafeMutablePointer<RuleTable>.allocate(capacity: 1)
        unsafe table.initialize(to: RuleTable(descriptor, texts: texts, children: children))
        return unsafe UnsafePointer(table)
    }

    private init(
        _ descriptor: ProtobufCMessageDescriptor, texts: [UInt32], children: [UInt32: MessageSchema.Child]
    ) {
        let fields = unsafe UnsafeBufferPointer(
            start: descriptor.fields, count: Int(descriptor.n_fields))
        let numberMax = unsafe fields.map { unsafe Int($0.id) }.max() ?? 0
        precondition(numberMax <= SchemaLimits.fieldNumberMax, "a field number is too high")
        precondition(fields.count <= SchemaLimits.fieldsMax, "a message type has too many fields")

        unsafe self.descriptor = unsafe descriptor
        unsafe rules = .allocate(capacity: numberMax + 1)
        unsafe rules.initialize(repeating: FieldRule())
        var singularMessages = 0
        for index in fields.indices {
            let field = unsafe fields[index]
            var rule = unsafe FieldRule(field, isText: texts.contains(field.id))
            if unsafe rule.kind == .message {
                unsafe rule.child = Self.childTable(of: field, children[field.id])
                if unsafe !rule.isRepeated {
                    precondition(
                        singularMessages < SchemaLimits.singularMessagesMax, "too many message fields")
                    unsafe rule.seenBit = 1 << UInt64(singularMessages)
                    singularMessages += 1
                }
            }
            unsafe rules[Int(field.id)] = unsafe rule
        }
        let repeatedFields = unsafe fields.count { unsafe $0.label == PROTOBUF_C_LABEL_REPEATED }
        unsafe messageBytes =
            unsafe Int(descriptor.sizeof_message)
            + (repeatedFields + 1) * ArenaLimits.alignment
    }

    private static func childTable(
        of field: ProtobufCFieldDescriptor, _ child: MessageSchema.Child?
    ) -> UnsafePointer<RuleTable> {
        let descriptor = unsafe field.descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self)
        switch child {
        case .message(let schema):
            precondition(
                unsafe schema.descriptor == descriptor,
                unsafe "\(String(cString: field.name)) is no \(schema.name)")
            return unsafe schema.table
        case .entry(let texts, let value):
            let children: [UInt32: MessageSchema.Child] = value.map { [2: .message($0)] } ?? [:]
            return unsafe make(descriptor.pointee, texts: texts, children: children)
        case nil:
            unsafe preconditionFailure("the schema of \(String(cString: field.name)) is missing")
        }
    }
}
