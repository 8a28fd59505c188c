import Core

/// Makes values that a schema describes, with every member that it knows.
struct SchemaSample {
    let contract: APIDocument

    func members(of schema: JSON) -> [JSON.Member] {
        (schema["properties"]?.members ?? []).map { JSON.Member($0.name, value(of: $0.value)) }
    }

    private func value(of reference: JSON) -> JSON {
        let schema = contract.resolved(reference)
        if let example = schema["examples"]?.arrayValue?.first { return example }
        if let constant = schema["const"] { return constant }
        if let choice = schema["enum"]?.arrayValue?.last { return choice }
        switch schema["type"]?.stringValue {
        case "boolean": return true
        case "integer": return schema["maximum"] ?? schema["minimum"] ?? 0
        case "array": return .array([value(of: schema["items"] ?? .null)])
        case "object": return .object(members(of: schema))
        default: return text(schema)
        }
    }

    private func text(_ schema: JSON) -> JSON {
        if schema["format"] == "date" { return "2030-01-31" }
        if schema["pattern"] == contract.schema("Hash")["pattern"] { return JSON(String(repeating: "0a", count: 32)) }
        return JSON(String(repeating: "车", count: Int(schema["maxLength"]?.integerValue ?? 1)))
    }
}
