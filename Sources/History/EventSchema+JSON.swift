package import Core
import Cryptography
import Web

extension EventRegistry {
    /// Changes with the schemas.
    static let tag = SHA256.hash(JSON.array(schemas.map(\.json)).bytes).hex
}

extension EventSchema {
    /// How a programmer reads what an event may hold.
    var json: JSON {
        [
            "kind": JSON(kind.rawValue),
            "title": title.bothLanguages,
            "reporters": .array(reporters.map(\.rawValue).sorted().map { JSON($0) }),
            "points_at_entry": .bool(kind == .entryCorrected || kind == .entryRetracted),
            "fields": .array(fields.map(\.json)),
        ]
    }
}

extension EventSchema.Field {
    var json: JSON {
        .object([
            .init("name", JSON(name)), .init("required", .bool(isRequired)), .init("label", label.bothLanguages),
            .init("type", type.json),
        ])
    }
}

extension FieldType {
    /// As JSON Schema (2020-12) writes it.
    package var json: JSON {
        switch self {
        case .text(let maximum): ["type": "string", "minLength": 1, "maxLength": JSON(maximum)]
        case .choice(let choices): ["type": "string", "enum": .array(choices.map { JSON($0) })]
        case .integer(let range):
            ["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)]
        case .bool: ["type": "boolean"]
        case .triState: ["type": "string", "enum": .array(TriState.allCases.map { JSON($0.rawValue) })]
        case .odometerKm: ["type": "integer", "minimum": 0, "maximum": .integer(OdometerKm.maximum)]
        case .money: ["type": "object", "required": ["amount", "currency"]]
        case .date: ["type": "string", "format": "date"]
        case .plateRegion: ["type": "string", "minLength": 2, "maxLength": 2]
        case .hash: ["type": "string", "pattern": "^[0-9a-f]{64}$"]
        case .list(let element, let maximum):
            ["type": "array", "minItems": 1, "maxItems": JSON(maximum), "items": element.json]
        case .object: ["type": "object"]
        }
    }
}

extension TextFault {
    var json: JSON { ["code": JSON(code), "detail": detail.bothLanguages] }
}
