import Core

/// What `JSONParser` makes sure of when a payload is read, for data that was put together in memory.
enum PayloadRules {
    /// - Parameter depth: of `value` itself within the payload, if it is an object or array.
    /// - Returns: the first fault, its pointer counted from `value`.
    static func firstFault(in value: JSON, depth: Int) -> Fault? {
        switch value {
        case .null, .bool, .string: nil
        case .integer(let number): rangeFault(number)
        case .array(let elements): depthFault(depth) ?? firstFault(among: elements, depth: depth + 1)
        case .object(let members): depthFault(depth) ?? firstFault(among: members, depth: depth + 1)
        }
    }

    private static func firstFault(among elements: [JSON], depth: Int) -> Fault? {
        for (index, element) in elements.enumerated() {
            if let fault = firstFault(in: element, depth: depth) { return fault.moved(below: "\(index)") }
        }
        return nil
    }

    private static func firstFault(among members: [JSON.Member], depth: Int) -> Fault? {
        var names: Set<String> = []
        for member in members {
            let isNew = names.insert(member.name).inserted
            if let fault = isNew ? firstFault(in: member.value, depth: depth) : duplicateFault {
                return fault.moved(below: escapedPointerToken(member.name))
            }
        }
        return nil
    }

    private static let duplicateFault = Fault(
        "",
        "duplicate_member",
        zh: "成员重复出现",
        en: "The member occurs more than once"
    )

    private static func rangeFault(_ number: Int64) -> Fault? {
        guard !(-JSON.maximumInteger...JSON.maximumInteger).contains(number) else { return nil }
        return Fault(
            "",
            "integer_out_of_range",
            zh: "整数超出 ±9007199254740991 的范围",
            en: "The integer is beyond ±9007199254740991"
        )
    }

    private static func depthFault(_ depth: Int) -> Fault? {
        guard depth > JSONParser.ledgerDepth else { return nil }
        return Fault(
            "",
            "too_deep",
            zh: "嵌套过深：连同外层最多 \(JSONParser.ledgerDepth) 层",
            en: "Nested too deep: at most \(JSONParser.ledgerDepth) levels, the enclosing object included"
        )
    }
}

extension Fault {
    /// The same fault, seen from the object or array that holds what it is about.
    func moved(below token: String) -> Fault {
        Fault(pointer: "/\(token)\(pointer)", code: code, detail: detail)
    }
}
