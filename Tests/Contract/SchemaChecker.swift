import Core

/// Checks values against the part of JSON Schema (2020-12) that the document uses. A keyword that it does not know is a
/// fault, so that none is overlooked.
struct SchemaChecker {
    let contract: APIDocument
    /// Answers are held to the members that the document names, although a client must bear others.
    var refusesUndocumented = false

    private struct Outcome {
        var faults: [String] = []
        /// Members that some schema has named.
        var evaluated: Set<String> = []
        var namesMembers = false

        mutating func merge(_ other: Outcome) {
            faults += other.faults
            evaluated.formUnion(other.evaluated)
            namesMembers = namesMembers || other.namesMembers
        }
    }

    /// What is wrong with `value`, each with a JSON pointer.
    func faults(_ value: JSON, _ schema: JSON, at pointer: String = "") -> [String] {
        let outcome = apply(schema, to: value, at: pointer)
        guard refusesUndocumented, outcome.namesMembers else { return outcome.faults }
        return outcome.faults + unnamed(value, outcome.evaluated, at: pointer)
    }

    private func unnamed(_ value: JSON, _ names: Set<String>, at pointer: String) -> [String] {
        (value.members ?? []).filter { !names.contains($0.name) }.map { "\(pointer)/\($0.name): not in the schema" }
    }

    private func apply(_ schema: JSON, to value: JSON, at pointer: String) -> Outcome {
        var outcome = Outcome()
        for keyword in schema.members ?? [] {
            apply(keyword, of: schema, to: value, at: pointer, &outcome)
        }
        if schema.members == nil { outcome.faults.append("\(pointer): there is no such schema") }
        // It speaks of all that the other keywords have left, wherever it stands among them.
        if schema["unevaluatedProperties"] == false {
            outcome.faults += unnamed(value, outcome.evaluated, at: pointer)
        }
        return outcome
    }

    private func apply(
        _ keyword: JSON.Member,
        of schema: JSON,
        to value: JSON,
        at pointer: String,
        _ outcome: inout Outcome
    ) {
        switch keyword.name {
        case "title", "description", "examples", "discriminator", "contentMediaType", "unevaluatedProperties": return
        case _ where keyword.name.hasPrefix("x-"): return
        case "$ref": outcome.merge(apply(contract.resolved(schema), to: value, at: pointer))
        case "allOf":
            for part in keyword.value.arrayValue ?? [] { outcome.merge(apply(part, to: value, at: pointer)) }
        case "oneOf": outcome.merge(oneOf(schema, value, at: pointer))
        case "properties", "required", "additionalProperties", "maxProperties":
            applyToObject(keyword, of: schema, to: value, at: pointer, &outcome)
        case "items", "minItems", "maxItems", "uniqueItems":
            outcome.faults += arrayFaults(keyword, value, at: pointer)
        case "contentSchema": outcome.faults += contentFaults(keyword.value, value, at: pointer)
        default:
            if let fault = ScalarRules.fault(keyword, value) { outcome.faults.append("\(pointer): \(fault)") }
        }
    }

    // MARK: Alternatives

    private func oneOf(_ schema: JSON, _ value: JSON, at pointer: String) -> Outcome {
        if let discriminator = schema["discriminator"] { return chosen(discriminator, value, at: pointer) }
        let outcomes = (schema["oneOf"]?.arrayValue ?? []).map { apply($0, to: value, at: pointer) }
        let passing = outcomes.filter(\.faults.isEmpty)
        guard passing.count == 1, let outcome = passing.first else {
            let reasons = outcomes.flatMap(\.faults).joined(separator: "; ")
            return Outcome(faults: ["\(pointer): fits \(passing.count) of \(outcomes.count) schemas: \(reasons)"])
        }
        return outcome
    }

    private func chosen(_ discriminator: JSON, _ value: JSON, at pointer: String) -> Outcome {
        let member = discriminator["propertyName"]?.stringValue ?? ""
        guard let choice = value[member]?.stringValue, let name = discriminator["mapping"]?[choice]?.stringValue else {
            return Outcome(faults: ["\(pointer)/\(member): chooses no schema"])
        }
        return apply(contract.schema(name), to: value, at: pointer)
    }

    // MARK: Containers

    private func applyToObject(
        _ keyword: JSON.Member,
        of schema: JSON,
        to value: JSON,
        at pointer: String,
        _ outcome: inout Outcome
    ) {
        guard let members = value.members else { return }
        let known = Set((schema["properties"]?.members ?? []).map(\.name))
        switch keyword.name {
        case "properties":
            outcome.namesMembers = true
            outcome.evaluated.formUnion(known)
            for property in keyword.value.members ?? [] {
                guard let member = value[property.name] else { continue }
                outcome.faults += faults(member, property.value, at: "\(pointer)/\(property.name)")
            }
        case "required":
            for name in keyword.value.strings where value[name] == nil {
                outcome.faults.append("\(pointer)/\(name): required")
            }
        case "maxProperties":
            guard members.count > keyword.value.integerValue ?? 0 else { return }
            outcome.faults.append("\(pointer): too many members")
        default:
            for member in members where !known.contains(member.name) {
                if keyword.value == false { outcome.faults.append("\(pointer)/\(member.name): not allowed") }
                guard keyword.value.members != nil else { continue }
                outcome.faults += faults(member.value, keyword.value, at: "\(pointer)/\(member.name)")
            }
        }
    }

    private func arrayFaults(_ keyword: JSON.Member, _ value: JSON, at pointer: String) -> [String] {
        guard let elements = value.arrayValue else { return [] }
        let limit = Int(keyword.value.integerValue ?? 0)
        switch keyword.name {
        case "uniqueItems":
            let isRepeated = keyword.value == true && Set(elements).count < elements.count
            return isRepeated ? ["\(pointer): an element is there twice"] : []
        case "minItems": return elements.count < limit ? ["\(pointer): fewer than \(limit) elements"] : []
        case "maxItems": return elements.count > limit ? ["\(pointer): more than \(limit) elements"] : []
        default:
            return elements.enumerated().flatMap { index, element in
                faults(element, keyword.value, at: "\(pointer)/\(index)")
            }
        }
    }

    /// A text that holds a JSON document of its own.
    private func contentFaults(_ schema: JSON, _ value: JSON, at pointer: String) -> [String] {
        guard let text = value.stringValue else { return [] }
        guard let content = try? JSONParser.parse(Array(text.utf8)) else { return ["\(pointer): holds no JSON"] }
        return faults(content, schema, at: "\(pointer)/")
    }
}

/// The keywords that look at one value.
private enum ScalarRules {
    static func fault(_ keyword: JSON.Member, _ value: JSON) -> String? {
        switch keyword.name {
        case "type": typeFault(keyword.value, value)
        case "const": value == keyword.value ? nil : "is not \(describe(keyword.value))"
        case "enum": keyword.value.arrayValue?.contains(value) == true ? nil : "is none of \(describe(keyword.value))"
        case "minimum", "maximum": rangeFault(keyword, value)
        case "minLength", "maxLength", "pattern", "format": textFault(keyword, value)
        default: "the checker does not know the keyword \(keyword.name)"
        }
    }

    private static func typeFault(_ types: JSON, _ value: JSON) -> String? {
        let type =
            switch value {
            case .null: "null"
            case .bool: "boolean"
            case .integer: "integer"
            case .string: "string"
            case .array: "array"
            case .object: "object"
            }
        let allowed = types.stringValue.map { [$0] } ?? types.strings
        return allowed.contains(type) ? nil : "is \(type), not \(allowed.joined(separator: " or "))"
    }

    private static func rangeFault(_ keyword: JSON.Member, _ value: JSON) -> String? {
        guard let number = value.integerValue, let limit = keyword.value.integerValue else { return nil }
        let isInside = keyword.name == "minimum" ? number >= limit : number <= limit
        return isInside ? nil : "\(number) is beyond the \(keyword.name) \(limit)"
    }

    private static func textFault(_ keyword: JSON.Member, _ value: JSON) -> String? {
        guard let text = value.stringValue else { return nil }
        let length = Int64(text.unicodeScalars.count)
        switch keyword.name {
        case "minLength": return length < (keyword.value.integerValue ?? 0) ? "is too short" : nil
        case "maxLength": return length > (keyword.value.integerValue ?? 0) ? "is too long" : nil
        case "pattern":
            guard let regex = try? Regex(keyword.value.stringValue ?? "[") else { return "the pattern cannot be read" }
            return text.contains(regex) ? nil : "“\(text)” does not match \(describe(keyword.value))"
        default: return formatFault(keyword.value.stringValue ?? "", text)
        }
    }

    private static func formatFault(_ format: String, _ text: String) -> String? {
        switch format {
        case "date-time": Instant(rfc3339: text) == nil ? "“\(text)” is no time" : nil
        case "date": CalendarDate(text) == nil ? "“\(text)” is no date" : nil
        default: "the checker does not know the format \(format)"
        }
    }

    private static func describe(_ json: JSON) -> String {
        String(decoding: json.bytes, as: UTF8.self)
    }
}
